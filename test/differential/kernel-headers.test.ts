/**
 * Headers as the kernel reads them: a program of this machine with damaged headers, or with an
 * interpreter of another kind, started in a chroot as an ordinary user, against what `check` says of it.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  DT_STRSZ,
  PT_DYNAMIC,
  PT_GNU_EH_FRAME,
  PT_INTERP,
  PT_LOAD,
} from '../../src/elf/constants.js';
import { checkTrace, directoryRoot, traceDependencies } from '../../src/index.js';
import { type MemoryNode, memoryRoot } from '../../src/root/memory-root.js';
import { writeWorld } from '../support/disk-world.js';
import { buildElf } from '../support/elf-builder.js';
import { type Answer, runJobs } from '../support/real-loader.js';
import { describeWith, requirement } from '../support/requirement.js';

const PROGRAM = '/bin/true';
const MAIN = '/app/main';
const LD = '/lib64/ld-linux-x86-64.so.2';

type Bytes = Uint8Array;
interface Case {
  readonly what: string;
  /** Changes the program's bytes. */
  readonly program?: (bytes: Bytes) => Bytes;
  /** The path in PT_INTERP, and what stands in the root beside the program and its libraries. */
  readonly interpreter?: string;
  readonly files?: Readonly<Record<string, MemoryNode>>;
  readonly cwd?: string;
}

