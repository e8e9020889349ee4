/**
 * `elfdeps why --format text`: which chains of needs lead to a library, how it was found, and what an
 * image would save without it.
 */

import type { Closure } from '../../closure/closure.js';
import { findNeeded, nearestNames, similarNames } from '../../closure/find-needed.js';
import { needChains } from '../../closure/need-chains.js';
import {
  type Cost,
  isAbsent,
  type Need,
  type NeedGraph,
  type NeedNode,
  needGraph,
} from '../../closure/need-graph.js';
import { type ElfdepsError, listed, printable } from '../../errors.js';
import { directoryOf } from '../../root/path-text.js';
import { styledAbsentWord } from '../absent-word.js';
import { count, formatBytes, type Style, styleFor } from '../style.js';
import { RULE_WORDS } from '../trace/library-place.js';
import { isNamed, type ReasonOf } from '../trace/report.js';
import { triedLines } from '../tried-lines.js';
import { commaList, USUAL_COLUMNS, wrapText, wrapWords } from '../wrapped-text.js';

/** The input of a report of `why`. */
export interface WhyInput {
  readonly root: string;
  readonly closures: readonly Closure[];
  readonly errors: readonly ElfdepsError[];
  readonly names: ReadonlyMap<string, string>;
  /** The library, as the user named it. */
  readonly wanted: string;
  /** Why a needed name is not found, and what helps: the answer that `check` gives. Not told without it. */
  readonly reasonOf?: ReasonOf;
  /** Show all chains (at most ALL_CHAINS) and all attempts. */
  readonly verbose: boolean;
  readonly color: boolean;
  /** Columns of the terminal that the report goes to; undefined where it goes into a file or a pipe. */
  readonly columns?: number;
}

/** A format of `elfdeps why`. */
export interface WhyReport {
  readonly name: string;
  readonly summary: string;
  format(input: WhyInput): string;
}

/** How many chains are shown, and how many with --verbose. */
export const SHOWN_CHAINS = 8;
export const ALL_CHAINS = 10_000;
/** How many direct needers are named. */
const SHOWN_NEEDERS = 8;
/** How many needed names are listed if none of them is the wanted one. */
const SHOWN_NAMES = 10;

export const whyText: WhyReport = {
  name: 'text',
  summary: 'chains, costs and attempts for people (default)',
  format(input) {
    const style = styleFor(input.color);
    const { closures, wanted } = input;
    const answers = closures.map((closure): Answer => {
      const graph = needGraph(closure);
      return { closure, graph, nodes: findNeeded(graph, wanted) };
    });
    const partOf = (answer: Answer) => answerLines(answer, input, style).join('\n');
    if (closures.length < 2) return answers.map((answer) => `${partOf(answer)}\n`).join('');
    // Of many programs, those count that need it.
    const needing = answers.filter(({ nodes }) => nodes.length > 0);
    const last = othersLine(answers, input);
    return `${[...needing.map(partOf), ...(last === '' ? [] : [last])].join('\n\n')}\n`;
  },
};

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

function reasonLines(closure: Closure, node: NeedNode, input: WhyInput, style: Style): string[] {
  return missReasons(closure, node, input).flatMap(({ cause, remedy }) => [
    ...paragraph(`cause: ${cause}`, input, style),
    ...paragraph(`remedy: ${remedy}`, input, style),
  ]);
}

function paragraph(text: string, { columns = USUAL_COLUMNS }: WhyInput, style: Style): string[] {
  return wrapText(style.plain(text), { columns, first: '  ', rest: '    ' });
}

/** Why a missing library is not found, each reason once; none for what is found. */
export function missReasons(
  closure: Closure,
  { role, rows }: NeedNode,
  { reasonOf }: Pick<WhyInput, 'reasonOf'>,
): readonly { readonly cause: string; readonly remedy: string }[] {
  if (role !== 'missing' || reasonOf === undefined) return [];
  const reasons = rows.map((row) => reasonOf(closure, row));
  const byText = new Map(
    reasons.map(({ cause, remedy }) => [`${cause}\0${remedy}`, { cause, remedy }]),
  );
  return [...byText.values()];
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

/** Who needs it, where that is more than one. */
function neederLines(
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
function costLines(graph: NeedGraph, node: NeedNode, program: string, style: Style): string[] {
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

/** How it was found, with the candidates where it was not, and with --verbose. */
function searchLines({ role, rows, name }: NeedNode, input: WhyInput, style: Style): string[] {
  if (rows.length === 0)
    return isAbsent(role) ? ['  the file itself names its path'] : ['  found by its path'];
  return rows.flatMap((row) => {
    const isShown = input.verbose || row.object === undefined;
    const others = row.tried.length - 1;
    const after =
      isShown || others < 1
        ? ''
        : ` ${style.dim(`after ${count(others, 'other path')} (--verbose lists ${others === 1 ? 'it' : 'them'})`)}`;
    const how = row.object === undefined ? unfoundWord(row) : foundBy(row);
    const start = row.name === name && rows.length === 1 ? '' : `${row.name}: `;
    return [
      `  ${style.plain(start + how)}${after}`,
      ...(isShown ? triedLines(row.tried, style) : []),
    ];
  });
}

function unfoundWord({ status }: NeedNode['rows'][number]): string {
  return status === 'excluded' ? 'excluded, so something else has to provide it' : 'looked for';
}

/** `found from the cache, in /usr/lib`. */
function foundBy({ rule, object, tried }: NeedNode['rows'][number]): string {
  const from = tried.at(-1)?.from;
  const path = object?.path ?? '';
  const place = path.includes('/') ? `, in ${directoryOf(path)}` : '';
  const how =
    rule === undefined
      ? ''
      : ` ${from === undefined ? RULE_WORDS[rule] : `by the ${rule} of ${from}`}`;
  return `found:${how}${place}`;
}
