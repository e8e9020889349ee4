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
  const fitting =
    graph.edges.length > MOST_EDGES
      ? undefined
      : deepest(input, (smaller) => !isTooLarge(drawnGraph(smaller), format(smaller).length));
  const advice =
    fitting === undefined
      ? 'name fewer programs'
      : fitting.hasAllEdges !== input.hasAllEdges
        ? 'leave out --all-edges'
        : `--depth ${fitting.depth} draws less`;
  return [`note: ${fact}; ${advice}`];
}

/** Of larger graphs, each smaller drawing would take seconds to try. */
const MOST_EDGES = 50_000;

/**
 * The input that shows most of those that fit; undefined where even one step is too much. More steps draw
 * more, so it is found by halves: a chain of thousands would take as many drawings otherwise.
 */
function deepest(
  input: ReportInput,
  fits: (input: ReportInput) => boolean,
): ReportInput | undefined {
  const reduced = { ...input, hasAllEdges: false };
  if (fits(reduced)) return reduced;
  const isFitting = (depth: number) => fits({ ...input, depth });
  const most = input.depth ?? Number.POSITIVE_INFINITY;
  let [fitting, above] = [0, 1];
  while (above < most && isFitting(above)) [fitting, above] = [above, 2 * above];
  above = Math.min(above, most);
  while (above - fitting > 1) {
    const middle = (fitting + above) >> 1;
    if (isFitting(middle)) fitting = middle;
    else above = middle;
  }
  return fitting > 0 ? { ...input, depth: fitting } : undefined;
}
