/**
 * The ELF header and the program header table: the first bytes of a file into facts.
 *
 * The only importer of elfy, which decodes both tables. elfy checks no bounds, names few machines,
 * rounds addresses and reads e_ident's OS ABI from the wrong byte, so those are checked and read here.
 * Layouts: gABI chapter 4 (ELF header) and chapter 5 (program header).
 */
import elfy from 'elfy';
import { ElfFormatError, hex } from '../errors.js';
import type { Address } from './address.js';
import { type ByteSource, FieldReader } from './byte-source.js';
import { ET_CORE, PN_XNUM } from './constants.js';

/** Facts of the ELF header, raw numbers where the specification has numbers. */
export interface ElfHeader {
  readonly class: 32 | 64;
  readonly endian: 'little' | 'big';
  /** e_ident[EI_OSABI] and e_ident[EI_ABIVERSION]. */
  readonly osabi: number;
  readonly abiVersion: number;
  /** e_type, e_machine, e_flags, e_entry. */
  readonly type: number;
  readonly machine: number;
  readonly flags: number;
  readonly entry: Address;
  /** File offset of the program header table, bytes per entry, and number of entries. */
  readonly phoff: number;
  readonly phentsize: number;
  readonly phnum: number;
}

/** One entry of the program header table; offsets and sizes in bytes. */
export interface ProgramHeader {
  readonly type: number;
  readonly offset: number;
  readonly vaddr: Address;
  readonly filesz: number;
  readonly memsz: number;
  /** p_align: 0 and 1 mean none. Rounded above 2^53. */
  readonly align: number;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly executable: boolean;
}

/** Bytes of the ELF header by class. */
export const EHDR_SIZE = { 32: 52, 64: 64 } as const;
/** Bytes of one program header by class; e_phentsize must say the same. */
export const PHDR_SIZE = { 32: 32, 64: 56 } as const;

/** More program headers than any real file has: larger counts are damage, not data. */
const MAX_PROGRAM_HEADERS = 1 << 20;

/** Whether the bytes begin with `\x7fELF`. */
export function hasElfMagic(head: Uint8Array): boolean {
  return head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
}

/** The error about a file that is no ELF file. */
export function notElf(): ElfFormatError {
  return new ElfFormatError('NOT_ELF', 'not an ELF file', 0);
}

/**
 * Decodes the ELF header.
 * Throws {@link ElfFormatError}: EMPTY_FILE, NOT_ELF, ELF_TRUNCATED or ELF_BAD_HEADER.
 */
export function parseElfHeader(source: ByteSource): ElfHeader {
  const head = source.read(0, 64);
  const { elfClass, little } = checkIdent(source, head);
  const decoded = new elfy.Parser().parseHeader(new ElfyIdent(head));
  const fields = new FieldReader(head, little);
  const header: ElfHeader = {
    class: elfClass,
    endian: little ? 'little' : 'big',
    osabi: head[7] as number,
    abiVersion: head[8] as number,
    type: fields.u16(16) as number,
    machine: fields.u16(18) as number,
    flags: decoded.flags,
    entry: fields.address(24, elfClass) as Address,
    phoff: decoded.phoff,
    phentsize: decoded.phentsize,
    phnum: decoded.phnum,
  };
  // Only core files have so many segments; the loaders take e_phnum as it stands.
  if (header.type === ET_CORE && header.phnum === PN_XNUM)
    return { ...header, phnum: extendedCount(source, header, decoded.shoff) };
  return header;
}

/** Magic, class and byte order of a header that is whole. Throws for any other file. */
function checkIdent(
  source: ByteSource,
  head: Uint8Array,
): { readonly elfClass: 32 | 64; readonly little: boolean } {
  if (source.size === 0) throw new ElfFormatError('EMPTY_FILE', 'the file is empty', 0);
  if (!hasElfMagic(head)) throw notElf();
  const [, , , , classByte, dataByte] = head;
  if (classByte !== 1 && classByte !== 2)
    throw new ElfFormatError('ELF_BAD_HEADER', `EI_CLASS is ${classByte}, expected 1 or 2`, 4);
  if (dataByte !== 1 && dataByte !== 2)
    throw new ElfFormatError('ELF_BAD_HEADER', `EI_DATA is ${dataByte}, expected 1 or 2`, 5);
  const elfClass = classByte === 1 ? 32 : 64;
  if (head.length < EHDR_SIZE[elfClass])
    throw new ElfFormatError(
      'ELF_TRUNCATED',
      `the ELF header ends at byte ${hex(EHDR_SIZE[elfClass])}, but the file has ${hex(source.size)} bytes`,
      head.length,
    );
  return { elfClass, little: dataByte === 1 };
}

