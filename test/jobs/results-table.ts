/**
 * Measurements ↔ the tables of docs/jobs.md, which are what a later run must reach: a row for each
 * job, and a count of verdicts. The rest of the page is written by hand.
 */
import { type Job, KINDS } from './job.js';
import type { Measurement, Verdict } from './measure.js';

const BEGIN = '<!-- From here on: npm run test:jobs -- --update -->';
const VERDICTS: readonly Verdict[] = ['default', 'advised', 'silent', 'broken', 'void'];
const MEGA = 1e6;

/** How good a verdict is; more is better. */
export function rank(verdict: Verdict): number {
  return -VERDICTS.indexOf(verdict);
}

/** What a page says of a job. */
export interface KnownResult {
  readonly verdict: Verdict;
  /** The size of its tree without the standard library of a language; 0 without a tree. */
  readonly bytes: number;
}

/** The results of a page, by the id of the job; empty for a page without rows. */
export function resultsOf(page: string): ReadonlyMap<string, KnownResult> {
  return new Map(
    rowsOf(page).map(([id, cells]) => [
      id,
      { verdict: cells[3] as Verdict, bytes: Number(cells[5]) * MEGA },
    ]),
  );
}

/** The size of the tree as the page has it; 0 without a tree. */
export function treeBytes({ tree }: Measurement): number {
  return tree === undefined ? 0 : tree.all - tree.standardLibraries;
}

/** The page with new rows for what was measured; other jobs keep theirs. */
export function updatePage(
  page: string,
  jobs: readonly Job[],
  measured: readonly Measurement[],
): string {
  const old = new Map(rowsOf(page));
  const news = new Map(measured.map((one) => [one.id, one]));
  const rows = jobs.flatMap((job) => {
    const one = news.get(job.id);
    const cells = one === undefined ? old.get(job.id) : cellsOf(job, one);
    return cells === undefined ? [] : [cells];
  });
  const begin = page.indexOf(BEGIN);
  const head = begin < 0 ? `${page}\n` : page.slice(0, begin);
  return `${head}${BEGIN}\n\n${summary(rows)}\n${table(rows)}`;
}

const HEADINGS = [
  'job',
  'program',
  'what it is hard for',
  'verdict',
  'options that the notes named',
  'MB',
  'MB / opened',
  'standard library',
];

function cellsOf({ id, upstream, kind }: Job, one: Measurement) {
  const { verdict, advice, tree, opened } = one;
  const works = verdict === 'default' || verdict === 'advised';
  const own = (bytes: { all: number; standardLibraries: number }) =>
    bytes.all - bytes.standardLibraries;
  return [
    id,
    upstream,
    KINDS[kind],
    verdict,
    advice.length === 0 ? '' : `\`${advice.join(' ')}\``,
    tree === undefined ? '' : (treeBytes(one) / MEGA).toFixed(1),
    works && tree && opened ? (treeBytes(one) / own(opened)).toFixed(2) : '',
    tree?.standardLibraries ? `${(tree.standardLibraries / MEGA).toFixed(1)} MB` : '',
  ];
}

function summary(rows: readonly (readonly string[])[]): string {
  const counts = VERDICTS.map((verdict) => rows.filter((row) => row[3] === verdict).length);
  const factors = rows
    .map((row) => Number(row[6]))
    .filter((factor) => factor > 0)
    .sort((a, b) => a - b);
  const middle = factors[Math.floor(factors.length / 2)] ?? 0;
  return [
    `| jobs | ${VERDICTS.join(' | ')} | MB / opened, median | worst |`,
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    `| ${[rows.length, ...counts, middle.toFixed(2), (factors.at(-1) ?? 0).toFixed(2)].join(' | ')} |`,
    '',
  ].join('\n');
}

function table(rows: readonly (readonly string[])[]): string {
  const lines = [HEADINGS, HEADINGS.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.join(' | ')} |`,
  );
  return `${lines.join('\n')}\n`;
}

/** The rows of the jobs, by id: those of the table that is as wide as it is. */
function rowsOf(page: string): (readonly [string, readonly string[]])[] {
  const after = page.slice(Math.max(0, page.indexOf(HEADINGS.join(' | '))));
  return after
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .map((line) => line.slice(2, -2).split(' | '))
    .filter((cells) => cells.length === HEADINGS.length && cells[0] !== HEADINGS[0])
    .map((cells) => [cells[0] ?? '', cells] as const);
}
