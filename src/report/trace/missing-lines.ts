/**
 * The part of the text report about what is missing: each name once, with who needs it, why it is not
 * found, what helps, and where the loader looks.
 */
import { type Closure, isOptional, type Library } from '../../closure/closure.js';
import { triedLines } from '../tried-lines.js';
import { commaList, wrapText } from '../wrapped-text.js';
import { labelled, labelText, type Page } from './page.js';
import { nameOf, type ReportInput, type StartReason } from './report.js';

/** How many files that need a name are listed on a terminal. */
const MOST_NEEDERS = 3;
/** More missing names than these are a list on a terminal, after the first of them. */
const MOST_NAMES = 6;
const FIRST_NAMES = 3;

/** The lines about every missing name, and about a file that makes the loader give up. */
export function missingLines(closure: Closure, input: ReportInput, page: Page): string[] {
  const rows = closure.libraries.filter(({ status }) => status === 'missing');
  const names = [...new Set(rows.map(({ name }) => name))];
  const start = isStartMissing(closure) ? input.startReasonOf?.(closure) : undefined;
  // One cause is told once: what a program for another C library lacks, the same remedy brings.
  const told = start?.explainsLibraries ? { ...input, reasonOf: undefined } : input;
  const shown = names.slice(0, shownNames(names.length, start, page));
  const { style, columns } = page;
  const { fatal } = closure;
  return [
    ...interpreterLines(closure, start, page),
    ...shown.flatMap((name) =>
      nameLines(
        closure,
        rows.filter((row) => row.name === name),
        told,
        page,
      ),
    ),
    ...otherLines(names.slice(shown.length), page),
    ...(fatal === undefined
      ? []
      : wrapText(style.red(`the loader gives up: ${fatal}`), {
          columns,
          first: '  ',
          rest: '    ',
        })),
  ];
}

/** How many names are told in full. */
function shownNames(total: number, start: StartReason | undefined, { isCut }: Page): number {
  if (!isCut || total === 1) return total;
  // Where one cause explains all of them, there is nothing to tell about one.
  if (start?.explainsLibraries) return 0;
  return total > MOST_NAMES ? FIRST_NAMES : total;
}

function isStartMissing({ interpreter }: Closure): boolean {
  return interpreter !== null && interpreter.realPath === undefined;
}

/** The interpreter that is missing, and why. */
function interpreterLines(
  closure: Closure,
  reason: StartReason | undefined,
  { style, columns }: Page,
): string[] {
  if (!isStartMissing(closure)) return [];
  const path = style.plain(closure.interpreter?.path ?? '');
  const sentences = [
    'without it the kernel says: no such file or directory',
    ...(reason === undefined ? [] : [`cause: ${reason.cause}`, `remedy: ${reason.remedy}`]),
  ];
  return [
    `${labelText(style.red('missing'))}${path}, the interpreter`,
    ...sentences.flatMap((sentence) =>
      wrapText(style.plain(sentence), { columns, first: '    ', rest: '      ' }),
    ),
  ];
}

/** All rows of one name. */
function nameLines(
  closure: Closure,
  rows: readonly Library[],
  input: ReportInput,
  page: Page,
): string[] {
  const { style } = page;
  const name = style.plain(rows[0]?.name ?? '');
  const isNeeded = rows.some((row) => !isOptional(row));
  const head = isNeeded
    ? `${labelText(style.red('missing'))}${name}`
    : `${labelText(style.yellow('missing'))}${name}, which it runs without`;
  return [
    head,
    ...reasonLines(closure, rows, input, page),
    ...rows.flatMap((row) => [
      ...neederLines(neederNames(closure, row, input), page),
      ...triedLines(row.tried, style),
    ]),
  ];
}

/** Names without what there is to say about them. */
function otherLines(names: readonly string[], page: Page): string[] {
  if (names.length === 0) return [];
  const words = [
    ...commaList(names.map(page.style.plain)),
    page.style.dim('(--all shows the details)'),
  ];
  return labelled(page.style.red('missing'), words, page);
}

/** The program is called as the user calls it. */
function neederNames(closure: Closure, { neededBy }: Library, input: ReportInput): string[] {
  return neededBy.map((by) => (by === closure.program.path ? nameOf(input, closure) : by));
}

function neederLines(neededBy: readonly string[], { style, isCut }: Page): string[] {
  const shown = isCut ? neededBy.slice(0, MOST_NEEDERS) : neededBy;
  const others = neededBy.length - shown.length;
  return [
    ...shown.map((by) => `    needed by ${style.plain(by)}`),
    ...(others === 0 ? [] : [`    ${style.dim(`and by ${others} more (--all)`)}`]),
  ];
}

/** Each cause once, with its remedy; nothing where the causes are not looked for. */
function reasonLines(
  closure: Closure,
  rows: readonly Library[],
  { reasonOf }: ReportInput,
  { style, columns }: Page,
): string[] {
  if (reasonOf === undefined) return [];
  const sentences = rows.flatMap((row) => {
    const { cause, remedy } = reasonOf(closure, row);
    return [`cause: ${cause}`, `remedy: ${remedy}`];
  });
  return [...new Set(sentences)].flatMap((sentence) =>
    wrapText(style.plain(sentence), { columns, first: '    ', rest: '      ' }),
  );
}
