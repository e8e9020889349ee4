/**
 * Labels that fit into tiles of the treemap and boxes of the graph: the widths of texts come from the browser, and a name that
 * is too long loses first what many names have in common.
 */

const FONT = '12px system-ui, sans-serif';
const pen = document.createElement('canvas').getContext('2d');

/** The width of a label in pixels. */
function widthOf(text: string, isBold: boolean): number {
  if (pen === null) return text.length * 7;
  pen.font = isBold ? `600 ${FONT}` : FONT;
  return pen.measureText(text).width;
}

/**
 * A name in as many parts as fit: without its directories, then without `.so` and the version, then without
 * `lib`, then cut. Nothing where only a few characters would fit.
 */
export function tileLabel(name: string, width: number): string {
  const base = name.slice(name.lastIndexOf('/') + 1) || name;
  const stem = base.replace(/\.so(?:\.[\d.]+)?$/, '');
  const names = [name, base, stem, stem.replace(/^lib(?=.)/, '')];
  return names.find((each) => widthOf(each, false) <= width) ?? cutLabel(names[3] ?? '', width);
}

/** The title of a group with its size, or where that does not fit, without. */
export function groupLabel(title: string, withSize: string, width: number): string {
  return widthOf(withSize, true) <= width ? withSize : cutLabel(title, width, true);
}

/** The text as far as it fits. */
export function cutLabel(text: string, width: number, isBold = false): string {
  if (widthOf(text, isBold) <= width) return text;
  const characters = [...text];
  let length = characters.length - 1;
  const cut = () => `${characters.slice(0, length).join('')}\u2026`;
  while (length > 2 && widthOf(cut(), isBold) > width) length--;
  return length > 2 ? cut() : '';
}
