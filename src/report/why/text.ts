/**
 * `elfdeps why --format text`: which chains of needs lead to a library, how it was found, and what an
 * image would save without it.
 */

import type { Closure } from '../../closure/closure.js';
import { findNeeded, nearestNames, similarNames } from '../../closure/find-needed.js';
import { needChains } from '../../closure/need-chains.js';
import {
  isAbsent,
  type Need,
  type NeedGraph,
  type NeedNode,
  needGraph,
} from '../../closure/need-graph.js';
import { printable } from '../../errors.js';
import { styledAbsentWord } from '../absent-word.js';
import { count, formatBytes, type Style, styleFor } from '../style.js';
import { isNamed } from '../trace/report.js';
import { USUAL_COLUMNS, wrapText, wrapWords } from '../wrapped-text.js';
import { costLines, neederLines } from './needer-lines.js';
import { searchLines } from './search-lines.js';
import {
  ALL_CHAINS,
  missReasons,
  SHOWN_CHAINS,
  type WhyInput,
  type WhyReport,
} from './why-report.js';

/** How many needed names are listed if none of them is the wanted one. */
const SHOWN_NAMES = 10;

export const whyText: WhyReport = {
  name: 'text',
  summary: 'chains, costs and attempts for people (default)',
  format(input) {
    const lines = needLines(input, styleFor(input.color));
    return lines.length === 0 ? formatChains(input) : `${formatChains(input)}${lines.join('\n')}\n`;
  },
};

/** What loads it, and how. */
function formatChains(input: WhyInput): string {
  const style = styleFor(input.color);
  const { closures, wanted } = input;
  const answers = closures.map((closure): Answer => {
    const graph = needGraph(closure);
    return { closure, graph, nodes: findNeeded(graph, wanted) };
  });
  if (input.needs && answers.every(({ nodes }) => nodes.length === 0)) return '';
  const partOf = (answer: Answer) => answerLines(answer, input, style).join('\n');
  if (closures.length < 2) return answers.map((answer) => `${partOf(answer)}\n`).join('');
  // Of many programs, those count that need it.
  const needing = answers.filter(({ nodes }) => nodes.length > 0);
  const last = othersLine(answers, input);
  return `${[...needing.map(partOf), ...(last === '' ? [] : [last])].join('\n\n')}\n`;
}

/** A program, and what it needs of the name that is asked about. */
interface Answer {
  readonly closure: Closure;
  readonly graph: NeedGraph;
  readonly nodes: readonly NeedNode[];
}

/** How many others need it; empty for a script alone, where that is told with what it starts. */
function othersLine(answers: readonly Answer[], input: WhyInput): string {
  // A script needs no library by itself.
  const asked = answers.filter(({ closure: { program } }) => program.kind !== 'script');
  const others = asked.filter(({ nodes }) => nodes.length === 0).length;
  const named = answers.filter(({ closure }) => isNamed(input, closure));
  if (answers.every(({ nodes }) => nodes.length === 0)) {
    const who = named.length === 1 ? 'nothing that it starts' : `none of ${named.length} programs`;
    return `${who} needs ${printable(input.wanted)}`;
  }
  if (others > 0)
    return `${count(others, 'other program')} ${others === 1 ? 'does' : 'do'} not need it`;
  if (named.length === 1) return '';
  return asked.length === 2 ? 'both programs need it' : `all ${asked.length} programs need it`;
}

function answerLines({ closure, graph, nodes }: Answer, input: WhyInput, style: Style): string[] {
  const name = input.names.get(closure.program.path) ?? closure.program.path;
  if (nodes.length === 0) return absentLines(graph, name, input, style);
  return nodes.flatMap((node, index) => [
    ...(index === 0 ? [] : ['']),
    ...nodeLines(graph, node, name, input, style),
    ...reasonLines(closure, node, input, style),
  ]);
}

