/**
 * The families that a font file says it belongs to, from its name table.
 * Source: OpenType specification, "name - Naming Table", "The OpenType Font File" (collections).
 */
import type { RootFiles } from '../../files/root-files.js';
import type { ResolvedPath } from '../../root/resolve-path.js';

/** Family; typographic family; family of the weight, width and slope model. */
const FAMILY_NAMES: ReadonlySet<number> = new Set([1, 16, 21]);
const COLLECTION = 0x74746366;
const NAME_TABLE = 0x6e616d65;
const SFNT: ReadonlySet<number> = new Set([0x00010000, 0x4f54544f, 0x74727565]);
const MOST_TABLES = 64;
const MOST_NAMES = 512;
const MOST_FONTS = 32;
const MOST_BYTES = 1 << 16;

/** Names of fonts, lower case; none of a file that is no TrueType or OpenType font. */
export function familiesOf(files: RootFiles, file: ResolvedPath): ReadonlySet<string> {
  const families = new Set<string>();
  for (const offset of fontsIn(files, file)) {
    const names = nameTable(files, file, offset);
    if (names !== undefined) for (const name of familyNames(names)) families.add(name);
  }
  return families;
}

/** Where the fonts of a file begin: one, or several in a collection. */
function fontsIn(files: RootFiles, file: ResolvedPath): number[] {
  const head = read(files, file, 0, 12 + 4 * MOST_FONTS);
  if (head.byteLength < 12) return [];
  if (head.getUint32(0) !== COLLECTION) return [0];
  const count = Math.min(head.getUint32(8), MOST_FONTS, Math.floor((head.byteLength - 12) / 4));
  return Array.from({ length: count }, (_, index) => head.getUint32(12 + 4 * index));
}

function nameTable(files: RootFiles, file: ResolvedPath, offset: number): DataView | undefined {
  const directory = read(files, file, offset, 12 + 16 * MOST_TABLES);
  if (directory.byteLength < 12 || !SFNT.has(directory.getUint32(0))) return undefined;
  const count = Math.min(directory.getUint16(4), Math.floor((directory.byteLength - 12) / 16));
  for (let at = 12; at < 12 + 16 * count; at += 16)
    if (directory.getUint32(at) === NAME_TABLE)
      return read(
        files,
        file,
        directory.getUint32(at + 8),
        Math.min(directory.getUint32(at + 12), MOST_BYTES),
      );
  return undefined;
}

function* familyNames(table: DataView): Generator<string> {
  if (table.byteLength < 6) return;
  const texts = table.getUint16(4);
  const count = Math.min(table.getUint16(2), MOST_NAMES, Math.floor((table.byteLength - 6) / 12));
  for (let at = 6; at < 6 + 12 * count; at += 12) {
    if (!FAMILY_NAMES.has(table.getUint16(at + 6))) continue;
    const start = texts + table.getUint16(at + 10);
    const end = start + table.getUint16(at + 8);
    if (end > table.byteLength) continue;
    // Names for the Macintosh have one byte a character, all others two.
    const isMacintosh = table.getUint16(at) === 1;
    const name = isMacintosh ? narrowText(table, start, end) : wideText(table, start, end);
    yield name.toLowerCase();
  }
}

function narrowText(table: DataView, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) text += String.fromCharCode(table.getUint8(at));
  return text;
}

function wideText(table: DataView, start: number, end: number): string {
  let text = '';
  for (let at = start; at + 1 < end; at += 2) text += String.fromCharCode(table.getUint16(at));
  return text;
}

/** Bytes of a file; fewer, or none, where it ends or cannot be read. */
function read({ root }: RootFiles, file: ResolvedPath, offset: number, length: number): DataView {
  const wanted = Math.max(0, Math.min(length, file.entry.size - offset));
  try {
    const { buffer, byteOffset, byteLength } = root.read(file.path, offset, wanted);
    return new DataView(buffer, byteOffset, byteLength);
  } catch {
    return new DataView(new ArrayBuffer(0));
  }
}
