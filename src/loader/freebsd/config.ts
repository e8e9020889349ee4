/**
 * Reads the configuration of FreeBSD's loader in a root: the paths that are built into its own file, the
 * hints and the library map. A 64-bit system has a second set of these for 32-bit programs.
 * Source: FreeBSD libexec/rtld-elf/rtld_paths.h; sys/kern/imgact_elf.c (interp_newpath).
 */
import { sameTarget } from '../../elf/target.js';
import { embeddedStrings, searchPathsIn } from '../../files/embedded-strings.js';
import type { RootFiles } from '../../files/root-files.js';
import type { Diagnostic } from '../diagnostic.js';
import type { LoaderContext } from '../loader.js';
import { parseHints, simulateHints } from './hints.js';
import { Libmap } from './libmap.js';

export const INTERPRETER = '/libexec/ld-elf.so.1';
/** The loader that a 64-bit kernel starts for 32-bit programs, whatever their PT_INTERP says. */
export const INTERPRETER_32 = '/libexec/ld-elf32.so.1';

export interface FreebsdConfig {
  /** `lib` or `lib32`: what `$LIB` stands for. */
  readonly lib: string;
  /** Separated by colons, as the hints are. */
  readonly standardPath: string;
  readonly hints: string;
  readonly libmap: Libmap;
  readonly files: readonly string[];
  diagnose(missing: readonly string[]): readonly Diagnostic[];
}

export function readFreebsdConfig(context: LoaderContext): FreebsdConfig {
  const { files, target, options } = context;
  const loader = loaderFile(context);
  const suffix = /32\.so\.1$/.test(loader) ? '32' : '';
  const bytes = files.readBytes(loader);
  const strings = bytes === undefined ? [] : embeddedStrings(bytes);
  const hintsPath =
    strings.find((text) => /^\/(?=[^%]*\.hints$)[^%]*ld-elf/.test(text)) ??
    `/var/run/ld-elf${suffix}.so.hints`;
  const libmapPath =
    strings.find((text) => /^\/(?=[^%]*\.conf$)[^%]*libmap/.test(text)) ??
    `/etc/libmap${suffix}.conf`;
  const hintsBytes = files.readBytes(hintsPath);
  const ownHints = hintsBytes && parseHints(hintsBytes, target.endian);
  return {
    lib: `lib${suffix}`,
    standardPath: searchPathsIn(strings)[0] ?? `/lib${suffix}:/usr/lib${suffix}`,
    hints: options.ldconfig ? simulateHints(files, suffix) : (ownHints ?? ''),
    libmap: Libmap.read(files, libmapPath),
    files: [
      ...(ownHints === undefined ? [] : [hintsPath]),
      ...(files.resolve(libmapPath).found ? [libmapPath] : []),
    ],
    diagnose(missing) {
      if (options.ldconfig) return [];
      return missing.flatMap((name): Diagnostic[] => {
        const path = findIn(files, simulateHints(files, suffix), name);
        if (path === undefined) return [];
        return [
          {
            code: ownHints === undefined ? 'CACHE_MISSING' : 'CACHE_STALE',
            name,
            path,
            message: `${name}: ${path} is in no directory of ${hintsPath}, which is written when the system starts`,
            hint: 'use --ldconfig to see the answer after a start',
          },
        ];
      });
    },
  };
}

/** 32-bit programs name the native loader too, and the kernel starts the 32-bit one instead. */
function loaderFile({ files, interpreter, target }: LoaderContext): string {
  if (interpreter.object === undefined && target.class === 32) {
    const file = files.resolve(INTERPRETER_32);
    const elf = file.found ? files.findElf(file) : undefined;
    if (elf !== undefined && sameTarget(elf.target, target)) return INTERPRETER_32;
  }
  return interpreter.path;
}

function findIn(files: RootFiles, path: string, name: string): string | undefined {
  if (name.includes('/')) return undefined;
  const candidates = path.split(':').map((directory) => `${directory}/${name}`);
  return candidates.find((candidate) => files.resolve(candidate).found);
}
