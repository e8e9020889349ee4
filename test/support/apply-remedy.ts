/**
 * Applies a remedy as it is printed: the command in it is run by a shell whose absolute paths are those
 * of a root, the files that it names are put there, its options are given to the next check.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type CheckOptions,
  checkTrace,
  directoryRoot,
  type Finding,
  type TraceOptions,
  traceDependencies,
} from '../../src/index.js';
import { writeWorld } from './disk-world.js';
import type { World } from './world.js';

/** A root on disk, and how a program in it is checked. */
export class RemedySite {
  readonly directory: string;
  program = '/app/main';
  trace: TraceOptions;
  options: CheckOptions;

  constructor(directory: string, trace: TraceOptions = {}, options: CheckOptions = {}) {
    this.directory = directory;
    this.trace = trace;
    this.options = options;
  }

  /** Every finding about the program. */
  findings(): readonly Finding[] {
    const traced = traceDependencies(directoryRoot(this.directory), [this.program], this.trace);
    if (traced.errors[0] !== undefined) throw traced.errors[0];
    return checkTrace(traced, this.options).flatMap(({ findings }) => findings);
  }

  /** Where a path of the root is on this machine; its directory is made. */
  at(path: string): string {
    const place = join(this.directory, path);
    mkdirSync(dirname(place), { recursive: true });
    return place;
  }
}

/** Does what a remedy says; `text` is the remedy as printed. */
export type Application = (text: string, site: RemedySite) => void;

/** What a pattern finds in a remedy: all that its groups match. */
function partsOf(text: string, pattern: RegExp): readonly string[] {
  const match = pattern.exec(text);
  if (match === null) throw new Error(`the remedy is not as expected: ${text}`);
  return match.slice(1);
}

/** Options of commands whose values are texts, and no paths of the machine that runs them. */
const TEXT_OPTIONS = new Set(['--remove-needed', '--replace-needed', '--set-soname', '-s', '-sf']);

/** Runs the command that the pattern's group matches. */
export function run(pattern: RegExp): Application {
  return (text, site) => {
    const [command = ''] = partsOf(text, pattern);
    // The shell takes the words apart, as it would for a user.
    const split = execFileSync('bash', ['--norc', '-c', `printf '%s\\0' ${command}`], {
      env: { PATH: process.env.PATH },
    });
    const words = split.toString().split('\0').slice(0, -1);
    const isText = words.some((word) => TEXT_OPTIONS.has(word));
    const [program = '', ...others] = words.map((word, index) => {
      if (isText && index < words.length - 1) return word;
      return word.startsWith('/') ? site.at(word) : word;
    });
    execFileSync(program, others, { stdio: 'pipe' });
  };
}

/** Puts files into the root, each of them at or below a path that the pattern's groups match. */
export function put(pattern: RegExp, files: World): Application {
  return (text, site) => {
    const places = partsOf(text, pattern);
    for (const path of Object.keys(files))
      if (
        !places.some(
          (place) => path === place || `/${path}/`.includes(`/${place}/`.replaceAll('//', '/')),
        )
      )
        throw new Error(`the remedy does not name ${path}: ${text}`);
    writeWorld(site.directory, files);
  };
}

/** Checks again with other options, which are made of what the pattern's groups match. */
export function options(
  pattern: RegExp,
  change: (parts: readonly string[]) => { trace?: TraceOptions; options?: CheckOptions },
): Application {
  return (text, site) => {
    const { trace, options } = change(partsOf(text, pattern));
    site.trace = { ...site.trace, ...trace };
    site.options = options ?? site.options;
  };
}

/** Does what the pattern's groups say, such as to build the file again with other flags. */
export function doing(
  pattern: RegExp,
  action: (site: RemedySite, ...parts: readonly string[]) => void,
): Application {
  return (text, site) => action(site, ...partsOf(text, pattern));
}
