/**
 * The part of the text report about what is missing: each name once, with who needs it, why it is not
 * found, what helps, and where the loader looks.
 */
import { type Closure, isOptional, type Library } from '../../closure/closure.js';
import { isLostInterpreter } from '../../needs/lost-interpreter.js';
import { groupMisses, type MissGroup, type SharedReason } from '../../needs/miss-reason.js';
import { directoryOf } from '../../root/path-text.js';
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
  const rows = closure.libraries.filter(
    (library) => library.status === 'missing' && !isLostInterpreter(closure, library),
  );
  const start = isStartMissing(closure) ? input.startReasonOf?.(closure) : undefined;
  // One cause is told once: what a program for another C library lacks, the same remedy brings.
  const told = start?.explainsLibraries ? { ...input, reasonOf: undefined } : input;
  const groups = missGroups(closure, rows, told);
  const shown = groups.slice(0, shownNames(groups.length, start, page));
  const others = groups.slice(shown.length).flatMap((group) => group.rows);
  const { style, columns } = page;
  const { fatal } = closure;
  return [
    ...interpreterLines(closure, start, page),
    ...shown.flatMap((group) => groupLines(closure, group, told, page)),
    ...otherLines([...new Set(others.map(({ library }) => library.name))], page),
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

/** A row of a missing name, and why it is missing. */
interface MissRow {
  readonly library: Library;
  readonly reason: SharedReason;
}

const NO_REASON = { cause: '', remedy: '' };

/** The rows in groups that are told together: of one name, or of one cause, needer and search. */
function missGroups(
  closure: Closure,
  libraries: readonly Library[],
  { reasonOf }: ReportInput,
): MissGroup<MissRow>[] {
  const rows = libraries.map((library) => ({
    library,
    reason: reasonOf?.(closure, library) ?? NO_REASON,
  }));
  const isRepeated = ({ name }: Library) =>
    libraries.filter((library) => library.name === name).length > 1;
  return groupMisses(rows, ({ library }) =>
    reasonOf === undefined || isRepeated(library) ? library.name : placesOf(library),
  );
}

/** The needers of a name and where it is looked for, as a text to compare. */
function placesOf(library: Library): string {
  const { neededBy, tried } = library;
  const places = tried.map(({ rule, from, path, outcome }) => [
    rule,
    from,
    directoryOf(path),
    outcome,
  ]);
  return JSON.stringify([isOptional(library), neededBy, places]);
}

function groupLines(
  closure: Closure,
  { rows, cause, remedy }: MissGroup<MissRow>,
  input: ReportInput,
  page: Page,
): string[] {
  const { style } = page;
  const libraries = rows.map(({ library }) => library);
  const names = [...new Set(libraries.map(({ name }) => name))];
  const isNeeded = libraries.some((library) => !isOptional(library));
  const words = commaList(names.map(style.plain));
  const head = isNeeded
    ? labelled(style.red('missing'), words, page)
    : labelled(
        style.yellow('missing'),
        [...words.slice(0, -1), `${words.at(-1)},`, 'which', 'it', 'runs', 'without'],
        page,
      );
  const searches = names.length > 1 ? libraries.slice(0, 1).map(inDirectories) : libraries;
  return [
    ...head,
    ...(cause === '' ? [] : reasonLines({ cause, remedy }, page)),
    ...searches.flatMap((library) => [
      ...neederLines(neederNames(closure, library, input), page),
      ...triedLines(library.tried, style),
    ]),
  ];
}

/** The search of a name by its directories, which is that of other names too. */
function inDirectories(library: Library): Library {
  const tried = library.tried.map((attempt) => ({
    ...attempt,
    path: `${directoryOf(attempt.path)}/`,
  }));
  return { ...library, tried };
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

function reasonLines({ cause, remedy }: SharedReason, { style, columns }: Page): string[] {
  return [`cause: ${cause}`, `remedy: ${remedy}`].flatMap((sentence) =>
    wrapText(style.plain(sentence), { columns, first: '    ', rest: '      ' }),
  );
}
