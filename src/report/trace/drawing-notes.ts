/**
 * What the formats that draw a graph tell about it: what they leave out, and whether the program that
 * draws it can.
 */
import { count } from '../style.js';
import { type DrawnGraph, drawnGraph } from './merged-graph.js';
import type { Report, ReportInput } from './report.js';

/** How large a drawing may be. */
export interface DrawingLimits {
  /** What the tool does, before a number: `mermaid refuses more than`. */
  readonly tool: string;
  readonly edges: number;
  /** Of the text; undefined where that does not matter. */
  readonly characters?: number;
}

/** What a drawing leaves out, for a comment in it; nothing if it shows all. */
export function omissions({ impliedNeeds, furtherNodes }: DrawnGraph): string[] {
  return [
    ...(impliedNeeds > 0
      ? [`left out: ${count(impliedNeeds, 'need')} that others imply (--all-edges draws all)`]
      : []),
    ...(furtherNodes > 0 ? [`left out: ${count(furtherNodes, 'file')} further away`] : []),
  ];
}

/** A note where a drawing is larger than `limits`, with the options that make it smaller. */
export function sizeNotes(
  input: ReportInput,
  { format }: Pick<Report, 'format'>,
  { tool, edges, characters = Number.POSITIVE_INFINITY }: DrawingLimits,
): string[] {
  const graph = drawnGraph(input);
  const { length } = format(input);
  const isTooLarge = (drawn: DrawnGraph, text: number) =>
    drawn.edges.length > edges || text > characters;
  if (input.quiet || !isTooLarge(graph, length)) return [];
  const fact =
    graph.edges.length > edges
      ? `${tool} ${edges} edges, and this graph has ${graph.edges.length}`
      : `${tool} ${characters} characters, and this graph has ${length}`;
  const fitting = deepest(
    input,
    (smaller) => !isTooLarge(drawnGraph(smaller), format(smaller).length),
  );
  const advice =
    fitting === undefined
      ? 'name fewer programs'
      : fitting.hasAllEdges !== input.hasAllEdges
        ? 'leave out --all-edges'
        : `--depth ${fitting.depth} draws less`;
  return [`note: ${fact}; ${advice}`];
}

/** The input that shows most of those that fit; undefined where even one step is too much. */
function deepest(
  input: ReportInput,
  fits: (input: ReportInput) => boolean,
): ReportInput | undefined {
  const reduced = { ...input, hasAllEdges: false };
  if (fits(reduced)) return reduced;
  let best: ReportInput | undefined;
  for (let depth = 1; depth < (input.depth ?? Number.POSITIVE_INFINITY); depth++) {
    const smaller = { ...input, depth };
    if (!fits(smaller)) break;
    best = smaller;
  }
  return best;
}
