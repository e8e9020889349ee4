/**
 * Which objects need a library directly, and what an image would save without it, in lines for people.
 */
import {
  type Cost,
  isAbsent,
  type Need,
  type NeedGraph,
  type NeedNode,
} from '../../closure/need-graph.js';
import { listed } from '../../errors.js';
import { count, formatBytes, type Style } from '../style.js';
import { commaList, wrapWords } from '../wrapped-text.js';
import type { WhyInput } from './why-report.js';

/** How many direct needers are named. */
const SHOWN_NEEDERS = 8;

/** Who needs it, where that is more than one. */
export function neederLines(
  graph: NeedGraph,
  node: NeedNode,
  program: string,
  input: WhyInput,
  style: Style,
): string[] {
  const needers = directNeeders(graph, node).map((from) => nodeName(from, program));
  if (needers.length < 2) return [];
  const shown = input.verbose ? needers : needers.slice(0, SHOWN_NEEDERS);
  const more = needers.length - shown.length;
  const words = [
    ...commaList(shown.map(style.plain)),
    ...(more === 0 ? [] : [style.dim(`and ${more} more (--verbose)`)]),
  ];
  return wrapWords(['needed', 'directly', 'by', `${needers.length}:`, ...words], {
    columns: input.columns ?? Number.POSITIVE_INFINITY,
    first: '  ',
    rest: '    ',
  });
}

function directNeeders({ needersOf }: NeedGraph, { id }: NeedNode): readonly NeedNode[] {
  return [...new Set((needersOf[id] ?? []).map(({ from }) => from))];
}

function nodeName({ role, name }: NeedNode, program: string): string {
  return role === 'program' ? program : name;
}

/** What an image saves without it, and what keeps it. */
export function costLines(
  graph: NeedGraph,
  node: NeedNode,
  program: string,
  style: Style,
): string[] {
  if (isAbsent(node.role)) return [];
  const direct = graph.needersOf[node.id] ?? [];
  const needers = directNeeders(graph, node);
  const head = `  ${costText(graph.cost(node))}`;
  const [only] = needers;
  if (only !== undefined && needers.length === 1 && direct.length > 1)
    return [
      head,
      `    ${style.plain(`${nodeName(only, program)} needs this one file ${listed(direct.map(wayText), 'and')}:`)}`,
      `    ${style.dim('dropping one of these needs saves nothing: the other keeps it')}`,
    ];
  if (needers.length < 2) return [head];
  // What it brings along may need it too, and goes with it.
  const deciding = direct.find((need) => graph.costOfNeed(need).files > 0);
  return [
    head,
    `    ${style.dim(
      deciding === undefined
        ? `it can go only if none of these ${needers.length} needs it`
        : `it can go if ${nodeName(deciding.from, program)} does not need it: the others go with it`,
    )}`,
  ];
}

function wayText({ kind, needed }: Need): string {
  if (kind === 'interpreter') return 'as its interpreter';
  return kind === 'needed' ? `as ${needed}` : `as ${needed} (${kind})`;
}

function costText({ files, bytes }: Cost): string {
  return files === 0
    ? 'its removal saves nothing: others need it too'
    : `its removal saves ${formatBytes(bytes)}, ${count(files, 'file')}`;
}
