/**
 * ELF files out of options, without a compiler: one PT_LOAD segment that holds everything, a dynamic
 * section, an interpreter, notes. Real loaders accept them (they map, and have few symbols), so the
 * same file serves a table test and a comparison with a loader. No section headers.
 * Knobs at the end of the options make damaged files.
 */
import { type Address, addressBehind } from '../../src/elf/address.js';
import * as c from '../../src/elf/constants.js';
import type { DynamicNeed } from '../../src/elf/dynamic.js';
import { placeNoSymbols, placeSymbols, type SymbolOptions } from './symbol-tables.js';

const PT_PHDR = 6;

export interface ElfOptions {
  readonly class?: 32 | 64;
  readonly endian?: 'little' | 'big';
  /** e_machine; x86-64, or i386 for class 32. */
  readonly machine?: number;
  /** e_flags. */
  readonly flags?: number;
  /** e_type; ET_DYN. */
  readonly type?: number;
  /** Address of the first byte; 0x400000 for a program that is not position-independent, else 0. */
  readonly base?: Address;
  readonly osabi?: number;
  readonly abiVersion?: number;
  readonly interpreter?: string;
  readonly needed?: readonly string[];
  /** DT_NEEDED, DT_FILTER and DT_AUXILIARY in this order, after `needed`. */
  readonly needs?: readonly DynamicNeed[];
  readonly soname?: string;
  /** A list writes the tag several times. */
  readonly rpath?: string | readonly string[];
  readonly runpath?: string | readonly string[];
  readonly audit?: string;
  readonly depaudit?: string;
  /** DT_FLAGS and DT_FLAGS_1. */
  readonly dynamicFlags?: number;
  readonly flags1?: number;
  /** Further entries; text becomes an offset in the string table. */
  readonly tags?: readonly (readonly [tag: number, value: number | string])[];
  /** Symbols, versions and relocations; without it one symbol and an empty hash table. */
  readonly symbols?: SymbolOptions;
  /** NT_GNU_ABI_TAG: operating system and kernel version. */
  readonly abiTag?: readonly [os: number, major: number, minor: number, patch: number];
  /** Descriptors of .note.dlopen notes: text as it is, anything else as JSON. */
  readonly dlopen?: readonly unknown[];
  /** Whole note segments, raw. */
  readonly rawNotes?: readonly Uint8Array[];
  /** false: no PT_DYNAMIC, as in a static program. */
  readonly dynamic?: boolean;
  /** Bytes appended inside the segment, such as the strings of a loader. */
  readonly data?: Uint8Array;

  /** Damage: e_ident[EI_VERSION], e_version, a byte of the padding. */
  readonly identVersion?: number;
  readonly version?: number;
  readonly identPadding?: number;
  readonly phentsize?: number;
  readonly phnum?: number;
  readonly phoff?: number;
  /** PT_DYNAMIC with p_filesz 0, as in a split debug file. */
  readonly debugOnly?: boolean;
  /** PT_LOAD headers instead of one for the whole file, whose size and string table are given. */
  readonly loads?: (file: { size: number; strings: number }) => readonly LoadOptions[];
  /** How many PT_LOAD headers `loads` gives. */
  readonly loadCount?: number;
  /** No DT_NULL at the end, and nothing behind it. */
  readonly unterminated?: boolean;
  /** DT_STRTAB: an address, or false for no such tag. */
  readonly strtab?: number | false;
  /** DT_STRSZ, when it shall not be the size of the table. */
  readonly strsz?: number;
  /** p_vaddr of PT_DYNAMIC, instead of where the section is. */
  readonly dynamicAddress?: Address;
  /** Keep only so many bytes. */
  readonly truncate?: number;
  /** Bytes to overwrite, last of all. */
  readonly patch?: readonly (readonly [offset: number, ...bytes: number[]])[];
}

/** A PT_LOAD header; what is left out is as in a file that is mapped as it is. */
export interface LoadOptions {
  readonly offset: number;
  readonly filesz: number;
  readonly memsz?: number;
  /** Added to the address that the offset has. */
  readonly shift?: number;
}

interface Segment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly filesz: number;
  readonly memsz?: number;
  readonly address?: Address;
  readonly align: number;
}

