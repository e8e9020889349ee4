/**
 * JSON as every format writes it. JSON.stringify() escapes the first 32 control characters; others that a
 * terminal acts on, or does not show, may reach one too.
 */

/** What errors.ts escapes in text, behind the characters that JSON.stringify() escapes. */
const HIDDEN = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{DI}]/gu;

/** The JSON text of a value, without undefined fields; indented by two spaces, or on one line. */
export function jsonText(value: unknown, isIndented = true): string {
  const text = JSON.stringify(value, undefined, isIndented ? 2 : undefined);
  return /[^\0-\x7e]/.test(text) ? text.replaceAll(HIDDEN, escaped) : text;
}

/** By UTF-16 units, as JSON has them. */
function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
