/**
 * The functions that are linked into a static program, as its symbol table names them: no import tells
 * what such a program calls, but a linker takes out of a library only what somebody calls. A stripped
 * program has no such table.
 * Source: gABI chapter 4, "Sections" and "Symbol Table".
 */
import { type ByteSource, FieldReader } from '../elf/byte-source.js';
import type { ElfFile } from '../elf/elf-file.js';
import { latin1Text } from './embedded-strings.js';

const SHT_SYMTAB = 2;
const STT_FUNC = 2;
/** An indirect function, chosen by the CPU at the start. */
const STT_GNU_IFUNC = 10;

/** Offsets of fields by class: in the ELF header, a section header and a symbol. */
const LAYOUT = {
  32: {
    header: { offset: 32, size: 46, count: 48 },
    section: { bytes: 40, type: 4, offset: 16, size: 20, link: 24 },
    symbol: { bytes: 16, info: 12, section: 14 },
  },
  64: {
    header: { offset: 40, size: 58, count: 60 },
    section: { bytes: 64, type: 4, offset: 24, size: 32, link: 40 },
    symbol: { bytes: 24, info: 4, section: 6 },
  },
} as const;

/** Bytes of a table or of its names: a program of 100 MB has less. */
const MOST_BYTES = 1 << 25;
const MOST_NAME = 256;

interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

/** Names of defined functions; none in a stripped program. Never throws for what the file holds. */
export function readFunctions(source: ByteSource, elf: ElfFile): ReadonlySet<string> {
  const sections = readSections(source, elf);
  const table = sections.find(({ type }) => type === SHT_SYMTAB);
  const strings = table && sections[table.link];
  const names = new Set<string>();
  if (table === undefined || strings === undefined) return names;
  const { symbol } = LAYOUT[elf.header.class];
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

function readSections(source: ByteSource, elf: ElfFile): Section[] {
  const elfClass = elf.header.class;
  const little = elf.header.endian === 'little';
  const { header, section } = LAYOUT[elfClass];
  const head = new FieldReader(source.read(0, 64), little);
  const offset = head.word(header.offset, elfClass) ?? 0;
  const count = head.u16(header.count) ?? 0;
  if (offset === 0 || head.u16(header.size) !== section.bytes) return [];
  const bytes = source.read(offset, count * section.bytes);
  const fields = new FieldReader(bytes, little);
  const sections: Section[] = [];
  for (let at = 0; at + section.bytes <= bytes.length; at += section.bytes)
    sections.push({
      type: fields.u32(at + section.type) ?? 0,
      offset: fields.word(at + section.offset, elfClass) ?? 0,
      size: fields.word(at + section.size, elfClass) ?? 0,
      link: fields.u32(at + section.link) ?? 0,
    });
  return sections;
}
