/**
 * The dynamic section (PT_DYNAMIC) into text and flags, as the loaders read it: by address, through
 * PT_LOAD, until DT_NULL. Section headers are never looked at. Tokens such as `$ORIGIN` stay as
 * they are, since what they mean depends on the loader.
 * Source: gABI chapter 5, "Dynamic Section"; glibc elf/get-dynamic-info.h.
 */
import { ElfFormatError, hex } from '../errors.js';
import { type Address, addressBehind, lowBits } from './address.js';
import { type ByteSource, cString, decodeText, FieldReader } from './byte-source.js';
import * as c from './constants.js';
import type { ElfHeader, ProgramHeader } from './header.js';
import { fileRange } from './segment-map.js';

/** A tag whose order among its kind matters to the loader. */
export interface DynamicNeed {
  readonly kind: 'needed' | 'filter' | 'auxiliary';
  /** As in the string table, tokens unexpanded. */
  readonly name: string;
}

/** What the dynamic section says, raw. Absent tags are undefined; an empty string is a value. */
export interface DynamicSection {
  /** DT_NEEDED names in array order. */
  readonly needed: readonly string[];
  /** DT_NEEDED, DT_FILTER and DT_AUXILIARY together, in array order. */
  readonly needs: readonly DynamicNeed[];
  /** Absent too where it is outside of the file's segments: no name is equal to it then. */
  readonly soname?: string;
  readonly rpath?: string;
  readonly runpath?: string;
  /** DT_AUDIT and DT_DEPAUDIT, colon-separated lists. */
  readonly audit?: string;
  readonly depaudit?: string;
  /** DT_FLAGS and DT_FLAGS_1, 0 where absent. */
  readonly flags: number;
  readonly flags1: number;
  /** The value of each tag that occurs; of a repeated one the last, as in the loaders. */
  readonly tags: ReadonlyMap<number, Address>;
}

const LIST_TAGS: ReadonlyMap<number, DynamicNeed['kind']> = new Map([
  [c.DT_NEEDED, 'needed'],
  [c.DT_FILTER, 'filter'],
  [c.DT_AUXILIARY, 'auxiliary'],
]);

const TEXT_TAGS = [
  ['rpath', c.DT_RPATH],
  ['runpath', c.DT_RUNPATH],
  ['audit', c.DT_AUDIT],
  ['depaudit', c.DT_DEPAUDIT],
] as const;

/** More entries, and more bytes of names, than any real file has: beyond them it is damage. */
const MAX_ENTRIES = 1 << 16;
const MAX_STRING_BYTES = 1 << 24;

/**
 * Decodes the dynamic section, or gives undefined when the file has none (static files, and split
 * debug files, whose PT_DYNAMIC has no bytes). Throws {@link ElfFormatError} ELF_BAD_DYNAMIC.
 */
export function parseDynamic(
  source: ByteSource,
  header: ElfHeader,
  segments: readonly ProgramHeader[],
): DynamicSection | undefined {
  // Loaders take the last PT_DYNAMIC; no linker makes more than one.
  const segment = segments.findLast((s) => s.type === c.PT_DYNAMIC);
  if (segment === undefined || segment.filesz === 0) return undefined;
  const entries = readEntries(source, header, segments, segment);

  const tags = new Map<number, Address>();
  for (const { tag, value } of entries) tags.set(tag, value);
  let reader: TextReader | undefined;
  const findText = (offset: Address) => {
    reader ??= stringTable(source, segments, tags.get(c.DT_STRTAB));
    return reader(offset);
  };
  const text = (tag: number, offset: Address) => findText(offset) ?? outside(tag, offset);

  const needs: DynamicNeed[] = [];
  for (const { tag, value } of entries) {
    const kind = LIST_TAGS.get(tag);
    if (kind !== undefined) needs.push(sharedNeed(kind, text(tag, value)));
  }
  const section: { -readonly [K in keyof DynamicSection]: DynamicSection[K] } = {
    needed: needs.filter((need) => need.kind === 'needed').map((need) => need.name),
    needs,
    flags: lowBits(tags.get(c.DT_FLAGS) ?? 0),
    flags1: lowBits(tags.get(c.DT_FLAGS_1) ?? 0),
    tags,
  };
  const soname = tags.get(c.DT_SONAME);
  // A soname is only compared with names, so one outside of everything stops no loader.
  if (soname !== undefined) section.soname = findText(soname);
  for (const [key, tag] of TEXT_TAGS) {
    const offset = tags.get(tag);
    if (offset !== undefined) section[key] = text(tag, offset);
  }
  return section;
}