/** For what needs at run time an image gets it. */
function needLines(input: WhyInput, style: Style): string[] {
  const { needs = [], wanted, verbose } = input;
  const all = [...new Set(needs.map(({ kind, because }) => `${kind}: ${because}`))];
  const shown = verbose ? all : all.slice(0, SHOWN_NAMES);
  const head = `an image gets ${wanted} for what is needed at run time`;
  return all.length === 0
    ? []
    : [
        style.plain(head),
        ...shown.flatMap((line) => paragraph(line, input, style)),
        ...(shown.length < all.length
          ? [`  ${style.dim(`and ${all.length - shown.length} more (--verbose)`)}`]
          : []),
      ];
}

function reasonLines(closure: Closure, node: NeedNode, input: WhyInput, style: Style): string[] {
  return missReasons(closure, node, input).flatMap(({ cause, remedy }) => [
    ...paragraph(`cause: ${cause}`, input, style),
    ...paragraph(`remedy: ${remedy}`, input, style),
  ]);
}

function paragraph(text: string, { columns = USUAL_COLUMNS }: WhyInput, style: Style): string[] {
  return wrapText(style.plain(text), { columns, first: '  ', rest: '    ' });
}

function absentLines(
  graph: NeedGraph,
  program: string,
  { wanted, verbose }: WhyInput,
  style: Style,
): string[] {
  const similar = similarNames(graph, wanted);
  const all = nearestNames(graph, wanted);
  const shown = verbose ? all : all.slice(0, SHOWN_NAMES);
  return [
    `${style.bold(program)} needs nothing called ${style.plain(wanted)}`,
    ...(similar.length === 0 ? [] : [`  did you mean ${style.plain(similar.join(', '))}?`]),
    ...(all.length === 0 ? ['  it needs nothing at all'] : ['  it needs']),
    ...shown.map((name) => `    ${style.plain(name)}`),
    ...(shown.length === all.length
      ? []
      : [`    ${style.dim(`and ${all.length - shown.length} more (--verbose)`)}`]),
  ];
}

function nodeLines(
  graph: NeedGraph,
  node: NeedNode,
  program: string,
  input: WhyInput,
  style: Style,
): string[] {
  const limit = input.verbose ? ALL_CHAINS : SHOWN_CHAINS;
  const { chains, total, moreThan } = needChains(graph, node, limit);
  const number = total === undefined ? `more than ${moreThan} chains` : count(total, 'chain');
  const more = total === undefined ? 'more' : `${total - chains.length} more`;
  return [
    ...headLines(node, input, style),
    `  ${style.plain(number)} of needs`,
    ...chains.flatMap((chain) => chainLines(chain, program, input, style)),
    ...(chains.length === total
      ? []
      : [`    ${style.dim(`and ${more}${input.verbose ? '' : ' (--verbose)'}`)}`]),
    ...neederLines(graph, node, program, input, style),
    ...searchLines(node, input, style),
    ...costLines(graph, node, program, style),
  ];
}

/** The name, the path and the size, broken between them where a terminal is too narrow. */
function headLines(
  { name, role, path, size }: NeedNode,
  { columns = Number.POSITIVE_INFINITY }: WhyInput,
  style: Style,
): string[] {
  const place = isAbsent(role)
    ? [styledAbsentWord(role, style)]
    : [style.plain(path ?? ''), style.dim(formatBytes(size))];
  // A blank at its beginning makes two between words of one line.
  const words = [style.bold(name), ...place.map((word) => ` ${word}`)];
  return wrapWords(words, { columns, first: '', rest: '   ' });
}

/** A chain, broken between its steps where a terminal is too narrow. */
function chainLines(
  chain: readonly Need[],
  program: string,
  { columns = Number.POSITIVE_INFINITY }: WhyInput,
  style: Style,
): string[] {
  const steps = chain.map((need) => `${style.dim('>')} ${style.plain(stepText(need))}`);
  const words = [style.plain(program), ...steps];
  return wrapWords(words, { columns, first: '    ', rest: '      ' });
}

function stepText({ kind, needed }: Need): string {
  return kind === 'needed' ? needed : `${needed} (${kind})`;
}
