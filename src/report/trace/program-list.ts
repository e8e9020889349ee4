/**
 * Many complete programs on a terminal: a row for each, with its size and its number of files.
 */
import type { Closure } from '../../closure/closure.js';
import { closureFiles, totalSize } from '../../closure/closure-files.js';
import { compareBytes } from '../../root/byte-order.js';
import { cutList } from '../cut-list.js';
import { count, formatBytes } from '../style.js';
import type { Page } from './page.js';
import { nameOf, programCount, type ReportInput } from './report.js';

/** More programs than these are a list. */
const MOST_BLOCKS = 3;

/** Whether programs are listed, and not shown with their libraries. */
export function isLong(closures: readonly Closure[], { isCut }: Page): boolean {
  return isCut && closures.length > MOST_BLOCKS;
}

/** The list, in the order that is asked for. */
export function programList(
  closures: readonly Closure[],
  input: ReportInput,
  { style, isCut }: Page,
): string[] {
  const rows = closures.map((closure) => ({
    name: nameOf(input, closure),
    ...totalSize(closureFiles(closure)),
  }));
  if (input.sort === 'size') rows.sort((a, b) => b.bytes - a.bytes);
  if (input.sort === 'name') rows.sort((a, b) => compareBytes(a.name, b.name));
  const { shown, more } = cutList(rows, isCut);
  const width = Math.max(...shown.map(({ files }) => count(files, 'file').length));
  // Of all programs, the first line of the report says it.
  const isAll = closures.length === input.closures.length;
  return [
    ...(isAll ? [] : [`${programCount(closures, input)} ${style.green('complete')}`]),
    ...shown.map(({ name, files, bytes }) => {
      const amount = count(files, 'file').padStart(width);
      return `    ${formatBytes(bytes).padStart(6)}  ${amount}  ${style.plain(name)}`;
    }),
    style.dim(
      more === 0
        ? '    (--all shows their libraries)'
        : `    and ${more} more (--all shows their libraries too)`,
    ),
  ];
}
