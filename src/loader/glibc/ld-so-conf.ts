/**
 * Reads the directories that /etc/ld.so.conf and the files that it includes list, as ldconfig does. The
 * loader itself never reads this file: `--ldconfig` needs it, and advice about a missing or old cache.
 * Source: glibc elf/ldconfig.c (parse_conf, parse_conf_include, add_dir).
 */

import type { RootFiles } from '../../files/root-files.js';
import { type GlobLimit, globRoot } from '../../root/glob.js';
import { directoryOf, pathFrom } from '../../root/path-text.js';
import { withoutTrailing } from './tokens.js';

/** How deeply files may include each other; real ones have two levels. */
const MAX_INCLUDES = 100;
/** How many names of directories are compared with patterns; real machines have about ten. */
const MAX_NAMES = 1 << 18;

interface Reading {
  readonly files: RootFiles;
  readonly minor: number;
  readonly directories: Set<string>;
  /** Paths of the files that were read. */
  readonly read: Set<string>;
  readonly limit: GlobLimit;
}

/** The configured directories in order, each once; empty when there is no such file. */
export function readLdSoConf(files: RootFiles, path: string, minor: number): string[] {
  const directories = new Set<string>();
  readConf(path, { files, minor, directories, read: new Set(), limit: { names: MAX_NAMES } }, 0);
  return [...directories];
}

function readConf(path: string, reading: Reading, depth: number): void {
  const { files, directories, read } = reading;
  // A file that is included again adds nothing. ldconfig never ends if a file includes itself.
  if (read.has(path) || depth > MAX_INCLUDES) return;
  read.add(path);
  for (const raw of (files.readText(path) ?? '').split('\n')) {
    // The rest of the line is one name, which may contain blanks.
    const line = (raw.split('#', 1)[0] as string).replace(/^[ \t\r\v\f]+/, '');
    const patterns = /^include[ \t]+(.*)$/s.exec(line)?.[1];
    if (patterns !== undefined)
      for (const file of includedFiles(path, patterns, reading)) readConf(file, reading, depth + 1);
    else if (!/^hwcap[ \t]/.test(line)) {
      const directory = directoryIn(line, reading.minor);
      if (directory !== '') directories.add(directory);
    }
  }
}

/** The files that the patterns of an include line in `path` mean, in order. */
function* includedFiles(path: string, patterns: string, reading: Reading): Generator<string> {
  const { root } = reading.files;
  // As in ldconfig, a carriage return is part of the pattern.
  for (const pattern of patterns.split(/[ \t]+/).filter((each) => each !== ''))
    yield* globRoot(root, pathFrom(directoryOf(path), pattern), { limit: reading.limit });
}

/** The directory that a line names; empty for none. */
function directoryIn(line: string, minor: number): string {
  const trimmed = withoutTrailing(line, ' \t\r\v\f');
  // Up to 2.36 a type may follow the directory. An unknown type is cut off too.
  const untyped = minor <= 36 ? (trimmed.split('=', 1)[0] as string) : trimmed;
  // The root directory is dropped, since only its slash is left.
  return withoutTrailing(untyped, '/');
}
