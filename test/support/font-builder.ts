/**
 * The smallest files that are TrueType fonts to a reader of names: a table directory and a name table.
 */

/** A font of these families, whose names are in UTF-16 as Windows has them. */
export function buildFont(...families: readonly string[]): Uint8Array {
  return Buffer.concat([directory(0), nameTable(families)]);
}

/** Several fonts in one file. */
export function buildCollection(...families: readonly string[]): Uint8Array {
  const head = Buffer.alloc(12 + 4 * families.length);
  head.write('ttcf');
  head.writeUInt32BE(0x00010000, 4);
  head.writeUInt32BE(families.length, 8);
  const parts: Buffer[] = [head];
  let at = head.length;
  for (const [index, family] of families.entries()) {
    head.writeUInt32BE(at, 12 + 4 * index);
    const font = [directory(at), nameTable([family])];
    parts.push(...font);
    at += font.reduce((sum, { length }) => sum + length, 0);
  }
  return Buffer.concat(parts);
}

/** One entry, for the name table that follows it; offsets count from the start of the file. */
function directory(at: number): Buffer {
  const bytes = Buffer.alloc(28);
  bytes.writeUInt32BE(0x00010000, 0);
  bytes.writeUInt16BE(1, 4);
  bytes.write('name', 12);
  bytes.writeUInt32BE(at + 28, 20);
  bytes.writeUInt32BE(4096, 24);
  return bytes;
}

function nameTable(families: readonly string[]): Buffer {
  const records = Buffer.alloc(6 + 12 * families.length);
  records.writeUInt16BE(families.length, 2);
  records.writeUInt16BE(records.length, 4);
  const texts = families.map((family) => Buffer.from(family, 'utf16le').swap16());
  let offset = 0;
  for (const [index, text] of texts.entries()) {
    const at = 6 + 12 * index;
    // Platform, encoding, language, name, length, offset.
    for (const [field, value] of [3, 1, 0x409, index === 0 ? 1 : 16, text.length, offset].entries())
      records.writeUInt16BE(value, at + 2 * field);
    offset += text.length;
  }
  return Buffer.concat([records, ...texts]);
}
