/**
 * What all parts of the text report share: colours, the width of lines, and whether tables are cut.
 */
import { displayWidth, padTo } from '../display-width.js';
import { type Style, styleFor } from '../style.js';
import { USUAL_COLUMNS, wrapWords } from '../wrapped-text.js';
import type { ReportInput } from './report.js';

/** A place to print on. */
export interface Page {
  readonly style: Style;
  /** Columns of prose. */
  readonly columns: number;
  /** Columns of rows and paths; infinite in a pipe, where no row is broken. */
  readonly rowColumns: number;
  /** Whether long lists are cut. */
  readonly isCut: boolean;
}

/** Narrower terminals get lines of this width, which they break themselves. */
const LEAST_COLUMNS = 40;

/** The page of a report. */
export function pageOf({ color, columns, all = false }: ReportInput): Page {
  const width = columns === undefined ? undefined : Math.max(columns, LEAST_COLUMNS);
  return {
    style: styleFor(color),
    columns: width ?? USUAL_COLUMNS,
    rowColumns: width ?? Number.POSITIVE_INFINITY,
    isCut: width !== undefined && !all,
  };
}

/** Room for the longest label. */
const LABEL = 13;

/** A label, and words behind it that stay whole, in as many lines as it takes. */
export function labelled(label: string, words: readonly string[], { columns }: Page): string[] {
  return wrapWords(words, { columns, first: labelText(label), rest: labelText('') });
}

/** A label with the room behind it. */
export function labelText(label: string): string {
  return `  ${padTo(label, LABEL)}`;
}

/**
 * Paths that stay whole: in one line where they fit, else one in a line, and where the room behind the
 * label is too narrow, below it.
 */
export function labelledPaths(label: string, parts: readonly string[], page: Page): string[] {
  const line = labelText(label) + parts.join(' ');
  if (displayWidth(line) <= page.columns) return [line];
  const lines = parts.map((part, index) => labelText(index === 0 ? label : '') + part);
  if (lines.every((each) => displayWidth(each) <= page.rowColumns)) return lines;
  return [`  ${label}`, ...parts.map((part) => BELOW + part)];
}

const BELOW = '    ';

/** A command that a shell takes as one, in lines that fit below a label where it does not fit into one. */
export function commandLines(words: readonly string[], { rowColumns }: Page): string[] {
  return wrapWords(words, { columns: rowColumns - BELOW.length - 2, first: '', rest: '  ' }).map(
    (line, index, lines) => (index === lines.length - 1 ? line : `${line} \\`),
  );
}
