/**
 * How many columns of a terminal a text takes. Colours take none, East Asian wide characters two,
 * combining marks none.
 * Source: Unicode Standard Annex #11, East Asian Width (the blocks of wide characters).
 */

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const MARK = /\p{M}/u;
const ASCII = /^[ -~]*$/;
const ESCAPE = String.fromCharCode(27);
const SGR = new RegExp(`${ESCAPE}\\[\\d+m`, 'g');

/** The width of one line, in columns. */
export function displayWidth(text: string): number {
  const plain = text.includes(ESCAPE) ? text.replaceAll(SGR, '') : text;
  if (ASCII.test(plain)) return plain.length;
  let width = 0;
  for (const character of plain) {
    if (WIDE.test(character)) width += 2;
    else if (!MARK.test(character)) width++;
  }
  return width;
}

/** The text with spaces behind it, up to `width` columns. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}
