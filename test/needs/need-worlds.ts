/**
 * Small worlds for detectors of runtime needs: programs that call functions and hold texts, and a
 * libc of a release; and what the detectors find there.
 */

import { ET_EXEC } from '../../src/elf/constants.js';
import {
  detectRuntimeNeeds,
  memoryRoot,
  type NeedOptions,
  type RuntimeNeed,
  type TraceOptions,
  traceDependencies,
} from '../../src/index.js';
import { ByteWriter, buildElf, encode } from '../support/elf-builder.js';
import {
  type ElfNode,
  glibcSystem,
  memoryWorld,
  program,
  TRIPLET,
  type World,
} from '../support/world.js';

export const LIB = `/lib/${TRIPLET}`;
export const LIBC = `${LIB}/libc.so.6`;

/** Options of an ELF file that imports functions. */
export const calls = (...names: string[]): ElfNode => ({
  symbols: { list: names.map((name) => ({ name })) },
});

/** Options of an ELF file with texts in its data. */
export const texts = (...values: string[]): ElfNode => ({
  data: encode(`\0${values.join('\0')}\0`),
});

/** A stripped static program with texts in its data. */
export const staticProgram = (...values: string[]) => ({
  type: ET_EXEC,
  dynamic: false,
  ...texts(...values),
});

interface GoOptions {
  /** Names for stack traces. */
  readonly functions?: readonly string[];
  readonly version?: string;
  /** What stands between the marks. */
  readonly settings?: string;
  /** Bytes before it, to put it at another alignment. */
  readonly shift?: number;
}

const MARK = '0123456789abcdef';
export const GO_MAGIC = '\xff Go buildinf:';

/** The build information of a Go program since 1.18, and names of its functions. */
function goData({ functions = [], version = 'go1.24.1', settings = '' }: GoOptions): Uint8Array {
  const info = `${MARK}${settings}${MARK}`;
  const head = `${GO_MAGIC}\x08\x02`.padEnd(32, '\0');
  const size = (text: string) => [0x80 | (text.length & 0x7f), text.length >> 7];
  const latin1 = (text: string) => Array.from(text, (character) => character.charCodeAt(0));
  return Uint8Array.from([
    ...latin1(head),
    ...[...size(version), ...latin1(version), ...size(info), ...latin1(info)],
    ...latin1(`\0${functions.join('\0')}\0`),
  ]);
}

/** A program of Go, static unless the options say otherwise, as bytes of a file. */
export function goProgram(go: GoOptions = {}, options: ElfNode = {}): Uint8Array {
  const shifted = (shift: number) => {
    const data = Uint8Array.from([...new Array(shift).fill(0), ...goData(go)]);
    const usual = { type: ET_EXEC, dynamic: false } as const;
    const { soname: _, ...rest } = { ...usual, ...options };
    return buildElf({ ...rest, data });
  };
  const at = Buffer.from(shifted(0)).indexOf(GO_MAGIC, 0, 'latin1');
  return shifted(((16 - (at % 16)) % 16) + (go.shift ?? 0));
}

/** Debian's glibc 2.`minor`: a loader, and a libc that defines its version and knows its gconv. */
export function glibcWith(minor = 36): World {
  const definitions = [{ name: 'libc.so.6', index: 1, flags: 1 }].concat(
    ['GLIBC_2.2.5', `GLIBC_2.${minor}`].map((name, at) => ({ name, index: at + 2, flags: 0 })),
  );
  return {
    ...glibcSystem(minor),
    [LIBC]: {
      ...texts(
        `/usr/lib/${TRIPLET}/gconv/gconv-modules.cache`,
        `GNU C Library (Debian) stable release version 2.${minor}.\n`,
      ),
      symbols: { list: [], definitions },
    },
  };
}

/** Debian's glibc 2.36 and a program at /app/main that calls functions of these names. */
export function app(...names: string[]): World {
  return {
    ...glibcWith(),
    '/app/main': program({ needed: ['libc.so.6'], ...calls(...names) }),
  };
}

/** Needs of the programs of a world, by default of /app/main. */
export function needsIn(
  world: World,
  options: NeedOptions & TraceOptions & { readonly programs?: readonly string[] } = {},
): RuntimeNeed[] {
  const { programs = ['/app/main'], ...rest } = options;
  const trace = traceDependencies(memoryRoot(memoryWorld(world)), programs, rest);
  if (trace.errors[0] !== undefined) throw trace.errors[0];
  return detectRuntimeNeeds(trace, rest);
}

interface UnstrippedOptions {
  readonly elfClass?: 32 | 64;
  readonly little?: boolean;
  /** {@link texts}. */
  readonly data?: Pick<ElfNode, 'data'>;
}

/** A static program with a symbol table of functions, as one that is not stripped. */
export function unstripped(
  functions: readonly string[],
  { elfClass = 64, little = true, data = {} }: UnstrippedOptions = {},
): Uint8Array {
  const is64 = elfClass === 64;
  const endian = little ? 'little' : 'big';
  const file = buildElf({
    type: ET_EXEC,
    class: elfClass,
    endian,
    dynamic: false,
    ...(data.data === undefined ? {} : { data: data.data }),
  });
  const [symbols, strings, sections] = Array.from(
    { length: 3 },
    () => new ByteWriter(little, is64),
  );
  if (!symbols || !strings || !sections) throw new Error('three tables');
  strings.bytes([0]);
  const symbol = (name: string, type: number, section: number) => {
    const at = strings.length;
    strings.bytes(encode(`${name}\0`));
    symbols.u32(at);
    if (!is64) symbols.reserve(8);
    symbols.bytes([(1 << 4) | type, 0]);
    symbols.u16(section);
    if (is64) symbols.reserve(16);
  };
  for (const name of functions) symbol(name, 2, 1);
  // What is no function, or not there, is no evidence.
  symbol('popen', 1, 1);
  symbol('wordexp', 2, 0);
  const place = (type: number, offset: number, size: number, link: number) => {
    sections.u32(0);
    sections.u32(type);
    for (const word of [0, 0, offset, size]) sections.word(word);
    for (const word of [link, 0]) sections.u32(word);
    for (const word of [0, 0]) sections.word(word);
  };
  const [tableAt, textAt] = [file.length, file.length + symbols.length];
  place(0, 0, 0, 0);
  place(2, tableAt, symbols.length, 2);
  place(3, textAt, strings.length, 0);
  const whole = [file, symbols.result(), strings.result(), sections.result()];
  const bytes = new Uint8Array(Buffer.concat(whole));
  const fields = new DataView(bytes.buffer);
  const sectionsAt = textAt + strings.length;
  if (is64) fields.setBigUint64(40, BigInt(sectionsAt), little);
  else fields.setUint32(32, sectionsAt, little);
  fields.setUint16(is64 ? 58 : 46, is64 ? 64 : 40, little);
  fields.setUint16(is64 ? 60 : 48, 3, little);
  return bytes;
}
