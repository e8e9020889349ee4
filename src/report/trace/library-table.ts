/**
 * The table of the text report: every library with its size. The rule that found most of them, and
 * their directory, stand once in the title; a row only says what is different.
 */
import type { Library } from '../../closure/closure.js';
import { compareBytes } from '../../root/byte-order.js';
import { cutList } from '../cut-list.js';
import { displayWidth, padTo } from '../display-width.js';
import { formatBytes } from '../style.js';
import { triedLines } from '../tried-lines.js';
import { wrapText } from '../wrapped-text.js';
import { commonPlace, isAtPlace, type Place, placeTitle, ruleWords } from './library-place.js';
import type { Page } from './page.js';
import type { ReportInput } from './report.js';

/** One very long name must not push all the others to the right. */
const WIDEST_NAME = 24;

/** What a row shows; no `facts` where the title says it all. */
interface Row {
  readonly library: Library;
  readonly size: string;
  readonly name: string;
  readonly facts: string;
  readonly path: string;
}

/** The title and the rows; nothing without rows. `interpreter` is the path that is told already. */
export function libraryTable(
  libraries: readonly Library[],
  interpreter: string | undefined,
  input: ReportInput,
  page: Page,
): string[] {
  const all = sorted(
    libraries.filter(({ status }) => status !== 'missing'),
    input.sort,
  );
  if (all.length === 0) return [];
  const common = commonPlace(all);
  const { shown, more } = cutList(all, page.isCut);
  const rows = shown.map((library) => rowOf(library, common, interpreter));
  return [
    ...wrapText(placeTitle(all, common, page.style), {
      columns: page.columns,
      first: '  ',
      rest: '    ',
    }),
    ...rowLines(rows, input.verbose, page),
    ...(more === 0 ? [] : [`    ${page.style.dim(`and ${more} more (--all)`)}`]),
  ];
}

/** In load order unless another one is asked for. */
export function sorted(
  libraries: readonly Library[],
  sort: ReportInput['sort'],
): readonly Library[] {
  if (sort === 'size')
    return [...libraries].sort((a, b) => (b.object?.entry.size ?? 0) - (a.object?.entry.size ?? 0));
  if (sort === 'name') return [...libraries].sort((a, b) => compareBytes(a.name, b.name));
  return libraries;
}

function rowOf(library: Library, common: Place | undefined, interpreter: string | undefined): Row {
  const { name, object, rule, listed } = library;
  if (object === undefined) return { library, size: '', name, facts: 'excluded', path: '' };
  if (!listed) return { library, size: '', name, facts: 'is', path: object.path };
  const row = { library, size: formatBytes(object.entry.size), name };
  if (isAtPlace(library, common)) return { ...row, facts: '', path: '' };
  const facts = ruleWords(library);
  const isTold = name === object.path || (rule === 'interpreter' && object.path === interpreter);
  return { ...row, facts, path: isTold ? '' : object.path };
}

function rowLines(rows: readonly Row[], isVerbose: boolean, page: Page): string[] {
  const told = rows.filter(({ facts }) => facts !== '');
  const widths = {
    name: Math.min(WIDEST_NAME, Math.max(0, ...told.map(({ name }) => displayWidth(name)))),
    facts: Math.max(0, ...told.map(({ facts, path }) => (path === '' ? 0 : facts.length))),
  };
  return rows.flatMap((row) => [
    ...rowLine(row, widths, page),
    ...(isVerbose && row.library.object !== undefined
      ? triedLines(row.library.tried, page.style)
      : []),
  ]);
}

/** One line, or two where the terminal is too narrow for the path. */
function rowLine(
  { size, name, facts, path }: Row,
  widths: { readonly name: number; readonly facts: number },
  { style, rowColumns }: Page,
): string[] {
  const start = `    ${size.padStart(6)}  ${style.plain(name)}`;
  if (facts === '') return [start];
  const head = `${padTo(start, widths.name + 12)}  `;
  if (path === '') return [head + style.dim(facts)];
  const line = `${head}${style.dim(facts.padEnd(widths.facts))}  ${style.plain(path)}`;
  if (displayWidth(line) <= rowColumns) return [line];
  return [head + style.dim(facts), `            ${style.plain(path)}`];
}
