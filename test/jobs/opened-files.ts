/**
 * Logs of strace → the regular files of a root that a job opened or started, each once, and what the
 * kernel opened for execve: the interpreters of `#!` lines and of PT_INTERP, which no log shows.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseElf } from '../../src/elf/elf-file.js';
import { parseShebang, SHEBANG_BYTES } from '../../src/elf/script.js';
import { resolvePath } from '../../src/root/resolve-path.js';
import type { RealPath, Root } from '../../src/root/root.js';

/** With -y, strace says after each call that succeeded which file it opened. */
const OPENED = /^\d+ +(?:<\.\.\. )?open(?:at2?)?\b.* = \d+<(\/.*)>$/;
/** One that other calls interrupted is logged in two lines, of which only the first has the path. */
const STARTED = /^\d+ +execve\("(\/[^"]*)", .*(?: = 0|<unfinished \.\.\.>)$/;
/** How many scripts may interpret each other: BINPRM_MAX_RECURSION of Linux. */
const MAX_SCRIPTS = 5;

/** Real paths in `root`, sorted. `tree` is the directory that the job saw as its root. */
export function openedFiles(root: Root, logs: string, tree: string): readonly RealPath[] {
  const files = new Set<RealPath>();
  for (const name of readdirSync(logs)) {
    // The first programs are this machine's env and chroot.
    let outside = 2;
    for (const line of readFileSync(join(logs, name), 'utf8').split('\n')) {
      const opened = OPENED.exec(line)?.[1];
      if (opened?.startsWith(`${tree}/`)) add(root, opened.slice(tree.length), files);
      const started = STARTED.exec(line)?.[1];
      if (started !== undefined && outside-- <= 0) addStarted(root, started, files);
    }
  }
  return [...files].sort();
}

/** The bytes of files of a root. */
export function bytesOf(root: Root, files: readonly RealPath[]): number {
  return files.reduce((sum, path) => sum + (root.lstat(path)?.size ?? 0), 0);
}

/** Adds the file, unless the root does not have it: the job made it then. */
function add(root: Root, path: string, files: Set<RealPath>): RealPath | undefined {
  const place = resolvePath(root, path);
  if (!place.found || place.entry.kind !== 'file') return undefined;
  files.add(place.path);
  return place.path;
}

function addStarted(root: Root, path: string, files: Set<RealPath>): void {
  let next: string | undefined = path;
  for (let scripts = 0; next !== undefined && scripts <= MAX_SCRIPTS; scripts++) {
    const real: RealPath | undefined = add(root, next, files);
    next = real === undefined ? undefined : interpreterOf(root, real);
  }
}

function interpreterOf(root: Root, path: RealPath): string | undefined {
  const head = root.read(path, 0, SHEBANG_BYTES);
  const script = parseShebang(head);
  if (script !== undefined) return script.interpreter;
  if (Buffer.from(head.subarray(1, 4)).toString('latin1') !== 'ELF') return undefined;
  const size = root.lstat(path)?.size ?? 0;
  return parseElf({ size, read: (offset, length) => root.read(path, offset, length) }).interpreter;
}
