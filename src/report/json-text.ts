/**
 * JSON as every format writes it. JSON.stringify() escapes the first 32 control characters; the others
 * may reach a terminal too.
 */

/** The JSON text of a value, without undefined fields; indented by two spaces, or on one line. */
export function jsonText(value: unknown, isIndented = true): string {
  const text = JSON.stringify(value, undefined, isIndented ? 2 : undefined);
  return text.replaceAll(/[\u007f-\u009f]/g, (character) => `\\u00${hexOf(character)}`);
}

function hexOf(character: string): string {
  return character.charCodeAt(0).toString(16);
}
