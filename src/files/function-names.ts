/**
 * The functions that are linked into a static program, as its symbol table names them: no import tells
 * what such a program calls, but a linker takes out of a library only what somebody calls. A stripped
 * program has no such table.
 * Source: gABI chapter 4, "Sections" and "Symbol Table".
 */
import { type ByteSource, FieldReader } from '../elf/byte-source.js';
import { SHT_SYMTAB } from '../elf/constants.js';
import type { ElfFile } from '../elf/elf-file.js';
import { readSections } from '../elf/sections.js';
import { latin1Text } from './embedded-strings.js';

const STT_FUNC = 2;
/** An indirect function, chosen by the CPU at the start. */
const STT_GNU_IFUNC = 10;

/** Bytes of a symbol by class, and where its st_info and st_shndx are. */
const LAYOUT = {
  32: { bytes: 16, info: 12, section: 14 },
  64: { bytes: 24, info: 4, section: 6 },
} as const;

/** Bytes of a table or of its names: a program of 100 MB has less. */
const MOST_BYTES = 1 << 25;
const MOST_NAME = 256;

/** Names of defined functions; none in a stripped program. Never throws for what the file holds. */
export function readFunctions(source: ByteSource, elf: ElfFile): ReadonlySet<string> {
  const sections = readSections(source, elf.header);
  const table = sections.find(({ type }) => type === SHT_SYMTAB);
  const strings = table && sections[table.link];
  const names = new Set<string>();
  if (table === undefined || strings === undefined) return names;
  const symbol = LAYOUT[elf.header.class];
  const bytes = source.read(table.offset, Math.min(table.size, MOST_BYTES));
  const fields = new FieldReader(bytes, elf.header.endian === 'little');
  const text = latin1Text(source.read(strings.offset, Math.min(strings.size, MOST_BYTES)));
  for (let at = 0; at + symbol.bytes <= bytes.length; at += symbol.bytes) {
    const type = (bytes[at + symbol.info] as number) & 15;
    if (type !== STT_FUNC && type !== STT_GNU_IFUNC) continue;
    const start = fields.u32(at) ?? 0;
    const isDefined = fields.u16(at + symbol.section) !== 0;
    if (!isDefined || start >= text.length) continue;
    const end = text.indexOf('\0', start);
    if (end > start && end - start <= MOST_NAME) names.add(text.slice(start, end));
  }
  return names;
}