const view = (bytes: Bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Program headers of a 64-bit file: where each is, and its type. */
function headers(bytes: Bytes): { at: number; type: number }[] {
  const fields = view(bytes);
  const start = Number(fields.getBigUint64(32, true));
  return Array.from({ length: fields.getUint16(56, true) }, (_, index) => {
    const at = start + index * 56;
    return { at, type: fields.getUint32(at, true) };
  });
}

const interpHeader = (bytes: Bytes) =>
  (headers(bytes).find(({ type }) => type === PT_INTERP) as { at: number }).at;

/** Sets p_filesz of PT_INTERP to what `size` makes of it. */
const resized = (size: (old: number) => number) => (bytes: Bytes) => {
  const at = interpHeader(bytes) + 32;
  view(bytes).setBigUint64(at, BigInt(size(Number(view(bytes).getBigUint64(at, true)))), true);
  return bytes;
};

/** Puts a text and a size for PT_INTERP at the end of the file. */
const withInterpreter =
  (text: string, size = text.length) =>
  (bytes: Bytes) => {
    const grown = new Uint8Array(bytes.length + Math.max(text.length, 1));
    grown.set(bytes);
    grown.set(new TextEncoder().encode(text), bytes.length);
    const at = interpHeader(grown);
    view(grown).setBigUint64(at + 8, BigInt(bytes.length), true);
    view(grown).setBigUint64(at + 32, BigInt(size), true);
    return grown;
  };

const put =
  (offset: number, ...values: number[]) =>
  (bytes: Bytes) => {
    bytes.set(values, offset);
    return bytes;
  };

/** Makes a PT_LOAD of the header for unwinding, which no start looks at. */
function addLoad(bytes: Bytes, offset: number, address: number, size: number): void {
  const { at } = headers(bytes).find(({ type }) => type === PT_GNU_EH_FRAME) as { at: number };
  const fields = view(bytes);
  fields.setUint32(at, PT_LOAD, true);
  fields.setUint32(at + 4, 4, true);
  for (const [index, value] of [offset, address, address, size, size, 0x1000].entries())
    fields.setBigUint64(at + 8 + index * 8, BigInt(value), true);
}

/** Where the name of libc is, which is in the first segment, and the size of that. */
function firstSegment(bytes: Bytes): { name: number; at: number; size: number } {
  const { at } = headers(bytes).find(({ type }) => type === PT_LOAD) as { at: number };
  const size = Number(view(bytes).getBigUint64(at + 32, true));
  return { name: Buffer.from(bytes).indexOf('libc.so.6'), at, size };
}

/** The first segment in two parts, which meet within the name of libc. */
function split(bytes: Bytes): Bytes {
  const { name, at, size } = firstSegment(bytes);
  const cut = name + 4;
  for (const field of [32, 40]) view(bytes).setBigUint64(at + field, BigInt(cut), true);
  addLoad(bytes, cut, cut, size - cut);
  return bytes;
}

/** A copy of the first segment with another name for libc, mapped over it. */
function overlaid(bytes: Bytes): Bytes {
  const { name, size } = firstSegment(bytes);
  const end = Math.ceil(bytes.length / 0x1000) * 0x1000;
  const grown = new Uint8Array(end + size);
  grown.set(bytes);
  grown.set(bytes.subarray(0, size), end);
  grown[end + name + 3] = 0x71;
  addLoad(grown, end, 0, size);
  return grown;
}

/** The value of the first entry of a tag. */
const withTag = (tag: number, value: number) => (bytes: Bytes) => {
  const { at } = headers(bytes).find(({ type }) => type === PT_DYNAMIC) as { at: number };
  let entry = Number(view(bytes).getBigUint64(at + 8, true));
  while (Number(view(bytes).getBigUint64(entry, true)) !== tag) entry += 16;
  view(bytes).setBigUint64(entry + 8, BigInt(value), true);
  return bytes;
};

const loader = (): Bytes => new Uint8Array(readFileSync(LD));
const X = '/x/ld-linux-x86-64.so.2';

const cases: readonly Case[] = [
  { what: 'as it is' },
  { what: 'PT_INTERP without its NUL', program: resized((size) => size - 1) },
  { what: 'PT_INTERP of one byte', program: resized(() => 1) },
  { what: 'PT_INTERP of no byte', program: resized(() => 0) },
  { what: 'PT_INTERP of two bytes', program: resized(() => 2) },
  { what: 'PT_INTERP of 4096 bytes', program: withInterpreter(LD.padEnd(4096, '\0')) },
  { what: 'PT_INTERP of 4097 bytes', program: withInterpreter(LD.padEnd(4097, '\0')) },
  { what: 'PT_INTERP with text behind the NUL', program: withInterpreter(`${LD}\0text`) },
  { what: 'PT_INTERP with text and a NUL behind', program: withInterpreter(`${LD}\0text\0`) },
  { what: 'PT_INTERP that the file ends in', program: withInterpreter(LD, LD.length + 20) },
  { what: 'PT_INTERP behind the file', program: withInterpreter('', 30) },
  { what: 'an empty path', program: withInterpreter('\0\0') },
  { what: 'a string table across two segments', program: split },
  { what: 'a segment over another one', program: overlaid },
  { what: 'DT_STRSZ of 1', program: withTag(DT_STRSZ, 1) },
  { what: 'e_phentsize of 55', program: put(54, 55) },
  { what: 'e_phnum of 0', program: put(56, 0, 0) },
  { what: 'a relocatable file', program: put(16, 1) },
  { what: 'another machine', program: put(18, 183) },
  { what: 'EI_VERSION of 0', program: put(6, 0) },
  { what: 'no magic', program: put(1, 0x65) },
  {
    what: 'two PT_INTERP, of which the first is good',
    program: (bytes) => {
      const last = headers(bytes).findLast(({ type }) => type !== PT_LOAD && type !== 2);
      if (last === undefined) throw new Error('no header to replace');
      view(bytes).setUint32(last.at, PT_INTERP, true);
      return bytes;
    },
  },
  {
    what: 'a relative path',
    interpreter: './ld-linux-x86-64.so.2',
    files: { [X]: { link: LD } },
    cwd: '/x',
  },
  {
    what: 'a bare name',
    interpreter: 'ld-linux-x86-64.so.2',
    files: { [X]: { link: LD } },
    cwd: '/x',
  },
  {
    what: 'a path below',
    interpreter: './ld-linux-x86-64.so.2',
    files: { [X]: { link: LD } },
    cwd: '/',
  },
  {
    what: 'a relative path, started elsewhere',
    interpreter: './ld-linux-x86-64.so.2',
    cwd: '/app',
  },
  { what: 'a missing interpreter', interpreter: '/x/ld-linux.so.2' },
  { what: 'a dangling link', interpreter: X, files: { [X]: { link: '/nowhere' } } },
  { what: 'a link to itself', interpreter: X, files: { [X]: { link: X } } },
  { what: 'a directory', interpreter: X, files: { [`${X}/y`]: '' } },
  { what: 'mode 644', interpreter: X, files: { [X]: { bytes: loader(), mode: 0o644 } } },
  { what: 'mode 111', interpreter: X, files: { [X]: { bytes: loader(), mode: 0o111 } } },
  { what: 'an empty file', interpreter: X, files: { [X]: '' } },
  { what: 'a short text', interpreter: X, files: { [X]: 'text' } },
  { what: 'a long text', interpreter: X, files: { [X]: 'text '.repeat(50) } },
  { what: 'a loader for aarch64', interpreter: X, files: { [X]: put(18, 183)(loader()) } },
  { what: 'a loader for i386', interpreter: X, files: { [X]: buildElf({ class: 32 }) } },
  { what: 'a loader with e_phentsize 55', interpreter: X, files: { [X]: put(54, 55)(loader()) } },
  { what: 'a loader without segments', interpreter: X, files: { [X]: put(56, 0, 0)(loader()) } },
  { what: 'a loader that is cut off', interpreter: X, files: { [X]: loader().slice(0, 100) } },
];

/** What a kernel's error is in the words that runc prints. */
const WORDS: Readonly<Record<number, string>> = {
  2: 'no such file or directory',
  5: 'input/output error',
  8: 'exec format error',
  13: 'permission denied',
  40: 'too many levels of symbolic links',
  80: 'accessing a corrupted shared library',
};

/** `starts`, or why exec fails. */
function kernelAnswer({ code, err }: Answer): string {
  const errno = /OSError\((\d+)|Error\((\d+)/.exec(err);
  if (errno !== null) return WORDS[Number(errno[1] ?? errno[2])] ?? err;
  if (err.includes('error while loading shared libraries')) return 'LIBRARY_NOT_FOUND';
  return code === 0 ? 'starts' : `dies: ${code} ${err}`;
}

const isHere = process.platform === 'linux' && process.arch === 'x64';
describeWith(
  'headers and interpreters as the kernel reads them',
  [requirement('Linux on x86-64', isHere), requirement('the root user', process.getuid?.() === 0)],
  () => {
    /** The program with its libraries and loader, at the paths where they are looked for. */
    const base: Record<string, MemoryNode> = {};
    const worldOf = (one: Case): Record<string, MemoryNode> => {
      let bytes: Bytes = new Uint8Array(readFileSync(PROGRAM));
      if (one.interpreter !== undefined) bytes = withInterpreter(`${one.interpreter}\0`)(bytes);
      if (one.program !== undefined) bytes = one.program(bytes);
      return { ...base, '/x/empty': '', [MAIN]: { bytes, mode: 0o755 }, ...one.files };
    };
    let answers: Answer[];
    let differences = 0;

    beforeAll(() => {
      const [closure] = traceDependencies(directoryRoot('/'), [PROGRAM]).closures;
      for (const { object } of closure?.libraries ?? [])
        if (object !== undefined)
          base[object.path] = { bytes: new Uint8Array(readFileSync(object.path)), mode: 0o755 };
      base[LD] = { bytes: loader(), mode: 0o755 };
      answers = runJobs(cases, (one, root) => {
        writeWorld(root, worldOf(one));
        return { root, cwd: one.cwd ?? '/', argv: [MAIN], env: {} };
      });
    });
    afterAll(() => console.log(`${cases.length} cases, ${differences} differences`));

    cases.forEach((one, index) => {
      it(one.what, () => {
        const real = kernelAnswer(answers[index] as Answer);
        const trace = traceDependencies(memoryRoot(worldOf(one)), [MAIN], { cwd: one.cwd ?? '/' });
        const [checked] = checkTrace(trace);
        const refusal = checked?.findings.find((finding) => finding.severity === 'error');
        const said = /^exec [^:]*: (.*)$/m.exec(refusal?.seen ?? '')?.[1];
        // A file that cannot be parsed is no program to the kernel either.
        const unread = /^(?:ELF_|NOT_ELF)/.test(trace.errors[0]?.code ?? '')
          ? 'exec format error'
          : trace.errors[0]?.code;
        const failed = unread ?? said ?? refusal?.code;
        const ours = failed ?? 'starts';
        if (ours !== real) differences++;
        expect(ours).toBe(real);
      });
    });
  },
);
