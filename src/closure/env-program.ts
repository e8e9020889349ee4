/**
 * The env of a root: whether it takes the argument of a `#!` line apart (-S), and how it words its
 * errors. Told by the texts of its file, since the releases differ.
 * Source: GNU coreutils src/env.c (-S since 8.30); BusyBox coreutils/env.c (no -S up to 1.38).
 */
import type { RootFiles } from '../files/root-files.js';
import { matchInFile } from '../files/whole-file-texts.js';

/** What is known of an env. */
export interface EnvProgram {
  readonly path: string;
  /** `other` where its texts are not known; it is assumed to take every option. */
  readonly kind: 'coreutils' | 'busybox' | 'other';
  /** Whether it knows -S, -v and --split-string. */
  readonly splits: boolean;
  /** How it begins its messages; of a release between the known ones, both ways. */
  readonly names: readonly string[];
}

/** The env at a path of a root. */
export function readEnv(files: RootFiles, path: string): EnvProgram {
  const file = files.resolve(path);
  const other: EnvProgram = { path, kind: 'other', splits: true, names: [path] };
  if (!file.found || file.entry.kind !== 'file') return other;
  const has = (pattern: RegExp) => matchInFile(files, file.path, pattern);
  const splits = has(/split-string/) !== undefined;
  if (has(/BusyBox v\d/) !== undefined) return { path, kind: 'busybox', splits, names: ['env'] };
  if (has(/GNU coreutils/) === undefined) return other;
  const [, major = 0, minor = 0] = (has(/\0(\d+)\.(\d+)(?:\.\d+)?\0/) ?? []).map(Number);
  return { path, kind: 'coreutils', splits, names: ownNames(path, major * 100 + minor) };
}

/** Debian's 9.1 begins with the path that it was started by, its 9.7 with the last part of that. */
function ownNames(path: string, release: number): readonly string[] {
  if (release === 0 || release <= 901) return [path];
  return release >= 907 ? ['env'] : ['env', path];
}

/** What it prints for a command that cannot be started; `words` are those of the errno. */
export function envCannotStart(env: EnvProgram, command: string, words: string): string {
  const shown = command.replace('\r', '\\r');
  return env.names
    .map((name) =>
      env.kind === 'busybox'
        ? `${name}: can't execute '${command}': ${words}`
        : `${name}: '${shown}': ${words}`,
    )
    .join('\n');
}
