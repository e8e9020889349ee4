/**
 * What a root tells about itself: for which CPU it is, and whose C library it has. Read from files
 * that some root has whatever system it is; never from the checked program, which may be foreign.
 */

import type { ElfFile } from '../elf/elf-file.js';
import type { Cpu } from '../elf/platform.js';
import type { RootFiles } from '../files/root-files.js';
import type { Loader } from '../loader/loader.js';
import { namesIn } from '../root/list-directory.js';
import { baseName } from '../root/path-text.js';
import type { Root } from '../root/root.js';

export type { Cpu } from '../elf/platform.js';

export interface RootSystem {
  /** Absent where nothing tells, as in an empty root. */
  readonly cpu?: Cpu;
  /** The C library of the root's own programs or loader; absent where there is none. */
  readonly libc?: string;
  /** The loader's file of that C library. */
  readonly loaderPath?: string;
  /** Every loader that stands where loaders do, and that of the root's own programs. */
  readonly loaders: readonly { readonly path: string; readonly libc: string }[];
  /** The file that tells. */
  readonly evidence?: string;
}

/** Shells and programs first: a root may hold loaders of several CPUs, but one /bin/sh. */
const PROGRAMS = ['/bin/sh', '/bin/busybox', '/usr/bin/env', '/bin/ls', '/sbin/init'];
const LOADER_DIRECTORIES = ['/lib64', '/lib'];
const LOADER_NAME = /^(?:ld-musl-[\w-]+\.so\.1|ld-linux[\w.-]*\.so\.\d|ld64\.so\.\d|ld\.so\.1)$/;

/** Looks at the root. `own` are the checked programs, which prove nothing. */
export function readRootSystem(
  files: RootFiles,
  loaders: readonly Loader[],
  own: ReadonlySet<string>,
): RootSystem {
  let found: Omit<RootSystem, 'loaders'> = {};
  const known = new Map<string, string>();
  const candidates = [...PROGRAMS, ...loaderFiles(files.root)].filter((path) => !own.has(path));
  for (const path of candidates) {
    const elf = elfAt(files, path);
    if (elf === undefined) continue;
    const names = [elf.interpreter, path, elf.dynamic?.soname].flatMap((name) =>
      name === undefined ? [] : [baseName(name)],
    );
    const loader = loaders.find((l) => l.recognizesInterpreter(names));
    const { machine, class: bits, endian } = elf.target;
    found = { cpu: { machine, class: bits, endian }, evidence: path, ...found };
    if (loader === undefined) continue;
    found = { libc: loader.libc, loaderPath: elf.interpreter ?? path, ...found };
    const loaderPath = elf.interpreter ?? path;
    if (files.resolve(loaderPath).found) known.set(loaderPath, loader.libc);
  }
  return { ...found, loaders: [...known].map(([path, libc]) => ({ path, libc })) };
}

function loaderFiles(root: Root): string[] {
  return LOADER_DIRECTORIES.flatMap((directory) => {
    const names = namesIn(root, directory).filter((name) => LOADER_NAME.test(name));
    return names.map((name) => `${directory}/${name}`);
  });
}

function elfAt(files: RootFiles, path: string): ElfFile | undefined {
  const file = files.resolve(path);
  return file.found && file.entry.kind === 'file' ? files.findElf(file) : undefined;
}