/** The bytes of a file as the options say. The same options give the same bytes. */
export function buildElf(options: ElfOptions = {}): Uint8Array {
  const elfClass = options.class ?? 64;
  const is64 = elfClass === 64;
  const little = (options.endian ?? 'little') === 'little';
  const type = options.type ?? c.ET_DYN;
  const base = options.base ?? (type === c.ET_EXEC ? 0x400000 : 0);
  const hasDynamic = options.dynamic ?? (type === c.ET_DYN || options.interpreter !== undefined);
  const notes = [...(options.rawNotes ?? []), ...builtNotes(options, little)];
  const loadable = type === c.ET_EXEC || type === c.ET_DYN;
  const ehdrSize = is64 ? 64 : 52;
  const phdrSize = is64 ? 56 : 32;
  const phdrCount = loadable
    ? 1 +
      (options.loadCount ?? 1) +
      (options.interpreter === undefined ? 0 : 2) +
      (hasDynamic ? 1 : 0) +
      notes.length
    : 0;

  const out = new ByteWriter(little, is64);
  out.reserve(ehdrSize + phdrCount * phdrSize);
  const segments: Segment[] = [];
  if (options.interpreter !== undefined) {
    segments.push({
      type: PT_PHDR,
      flags: 4,
      offset: ehdrSize,
      filesz: phdrCount * phdrSize,
      align: 8,
    });
    const text = encode(`${options.interpreter}\0`);
    segments.push({ type: c.PT_INTERP, flags: 4, ...out.place(text, 1), align: 1 });
  }
  const noteSegments = notes.map((note) => ({
    type: c.PT_NOTE,
    flags: 4,
    ...out.place(note, 4),
    align: 4,
  }));
  if (options.data !== undefined) out.place(options.data, 8);
  const dynamic = hasDynamic ? placeDynamic(out, options, base) : undefined;
  const size = out.length;
  const loads = options.loads?.({ size, strings: dynamic?.strings ?? 0 });
  for (const { offset, filesz, memsz, shift = 0 } of loads ?? [{ offset: 0, filesz: size }]) {
    const address = addressBehind(base, offset + shift);
    segments.push({ type: c.PT_LOAD, flags: 6, offset, filesz, memsz, address, align: 0x1000 });
  }
  if (dynamic !== undefined)
    segments.push({
      type: c.PT_DYNAMIC,
      flags: 6,
      offset: dynamic.offset,
      filesz: options.debugOnly ? 0 : dynamic.filesz,
      align: 8,
      ...(options.dynamicAddress === undefined ? {} : { address: options.dynamicAddress }),
    });
  segments.push(...noteSegments);
  segments.push({ type: c.PT_GNU_STACK, flags: 6, offset: 0, filesz: 0, address: 0, align: 16 });

  const head = new ByteWriter(little, is64);
  head.bytes([0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, little ? 1 : 2, options.identVersion ?? 1]);
  head.bytes([options.osabi ?? 0, options.abiVersion ?? 0, options.identPadding ?? 0]);
  head.bytes([0, 0, 0, 0, 0, 0]);
  head.u16(type);
  head.u16(options.machine ?? (is64 ? c.EM_X86_64 : c.EM_386));
  head.u32(options.version ?? 1);
  head.word(loadable ? addressBehind(base, ehdrSize) : 0);
  head.word(options.phoff ?? (loadable ? ehdrSize : 0));
  head.word(0);
  head.u32(options.flags ?? 0);
  head.u16(ehdrSize);
  head.u16(options.phentsize ?? (loadable ? phdrSize : 0));
  head.u16(options.phnum ?? phdrCount);
  head.bytes([0, 0, 0, 0, 0, 0]);
  if (loadable)
    for (const segment of segments) {
      const address = segment.address ?? addressBehind(base, segment.offset);
      head.u32(segment.type);
      if (is64) head.u32(segment.flags);
      head.word(segment.offset);
      head.word(address);
      head.word(address);
      head.word(segment.filesz);
      head.word(segment.memsz ?? segment.filesz);
      if (!is64) head.u32(segment.flags);
      head.word(segment.align);
    }
  const bytes = out.result();
  bytes.set(head.result());
  for (const [offset, ...values] of options.patch ?? []) bytes.set(values, offset);
  return options.truncate === undefined ? bytes : bytes.slice(0, options.truncate);
}

