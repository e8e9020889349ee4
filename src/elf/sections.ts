/**
 * Section headers into facts, for what no program header tells: which functions a static program has,
 * and whether a file is debug information without the contents. Loaders never look at them.
 * Source: gABI chapter 4, "Sections".
 */
import type { Address } from './address.js';
import { type ByteSource, FieldReader } from './byte-source.js';
import { SHF_ALLOC, SHT_NOBITS, SHT_NOTE } from './constants.js';
import type { ElfHeader } from './header.js';

/** One section; offset and size in bytes. */
export interface Section {
  /** SHT_*, and SHF_* bits. */
  readonly type: number;
  readonly flags: number;
  readonly address: Address;
  readonly offset: number;
  readonly size: number;
  /** Index of the section that this one refers to, such as a symbol table to its strings. */
  readonly link: number;
}

/** Offsets by class: of fields in the ELF header, and in a section header, which has `bytes`. */
const LAYOUT = {
  32: { table: 32, entry: 46, count: 48, bytes: 40, address: 12, offset: 16, size: 20, link: 24 },
  64: { table: 40, entry: 58, count: 60, bytes: 64, address: 16, offset: 24, size: 32, link: 40 },
} as const;

/** The sections in table order; none where the table is cut off, or was stripped. Never throws. */
export function readSections(
  source: ByteSource,
  header: Pick<ElfHeader, 'class' | 'endian'>,
): Section[] {
  const little = header.endian === 'little';
  const layout = LAYOUT[header.class];
  const head = new FieldReader(source.read(0, 64), little);
  const table = head.word(layout.table, header.class) ?? 0;
  const count = head.u16(layout.count) ?? 0;
  if (table === 0 || head.u16(layout.entry) !== layout.bytes) return [];
  const fields = new FieldReader(source.read(table, count * layout.bytes), little);
  const sections: Section[] = [];
  for (let at = 0; at + layout.bytes <= fields.length; at += layout.bytes)
    sections.push({
      type: fields.u32(at + 4) ?? 0,
      flags: fields.word(at + 8, header.class) ?? 0,
      address: fields.address(at + layout.address, header.class) ?? 0,
      offset: fields.word(at + layout.offset, header.class) ?? 0,
      size: fields.word(at + layout.size, header.class) ?? 0,
      link: fields.u32(at + layout.link) ?? 0,
    });
  return sections;
}

/**
 * Whether nothing of what a loader would map is in the file: every allocated section but the notes
 * is SHT_NOBITS. `objcopy --only-keep-debug` and `eu-strip -f` make such files; the program headers
 * of the latter still have the sizes of the contents.
 */
export function hasNoContents(sections: readonly Section[]): boolean {
  const allocated = sections.filter(({ flags, type }) => flags & SHF_ALLOC && type !== SHT_NOTE);
  return allocated.length > 0 && allocated.every(({ type }) => type === SHT_NOBITS);
}
