/**
 * `elfdeps slim`: what was kept and dropped, for people.
 */
import { printable } from '../../errors.js';
import type { Amount, SlimPackage, SlimPart, SlimResult } from '../../slim/slim-result.js';
import { count, formatBytes } from '../style.js';
import { wrapText } from '../wrapped-text.js';
import { describeSlimNote } from './notes.js';
import type { SlimReport } from './slim-report.js';

/** Packages that are listed without --verbose. */
const MOST_ROWS = 10;
/** Characters of an instruction that fit into a line. */
const MOST_INSTRUCTION = 60;

export const slimText: SlimReport = {
  name: 'text',
  summary: 'for people',
  format: (results, { verbose, columns = Number.POSITIVE_INFINITY }) =>
    results
      .flatMap((result) => lines(result, verbose))
      .map((line) => `${wrapped(printable(line), columns).join('\n')}\n`)
      .join(''),
};

function wrapped(line: string, columns: number): string[] {
  const first = line.slice(0, line.search(/[^ ]|$/));
  return wrapText(line.slice(first.length), { columns, first, rest: `${first}  ` });
}

function lines(result: SlimResult, isVerbose: boolean): string[] {
  const { image, platform, reference, before, after, packages, layers, notes } = result;
  const named = reference === undefined ? '' : ` -> ${reference}`;
  const keeping = packages.filter(({ kept }) => kept.files > 0);
  const dropping = packages.filter(({ kept }) => kept.files === 0);
  return [
    `${image} (${platform})${named}`,
    `  before: ${amount(before)}`,
    `  after:  ${amount(after)}${share(after.bytes, before.bytes)}`,
    ...section('layers', layers, layers.length, (layer) => {
      const mark = layer.isBase ? ', base' : '';
      return `${layer.index + 1}${mark}: ${split(layer)}${instruction(layer.instruction)}`;
    }),
    ...section('kept', bySize(keeping, 'kept'), isVerbose ? keeping.length : MOST_ROWS, (one) => {
      const why = one.because.length > 0 ? ` (${one.because.join(', ')})` : '';
      return `${title(one)}: ${split(one)}${why}`;
    }),
    ...section(
      'dropped whole',
      bySize(dropping, 'dropped'),
      isVerbose ? dropping.length : MOST_ROWS,
      (one) => `${title(one)}: ${amount(one.dropped)}`,
    ),
    ...notes.map((note) => `  note: ${describeSlimNote(note)}`),
  ];
}

function section<Row>(
  name: string,
  rows: readonly Row[],
  most: number,
  line: (row: Row) => string,
): string[] {
  if (rows.length === 0) return [];
  const more = rows.length - most;
  return [
    `  ${name}:`,
    ...rows.slice(0, most).map((row) => `    ${line(row)}`),
    ...(more > 0 ? [`    and ${more} more (--verbose lists all)`] : []),
  ];
}

function bySize(rows: readonly SlimPackage[], side: 'kept' | 'dropped'): SlimPackage[] {
  return [...rows].sort((a, b) => b[side].bytes - a[side].bytes);
}

function title({ name, version }: SlimPackage): string {
  return name === undefined ? 'no package' : `${name}${version ? ` ${version}` : ''}`;
}

function split({ kept, dropped }: SlimPart): string {
  return `${amount(kept)} kept, ${formatBytes(dropped.bytes)} dropped`;
}

function amount({ files, bytes }: Amount): string {
  return `${count(files, 'file')}, ${formatBytes(bytes)}`;
}

function share(after: number, before: number): string {
  return before === 0 ? '' : ` (${Math.round((100 * after) / before)} %)`;
}

function instruction(text: string | undefined): string {
  if (text === undefined) return '';
  const line = text
    .replace(/^\/bin\/sh -c (?:#\(nop\) +)?/, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return ` - ${line.length > MOST_INSTRUCTION ? `${line.slice(0, MOST_INSTRUCTION)}...` : line}`;
}