/** Where the dynamic section stands in a file that {@link buildElf} made. */
function placeDynamic(
  out: ByteWriter,
  options: ElfOptions,
  base: Address,
): { offset: number; filesz: number; strings: number } {
  const strings = new ByteWriter(true, false);
  strings.bytes([0]);
  const text = (value: string): number => {
    const at = strings.length;
    strings.bytes(encode(`${value}\0`));
    return at;
  };
  const entries: [number, Address][] = [];
  const add = (tag: number, value: string | Address | readonly string[] | undefined) => {
    if (value === undefined) return;
    if (typeof value === 'number' || typeof value === 'bigint') entries.push([tag, value]);
    else
      for (const one of typeof value === 'string' ? [value] : value) entries.push([tag, text(one)]);
  };
  const needTags = { needed: c.DT_NEEDED, filter: c.DT_FILTER, auxiliary: c.DT_AUXILIARY };
  add(c.DT_NEEDED, options.needed);
  for (const need of options.needs ?? []) add(needTags[need.kind], need.name);
  add(c.DT_SONAME, options.soname);
  add(c.DT_RPATH, options.rpath);
  add(c.DT_RUNPATH, options.runpath);
  add(c.DT_AUDIT, options.audit);
  add(c.DT_DEPAUDIT, options.depaudit);
  add(c.DT_FLAGS, options.dynamicFlags);
  add(c.DT_FLAGS_1, options.flags1);
  for (const [tag, value] of options.tags ?? []) add(tag, value);

  const machine = options.machine ?? (out.is64 ? c.EM_X86_64 : c.EM_386);
  const place = { out, base, text, machine };
  const tables =
    options.symbols === undefined ? placeNoSymbols(place) : placeSymbols(place, options.symbols);
  const stringBytes = strings.result();
  const table = out.place(stringBytes, 1);
  if (options.strtab !== false)
    add(c.DT_STRTAB, options.strtab ?? addressBehind(base, table.offset));
  add(c.DT_STRSZ, options.strsz ?? stringBytes.length);
  for (const [tag, value] of tables) add(tag, value);
  if (!options.unterminated) entries.push([c.DT_NULL, 0]);

  const section = new ByteWriter(out.little, out.is64);
  for (const [tag, value] of entries) {
    section.word(tag);
    section.word(value);
  }
  return { ...out.place(section.result(), 8), strings: table.offset };
}

function builtNotes(options: ElfOptions, little: boolean): Uint8Array[] {
  const notes: Uint8Array[] = [];
  if (options.abiTag !== undefined) {
    const desc = new ByteWriter(little, false);
    for (const word of options.abiTag) desc.u32(word);
    notes.push(buildNote('GNU', c.NT_GNU_ABI_TAG, desc.result(), little));
  }
  for (const entry of options.dlopen ?? []) {
    const json = typeof entry === 'string' ? entry : JSON.stringify(entry);
    notes.push(buildNote('FDO', c.NT_FDO_DLOPEN, encode(`${json}\0`), little));
  }
  return notes;
}

/** One note, padded to 4 bytes. */
export function buildNote(
  owner: string,
  type: number,
  desc: Uint8Array,
  little = true,
): Uint8Array {
  const out = new ByteWriter(little, false);
  out.u32(owner.length + 1);
  out.u32(desc.length);
  out.u32(type);
  out.place(encode(`${owner}\0`), 4);
  out.place(desc, 4);
  out.align(4);
  return out.result();
}

export function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Bytes that grow, with integers in a byte order and addresses of a class. */
export class ByteWriter {
  readonly little: boolean;
  readonly is64: boolean;
  readonly #bytes: number[] = [];

  constructor(little: boolean, is64: boolean) {
    this.little = little;
    this.is64 = is64;
  }

  get length(): number {
    return this.#bytes.length;
  }

  bytes(values: Iterable<number>): void {
    for (const value of values) this.#bytes.push(value);
  }

  reserve(count: number): void {
    for (let i = 0; i < count; i++) this.#bytes.push(0);
  }

  align(to: number): void {
    while (this.#bytes.length % to !== 0) this.#bytes.push(0);
  }

  /** Appends at the next multiple of `align` and says where. */
  place(bytes: Uint8Array, align: number): { offset: number; filesz: number } {
    this.align(align);
    const offset = this.length;
    this.bytes(bytes);
    return { offset, filesz: bytes.length };
  }

  u16(value: number): void {
    this.#integer(BigInt(value), 2);
  }

  u32(value: number): void {
    this.#integer(BigInt(value), 4);
  }

  u64(value: number | bigint): void {
    this.#integer(BigInt(value), 8);
  }

  word(value: Address): void {
    this.#integer(BigInt(value), this.is64 ? 8 : 4);
  }

  result(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  #integer(value: bigint, size: number): void {
    const bytes: number[] = [];
    for (let i = 0; i < size; i++) bytes.push(Number((value >> BigInt(8 * i)) & 0xffn));
    this.bytes(this.little ? bytes : bytes.reverse());
  }
}
