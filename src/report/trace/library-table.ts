/**
 * The table of the text report: every library with its size. The rule that found most of them, and
 * their directory, stand once in the title; a row only says what is different.
 */
import type { Library } from '../../closure/closure.js';
import type { LoadedObject, SearchRule } from '../../loader/loader.js';
import { baseName, directoryOf } from '../../root/path-text.js';
import { displayWidth, padTo } from '../display-width.js';
import { count, formatBytes } from '../style.js';
import { triedLines } from '../tried-lines.js';
import { wrapText } from '../wrapped-text.js';
import type { Page } from './page.js';
import type { ReportInput } from './report.js';

/** How a rule is called in the title. */
const RULE_WORDS: Readonly<Record<SearchRule, string>> = {
  path: 'by path',
  rpath: 'by rpath',
  'library-path': 'by library path',
  runpath: 'by runpath',
  cache: 'from the cache',
  configured: 'from configured directories',
  default: 'from default directories',
  'built-in': 'built in',
  preload: 'preloaded',
  interpreter: 'as the interpreter',
  'already-loaded': 'loaded before',
};

/** Rows on a terminal; a table with a few more is shown whole. */
const MOST_ROWS = 20;
const FEW_MORE = 4;
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
  const shown = sorted(
    libraries.filter(({ status }) => status !== 'missing'),
    input.sort,
  );
  if (shown.length === 0) return [];
  const common = commonPlace(shown);
  const most = page.isCut && shown.length > MOST_ROWS + FEW_MORE ? MOST_ROWS : shown.length;
  const rows = shown.slice(0, most).map((library) => rowOf(library, common, interpreter));
  const more = shown.length - most;
  return [
    ...titleLines(shown, common, page),
    ...rowLines(rows, input.verbose, page),
    ...(more === 0 ? [] : [`    ${page.style.dim(`and ${more} more (--all)`)}`]),
  ];
}

/** In load order unless another one is asked for. */
function sorted(libraries: readonly Library[], sort: ReportInput['sort']): readonly Library[] {
  if (sort === 'size')
    return [...libraries].sort((a, b) => (b.object?.entry.size ?? 0) - (a.object?.entry.size ?? 0));
  if (sort === 'name') return [...libraries].sort((a, b) => (a.name < b.name ? -1 : 1));
  return libraries;
}

/** A rule and a directory, and how many libraries it found there. */
interface Place {
  readonly rule: SearchRule;
  readonly directory: string;
  readonly number: number;
}

/** The place of more than half of the libraries; undefined where there is none, or only one library. */
function commonPlace(libraries: readonly Library[]): Place | undefined {
  const places = new Map<string, Place>();
  for (const library of libraries) {
    const { rule, object } = library;
    if (!isPlain(library) || rule === undefined || object === undefined) continue;
    const directory = directoryOf(object.path);
    const key = `${rule}\0${directory}`;
    places.set(key, { rule, directory, number: (places.get(key)?.number ?? 0) + 1 });
  }
  let best: Place | undefined;
  for (const place of places.values()) if (place.number > (best?.number ?? 1)) best = place;
  return best !== undefined && 2 * best.number > libraries.length ? best : undefined;
}

/** Whether its place and its name tell the path of a needed library. */
function isPlain({ name, object, listed, kind }: Library): boolean {
  return kind === 'needed' && listed && object !== undefined && isNamed(object, name);
}

function isNamed({ path }: LoadedObject, name: string): boolean {
  return path.startsWith('/') && baseName(path) === name;
}

function titleLines(
  libraries: readonly Library[],
  common: Place | undefined,
  { style, columns }: Page,
): string[] {
  const total = libraries.filter(({ listed, object }) => listed && object !== undefined).length;
  const title = count(total, 'library', 'libraries');
  if (common === undefined) return [`  ${title}`];
  const { number, rule, directory } = common;
  const share = number === total ? 'all' : number;
  const place = `${title}, ${share} ${RULE_WORDS[rule]}, in ${style.plain(directory)}`;
  return wrapText(place, { columns, first: '  ', rest: '    ' });
}

function rowOf(library: Library, common: Place | undefined, interpreter: string | undefined): Row {
  const { name, object, rule, listed, kind } = library;
  if (object === undefined) return { library, size: '', name, facts: 'excluded', path: '' };
  if (!listed) return { library, size: '', name, facts: 'is', path: object.path };
  const row = { library, size: formatBytes(object.entry.size), name };
  const isCommon =
    isPlain(library) && rule === common?.rule && directoryOf(object.path) === common?.directory;
  if (isCommon) return { ...row, facts: '', path: '' };
  const facts = kind === 'needed' ? `${rule}` : `${kind}, ${rule}`;
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
