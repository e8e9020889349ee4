/**
 * /etc/ld.so.conf and what it includes into directories, as ldconfig reads them. The loader itself
 * never reads this file: it serves `--ldconfig`, and the advice when a cache is missing or stale.
 * Source: glibc elf/ldconfig.c (parse_conf, parse_conf_include, add_dir).
 */
import { globRoot } from '../../root/glob.js';
import type { ObjectFiles } from '../object-files.js';

/** ldconfig has no guard against a file that includes itself; this is ours. */
const MAX_DEPTH = 32;

/** The configured directories in order, each once; empty when there is no such file. */
export function readLdSoConf(files: ObjectFiles, path: string, minor: number): string[] {
  const directories = new Set<string>();
  readConf(files, path, minor, directories, 0);
  return [...directories];
}

function readConf(
  files: ObjectFiles,
  path: string,
  minor: number,
  directories: Set<string>,
  depth: number,
): void {
  const text = depth > MAX_DEPTH ? undefined : files.readText(path);
  for (const raw of (text ?? '').split('\n')) {
    // The rest of the line is one name, blanks inside it included.
    const line = (raw.split('#', 1)[0] as string).replace(/^[ \t\r\v\f]+/, '');
    const include = /^include[ \t]+(.*)$/.exec(line);
    if (include !== null) {
      // A carriage return is part of the pattern, as it is for ldconfig.
      for (const pattern of (include[1] as string).split(/[ \t]+/).filter((p) => p !== '')) {
        const absolute = pattern.startsWith('/')
          ? pattern
          : `${path.slice(0, path.lastIndexOf('/'))}/${pattern}`;
        for (const file of globRoot(files.root, absolute))
          readConf(files, file, minor, directories, depth + 1);
      }
      continue;
    }
    if (/^hwcap[ \t]/.test(line)) continue;
    const directory = line.replace(/[ \t\r\v\f]+$/, '').replace(/(?<=.)\/+$/, '');
    if (directory === '') continue;
    // Up to 2.36 a type could follow the directory.
    directories.add(minor <= 36 ? directory.replace(/=libc[456]$/, '') : directory);
  }
}
