/**
 * What a root tells about itself: for which CPU it is, and whose C library it has. Read from files
 * that some root has whatever system it is; never from the checked program, which may be foreign.
 */

import type { ElfFile } from '../elf/elf-file.js';
import type { Cpu } from '../elf/platform.js';
import type { RootFiles } from '../files/root-files.js';
import { USUAL_PROGRAMS } from '../files/usual-programs.js';
import type { Loader } from '../loader/loader.js';
import { findLoaders, loaderAt } from '../loader/loaders-in-root.js';
import type { RealPath } from '../root/root.js';

export type { Cpu } from '../elf/platform.js';

export interface RootSystem {
  /** Absent where no file shows it, as in an empty root. */
  readonly cpu?: Cpu;
  /** The C library of the root's own programs or loader; absent where there is none. */
  readonly libc?: string;
  /** The loader's file of that C library. */
  readonly loaderPath?: string;
  /** Every loader that stands where loaders do, and that of the root's own programs. */
  readonly loaders: readonly { readonly path: string; readonly libc: string }[];
  /** The file that shows it. */
  readonly source?: string;
}

/** Looks at the root. `own` are the checked programs, which say nothing about it. */
export function readRootSystem(
  files: RootFiles,
  loaders: readonly Loader[],
  own: ReadonlySet<string>,
): RootSystem {
  let found: Omit<RootSystem, 'loaders'> = {};
  const known = new Map<RealPath, { readonly path: string; readonly libc: string }>();
  const learn = (source: string, elf: ElfFile, path?: string, loader?: Loader): void => {
    const { machine, class: bits, endian } = elf.target;
    found = { cpu: { machine, class: bits, endian }, source, ...found };
    if (path === undefined || loader === undefined) return;
    const { libc } = loader;
    found = { libc, loaderPath: path, ...found };
    const file = files.resolve(path);
    if (file.found && !known.has(file.path)) known.set(file.path, { path, libc });
  };
  for (const path of USUAL_PROGRAMS) {
    const elf = own.has(path) ? undefined : elfAt(files, path);
    if (elf === undefined) continue;
    const { interpreter } = elf;
    const loader = interpreter === undefined ? undefined : loaderAt(files, loaders, interpreter);
    learn(path, elf, interpreter, loader);
  }
  for (const { loader, path, elf } of findLoaders(files, loaders))
    if (!own.has(path)) learn(path, elf, path, loader);
  return { ...found, loaders: [...known.values()] };
}

function elfAt(files: RootFiles, path: string): ElfFile | undefined {
  const file = files.resolve(path);
  return file.found && file.entry.kind === 'file' ? files.findElf(file) : undefined;
}
