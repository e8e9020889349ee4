/**
 * /etc/ld.so.conf and what it includes into directories, as ldconfig reads them. The loader itself
 * never reads this file: it serves `--ldconfig`, and the advice when a cache is missing or stale.
 * Source: glibc elf/ldconfig.c (parse_conf, parse_conf_include, add_dir).
 */

import type { RootFiles } from '../../files/root-files.js';
import { type GlobLimit, globRoot } from '../../root/glob.js';
import { directoryOf, pathFrom } from '../../root/path-text.js';
import { withoutTrailing } from './tokens.js';

/** Files that include each other in a row; real ones are two. */
const MAX_INCLUDES = 100;
/** Names in the directories of patterns; real machines have some ten. */
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
  // A file that is included again adds nothing new; ldconfig itself does not end when it includes
  // itself.
  if (read.has(path) || depth > MAX_INCLUDES) return;
  read.add(path);
  for (const raw of (files.readText(path) ?? '').split('\n')) {
    // The rest of the line is one name, blanks inside it included.
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
  // A carriage return is part of the pattern, as it is for ldconfig.
  for (const pattern of patterns.split(/[ \t]+/).filter((each) => each !== ''))
    yield* globRoot(root, pathFrom(directoryOf(path), pattern), { limit: reading.limit });
}

/** The directory that a line names, or nothing. */
function directoryIn(line: string, minor: number): string {
  const trimmed = withoutTrailing(line, ' \t\r\v\f');
  // Up to 2.36 a type could follow the directory; an unknown one is cut as well.
  const untyped = minor <= 36 ? (trimmed.split('=', 1)[0] as string) : trimmed;
  // The root directory alone is dropped with its slash.
  return withoutTrailing(untyped, '/');
}
