/**
 * The branches of a tree as lines, with sizes, rules and paths in columns.
 */
import type { Library } from '../../closure/closure.js';
import { displayWidth, padTo } from '../display-width.js';
import { formatBytes } from '../style.js';
import { wrapWords } from '../wrapped-text.js';
import { isAtPlace, type Place, ruleWords } from './library-place.js';
import type { Page } from './page.js';

/** A name in a tree, and what is below it. */
export type Branch =
  | {
      readonly kind: 'found';
      readonly name: string;
      readonly library: Library;
      readonly below?: readonly Branch[];
      /** Its needs are too deep to be drawn. */
      readonly isEnd?: boolean;
    }
  /** It stands further up, with its needs. */
  | { readonly kind: 'above'; readonly name: string }
  | { readonly kind: 'missing'; readonly name: string; readonly note?: string }
  | { readonly kind: 'excluded'; readonly name: string };

interface Line {
  readonly branch: Branch;
  /** The drawing before the name, and below it. */
  readonly before: string;
  readonly under: string;
}

/** The widest names that sizes are aligned behind; longer ones push their own size. */
const WIDEST = 56;
/** Columns of a size with the space before it. */
const SIZE = 8;

/** What all lines of a tree share. */
export interface TreeStyle {
  readonly common: Place | undefined;
  readonly page: Page;
}

/** What stands before a name and below it, the last one of its branch or not. */
interface Strokes {
  readonly before: readonly [string, string];
  readonly under: readonly [string, string];
}

const WIDE: Strokes = { before: ['├── ', '└── '], under: ['│   ', '    '] };
const NARROW: Strokes = { before: ['├ ', '└ '], under: ['│ ', '  '] };

/** All lines, without the program's own; with shorter strokes where a terminal is too narrow. */
export function branchLines(branches: readonly Branch[], style: TreeStyle): string[] {
  const { rowColumns } = style.page;
  const lines = textLines(branches, WIDE, style);
  return lines.some((line) => displayWidth(line) > rowColumns)
    ? textLines(branches, NARROW, style)
    : lines;
}

function textLines(branches: readonly Branch[], strokes: Strokes, style: TreeStyle): string[] {
  const lines = linesBelow(branches, '', strokes);
  const widest = Math.min(WIDEST, style.page.rowColumns - SIZE);
  const widths = lines
    .filter(({ branch }) => branch.kind === 'found')
    .map(({ branch, before }) => displayWidth(before + branch.name))
    .filter((width) => width <= widest);
  const column = Math.max(0, ...widths);
  return lines.flatMap((line) => lineText(line, column, style));
}

function linesBelow(branches: readonly Branch[], indent: string, strokes: Strokes): Line[] {
  return branches.flatMap((branch, index) => {
    const isLast = index === branches.length - 1;
    const below = (branch.kind === 'found' ? branch.below : undefined) ?? [];
    const under = indent + strokes.under[isLast ? 1 : 0];
    const line = {
      branch,
      before: indent + strokes.before[isLast ? 1 : 0],
      under: under + strokes.under[below.length > 0 ? 0 : 1],
    };
    return [line, ...linesBelow(below, under, strokes)];
  });
}

function lineText({ branch, before, under }: Line, column: number, tree: TreeStyle): string[] {
  const { style } = tree.page;
  switch (branch.kind) {
    case 'above':
      return aboveLines(branch.name, before, under, tree.page);
    case 'missing': {
      const note = branch.note === undefined ? '' : ` (${branch.note})`;
      return [before + style.red(`${branch.name} not found${note}`)];
    }
    case 'excluded':
      return [before + style.dim(`${branch.name} excluded`)];
    case 'found':
      return foundLines(branch, { before, under }, column, tree);
  }
}

/** Names that stand further up; on a terminal in as many lines as they take. */
function aboveLines(name: string, before: string, under: string, page: Page): string[] {
  const words = [...name.split(' '), '(above)'].map(page.style.dim);
  return wrapWords(words, { columns: page.rowColumns, first: before, rest: under });
}

function foundLines(
  branch: Branch & { readonly kind: 'found' },
  { before, under }: Pick<Line, 'before' | 'under'>,
  column: number,
  { common, page }: TreeStyle,
): string[] {
  const { style, rowColumns } = page;
  const { name, library, isEnd = false } = branch;
  const size = formatBytes(library.object?.entry.size ?? 0).padStart(SIZE - 2);
  const start = `${padTo(before + style.plain(name), column)}  ${style.dim(size)}`;
  const end = isEnd ? ` ${style.dim('...')}` : '';
  if (isAtPlace(library, common)) return [start + end];
  const rule = style.dim(ruleWords(library));
  const path = library.object?.path ?? '';
  if (path === name) return [`${start}  ${rule}${end}`];
  const line = `${start}  ${rule}  ${style.plain(path)}${end}`;
  if (displayWidth(line) <= rowColumns) return [line];
  return [`${start}  ${rule}${end}`, `${under}${style.plain(path)}`];
}