/** gABI, "Special Program Header Table Entries": sh_info of section header 0 has the count. */
function extendedCount(source: ByteSource, header: ElfHeader, shoff: number): number {
  const at = header.class === 64 ? 44 : 28;
  const section = new FieldReader(source.read(shoff, at + 4), header.endian === 'little');
  return (shoff === 0 ? undefined : section.u32(at)) ?? PN_XNUM;
}

/**
 * Decodes the program header table, in file order; empty where there is none (relocatable files).
 * Throws {@link ElfFormatError} when the table is not whole or its entries have another size.
 */
export function parseProgramHeaders(source: ByteSource, header: ElfHeader): ProgramHeader[] {
  if (header.phnum === 0 || header.phoff === 0) return [];
  const entrySize = PHDR_SIZE[header.class];
  if (header.phentsize !== entrySize)
    throw new ElfFormatError(
      'ELF_BAD_HEADER',
      `e_phentsize is ${header.phentsize}, expected ${entrySize}`,
      header.class === 64 ? 54 : 42,
    );
  const end = header.phoff + header.phnum * entrySize;
  if (end > source.size || header.phnum > MAX_PROGRAM_HEADERS)
    throw new ElfFormatError(
      'ELF_TRUNCATED',
      `program headers end at byte ${hex(end)}, but the file has ${hex(source.size)} bytes`,
      header.phoff,
    );
  // elfy wants the header and the table in one buffer and treats offset 0 as "no table".
  const table = new Uint8Array(entrySize + header.phnum * entrySize);
  table.set(source.read(header.phoff, header.phnum * entrySize), entrySize);
  const little = header.endian === 'little';
  const fields = new FieldReader(table, little);
  const { parser, decoded: ident } = decoderFor(header);
  const decoded = parser.parsePrograms(ElfyBytes.of(table), {
    ...ident,
    phoff: entrySize,
    phnum: header.phnum,
    phentsize: header.phentsize,
  });
  const addressAt = header.class === 64 ? 16 : 8;
  return decoded.map((program, index) => ({
    type: fields.u32(entrySize + index * entrySize) ?? 0,
    offset: program.offset,
    vaddr: fields.address(entrySize + index * entrySize + addressAt, header.class) ?? 0,
    filesz: program.filesz,
    memsz: program.memsz,
    align: program.align,
    readable: program.flags.r === true,
    writable: program.flags.w === true,
    executable: program.flags.x === true,
  }));
}

type Parser = InstanceType<typeof elfy.Parser>;
type Decoder = { readonly parser: Parser; readonly decoded: ReturnType<Parser['parseHeader']> };

const decoders = new Map<string, Decoder>();

/** A parser that is set to a class and byte order, as decoding a header of that kind leaves it. */
function decoderFor(header: ElfHeader): Decoder {
  const key = `${header.class} ${header.endian}`;
  let decoder = decoders.get(key);
  if (decoder === undefined) {
    const ident = new Uint8Array(64);
    ident.set([0x7f, 0x45, 0x4c, 0x46, header.class / 32, header.endian === 'little' ? 1 : 2]);
    const parser = new elfy.Parser();
    decoder = { parser, decoded: parser.parseHeader(new ElfyIdent(ident)) };
    decoders.set(key, decoder);
  }
  return decoder;
}

/** The few Buffer methods that elfy calls, over any Uint8Array, so that it works in a browser too. */
class ElfyBytes {
  readonly #view: DataView;
  readonly #start: number;
  readonly length: number;

  static of(bytes: Uint8Array): ElfyBytes {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new ElfyBytes(view, 0, bytes.length);
  }

  constructor(view: DataView, start: number, length: number) {
    this.#view = view;
    this.#start = start;
    this.length = length;
  }

  /** elfy slices what a segment's offset and size say, which may be anything. */
  slice(start: number, end: number): ElfyBytes {
    const from = Math.min(start, this.length);
    const length = Math.max(0, Math.min(end, this.length) - from);
    return new ElfyBytes(this.#view, this.#start + from, length);
  }

  readUInt16LE(offset: number): number {
    return this.#view.getUint16(this.#start + offset, true);
  }

  readUInt16BE(offset: number): number {
    return this.#view.getUint16(this.#start + offset, false);
  }

  readUInt32LE(offset: number): number {
    return this.#view.getUint32(this.#start + offset, true);
  }

  readUInt32BE(offset: number): number {
    return this.#view.getUint32(this.#start + offset, false);
  }
}

/** The bytes of an ELF header: elfy indexes e_ident as an array, of which it uses two bytes. */
class ElfyIdent extends ElfyBytes {
  readonly 4: number;
  readonly 5: number;

  constructor(ident: Uint8Array) {
    super(new DataView(ident.buffer, ident.byteOffset, ident.byteLength), 0, ident.length);
    this[4] = ident[4] ?? 0;
    this[5] = ident[5] ?? 0;
  }
}
