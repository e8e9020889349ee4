/**
 * What loaders print when a program does not start, or a preload is ignored: the words, the file that
 * they name, and which of several failures is told. For glibc of every release, and for musl.
 */

import type { Closure } from '../../../src/closure/closure.js';
import type { TraceOptions } from '../../../src/closure/trace.js';
import * as c from '../../../src/elf/constants.js';
import { buildElf } from '../../support/elf-builder.js';
import { muslProgram, program, traceWorld, type World } from '../../support/world.js';

export interface MessageRow {
  readonly what: string;
  readonly needed?: string;
  readonly world?: World;
  readonly options?: TraceOptions;
  /** What glibc prints; one line. */
  readonly glibc: string;
  /** What musl prints; without it, musl has no such rule. */
  readonly musl?: string;
}

const missing = (name: string, error: string) =>
  `/app/main: error while loading shared libraries: ${name}: ${error}`;
const muslMissing = (name: string, error: string) =>
  `Error loading shared library ${name}: ${error} (needed by /app/main)`;
const ignored = (name: string, error: string) =>
  `ERROR: ld.so: object '${name}' from LD_PRELOAD cannot be preloaded (${error}): ignored.`;
const NOT_FOUND = 'cannot open shared object file: No such file or directory';
const LONG = `/${'a'.repeat(300)}`;
const NO_SUCH = 'No such file or directory';

export const messages: readonly MessageRow[] = [
  {
    what: 'nothing is there',
    needed: 'liba.so',
    glibc: missing('liba.so', NOT_FOUND),
    musl: muslMissing('liba.so', NO_SUCH),
  },
  {
    what: 'a needed path that is a link to itself',
    needed: '/loop.so',
    world: { '/loop.so': { link: 'loop.so' } },
    glibc: missing('/loop.so', 'cannot open shared object file: Error 40'),
    musl: muslMissing('/loop.so', 'Symbolic link loop'),
  },
  {
    what: 'a needed path below a file',
    needed: '/file/liba.so',
    world: { '/file': 'text' },
    glibc: missing('/file/liba.so', 'cannot open shared object file: Error 20'),
    musl: muslMissing('/file/liba.so', 'Not a directory'),
  },
  {
    what: 'a needed path that is too long',
    needed: LONG,
    glibc: missing(LONG, 'cannot open shared object file: Error 36'),
    musl: muslMissing(LONG, 'Filename too long'),
  },
  {
    what: 'a link to itself, and nothing in the directories after it',
    needed: 'liba.so',
    world: { '/bad/liba.so': { link: 'liba.so' } },
    options: { libraryPath: '/bad' },
    glibc: missing('liba.so', NOT_FOUND),
    musl: muslMissing('liba.so', 'Symbolic link loop'),
  },
  {
    what: 'no read permission, and nothing in the directories after it',
    needed: 'liba.so',
    world: { '/bad/liba.so': { bytes: buildElf(), mode: 0o000, unreadable: true } },
    options: { libraryPath: '/bad' },
    glibc: missing('liba.so', NOT_FOUND),
  },
  {
    what: 'a path without read permission',
    needed: '/bad/liba.so',
    world: { '/bad/liba.so': { bytes: buildElf(), mode: 0o000, unreadable: true } },
    glibc: missing('/bad/liba.so', 'cannot open shared object file: Permission denied'),
  },
  {
    what: 'another class, and nothing in the directories after it',
    needed: 'liba.so',
    world: { '/bad/liba.so': { class: 32 } },
    options: { libraryPath: '/bad' },
    glibc: missing('liba.so', 'wrong ELF class: ELFCLASS32'),
  },
  {
    what: 'another class, and no read permission after it',
    needed: 'liba.so',
    world: {
      '/bad/liba.so': { class: 32 },
      '/lib/liba.so': { bytes: buildElf(), mode: 0o000, unreadable: true },
    },
    options: { libraryPath: '/bad' },
    glibc: missing('liba.so', 'wrong ELF class: ELFCLASS32'),
  },
  {
    what: 'no class at all',
    needed: '/bad/liba.so',
    world: { '/bad/liba.so': { patch: [[4, 0]] } },
    glibc: missing('/bad/liba.so', 'wrong ELF class: ELFCLASS32'),
  },
  {
    what: 'a preload that is a directory',
    world: { '/bad': { directory: true } },
    options: { preload: '/bad' },
    glibc: ignored('/bad', 'cannot read file data'),
  },
  {
    what: 'a preload that is nowhere',
    options: { preload: 'libp.so' },
    glibc: ignored('libp.so', 'cannot open shared object file'),
  },
  {
    what: 'a preload that is text',
    world: { '/bad.so': 'text that is longer than the header of an ELF file is, by some bytes\n' },
    options: { preload: '/bad.so' },
    glibc: ignored('/bad.so', 'invalid ELF header'),
  },
  {
    what: 'a preload of another class',
    world: { '/bad.so': { class: 32 } },
    options: { preload: '/bad.so' },
    glibc: ignored('/bad.so', 'wrong ELF class: ELFCLASS32'),
  },
  {
    what: 'a preload that is an executable',
    world: { '/bad.so': { type: c.ET_EXEC } },
    options: { preload: '/bad.so' },
    glibc: ignored('/bad.so', 'cannot dynamically load executable'),
  },
];

/** The world of a row, with the program. */
export function messageWorld({ needed, world }: MessageRow, loader: 'glibc' | 'musl'): World {
  const options = { needed: needed === undefined ? [] : [needed] };
  return { ...world, '/app/main': loader === 'musl' ? muslProgram(options) : program(options) };
}

/** The first line that the loader prints when /app/main is started, as we have it. */
export function firstLine(world: World, options: TraceOptions = {}): string {
  // A library that may not be read is an error of the trace too, and no part of this.
  const { closures } = traceWorld(world, '/app/main', options);
  const { program, traits, ignoredPreloads, fatal, libraries } = closures[0] as Closure;
  const words = traits?.words;
  const [preload] = ignoredPreloads;
  if (preload !== undefined) return words?.preloadIgnored?.(preload) ?? '';
  if (fatal !== undefined) return words?.givesUp(program.path, fatal) ?? '';
  const miss = libraries.find(({ status }) => status === 'missing');
  if (miss === undefined) return '';
  const { name, error = '' } = miss;
  const neededBy = program.path;
  return words?.libraryNotFound({ program: program.path, name, error, neededBy }) ?? '';
}
