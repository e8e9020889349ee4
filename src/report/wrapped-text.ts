/**
 * Text in lines of a terminal's width. Lines break between words only: a word that is longer than a
 * line stands alone on one, so that a path can be copied.
 */
import { displayWidth } from './display-width.js';

/** Columns of prose where no terminal tells its own. */
export const USUAL_COLUMNS = 80;

/** How a paragraph is set. */
export interface Paragraph {
  /** The widest line, indentation included. */
  readonly columns: number;
  /** What stands before the first line. */
  readonly first: string;
  /** What stands before the others; as `first` unless given. */
  readonly rest?: string;
}

/** The lines of words that are not broken themselves; one line at least. */
export function wrapWords(
  words: readonly string[],
  { columns, first, rest = first }: Paragraph,
): string[] {
  const lines: string[] = [];
  let line = first;
  let width = displayWidth(first);
  let isEmpty = true;
  for (const word of words) {
    const own = displayWidth(word);
    if (!isEmpty && width + 1 + own > columns) {
      lines.push(line);
      line = rest;
      width = displayWidth(rest);
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    width += isEmpty ? own : own + 1;
    isEmpty = false;
  }
  return [...lines, line];
}

/** The same for a text, which breaks at its spaces. */
export function wrapText(text: string, paragraph: Paragraph): string[] {
  return wrapWords(text.split(' '), paragraph);
}

/** The words of a list, with commas behind all but the last. */
export function commaList(words: readonly string[]): string[] {
  return words.map((word, index) => (index === words.length - 1 ? word : `${word},`));
}