/** At most so many shared needs are kept; then the table starts again. */
const MAX_SHARED = 1 << 13;
/** No file has a longer name; needs outlive the run that read them, so longer ones are not kept. */
const MAX_NAME = 255;
const shared = new Map<string, DynamicNeed>();

/** A need as other files have it, since those of thousands of files are few different ones. */
function sharedNeed(kind: DynamicNeed['kind'], name: string): DynamicNeed {
  if (kind !== 'needed' || name.length > MAX_NAME) return { kind, name };
  let need = shared.get(name);
  if (need === undefined) {
    need = { kind, name };
    if (shared.size >= MAX_SHARED) shared.clear();
    shared.set(name, need);
  }
  return need;
}

function outside(tag: number, offset: Address): never {
  throw new ElfFormatError(
    'ELF_BAD_DYNAMIC',
    `the string of tag ${hex(tag)} is at ${hex(offset)}, outside the string table`,
    0,
  );
}

interface DynamicEntry {
  readonly tag: number;
  readonly value: Address;
}

/** Tag and value of each entry up to DT_NULL, in array order. */
function readEntries(
  source: ByteSource,
  header: ElfHeader,
  segments: readonly ProgramHeader[],
  dynamic: ProgramHeader,
): DynamicEntry[] {
  const range = fileRange(segments, dynamic.vaddr) ?? {
    offset: dynamic.offset,
    length: dynamic.filesz,
  };
  const size = header.class === 64 ? 16 : 8;
  const entries: DynamicEntry[] = [];
  // p_filesz is what the linker wrote, but the loaders read on until DT_NULL.
  let chunk = Math.min(Math.max(dynamic.filesz - (dynamic.filesz % size), size), 1 << 16);
  for (let at = 0; at < range.length; at += chunk, chunk = Math.max(chunk, 4096)) {
    const bytes = source.read(range.offset + at, Math.min(chunk, range.length - at));
    const fields = new FieldReader(bytes, header.endian === 'little');
    for (let offset = 0; offset < chunk; offset += size) {
      const tag = fields.word(offset, header.class);
      const value = fields.address(offset + size / 2, header.class);
      if (tag === undefined || value === undefined)
        throw new ElfFormatError(
          'ELF_BAD_DYNAMIC',
          `the dynamic section has no DT_NULL before it ends at byte ${hex(range.offset + at + offset)}`,
          range.offset + at + offset,
        );
      if (tag === c.DT_NULL) return entries;
      if (entries.length === MAX_ENTRIES)
        throw new ElfFormatError(
          'ELF_BAD_DYNAMIC',
          `the dynamic section has no DT_NULL among its first ${MAX_ENTRIES} entries`,
          range.offset,
        );
      entries.push({ tag, value });
    }
  }
  throw new ElfFormatError(
    'ELF_BAD_DYNAMIC',
    `the dynamic section has no DT_NULL before its segment ends at byte ${hex(range.offset + range.length)}`,
    range.offset,
  );
}

/** Text by its offset in DT_STRTAB; undefined where no segment has bytes for it. */
type TextReader = (offset: Address) => string | undefined;

/** A reader of strings of DT_STRTAB; the table itself is read only around the strings wanted. */
function stringTable(
  source: ByteSource,
  segments: readonly ProgramHeader[],
  address: Address | undefined,
): TextReader {
  if (address === undefined)
    throw new ElfFormatError('ELF_BAD_DYNAMIC', 'there are names, but no DT_STRTAB', 0);
  const table = fileRange(segments, address);
  if (table === undefined)
    throw new ElfFormatError(
      'ELF_BAD_DYNAMIC',
      `DT_STRTAB ${hex(address)} is in no PT_LOAD segment`,
      0,
    );
  let left = MAX_STRING_BYTES;
  return (offset) => {
    const into = Number(offset);
    // The loaders add the two and compare neither with DT_STRSZ.
    const range = into < table.length ? table : fileRange(segments, addressBehind(address, into));
    if (range === undefined) return undefined;
    const skipped = range === table ? into : 0;
    const limit = Math.min(range.length - skipped, left);
    const text = readString(source, range.offset + skipped, limit);
    left -= text.length;
    if (left <= 0)
      throw new ElfFormatError(
        'ELF_BAD_DYNAMIC',
        `the names of the dynamic section have more than ${MAX_STRING_BYTES} bytes`,
        range.offset,
      );
    return text;
  };
}

function readString(source: ByteSource, offset: number, limit: number): string {
  for (let length = 128; ; length *= 8) {
    const bytes = source.read(offset, Math.min(length, limit));
    const text = cString(bytes, 0);
    if (text !== undefined) return text;
    // Memory behind the bytes of the file is zero, so the end of the segment ends a string too.
    if (length >= limit || bytes.length < Math.min(length, limit)) return decodeText(bytes);
  }
}
