/**
 * JSON as every format writes it. JSON.stringify() escapes the first 32 control characters; others that a
 * terminal acts on, or does not show, may reach one too.
 */

import { replaceHidden } from '../errors.js';

/** The JSON text of a value, without undefined fields; indented by two spaces, or on one line. */
export function jsonText(value: unknown, isIndented = true): string {
  const text = JSON.stringify(value, undefined, isIndented ? 2 : undefined);
  return /[^\0-\x7e]/.test(text) ? replaceHidden(text, escaped) : text;
}

/** By UTF-16 units, as JSON has them. A line end is one of the indentation: those of texts are escaped already. */
function escaped(character: string): string {
  if (character === '\n') return character;
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
