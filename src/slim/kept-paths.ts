/**
 * The paths of an image that are kept although no program is seen to need them, and the patterns of
 * `--keep` and `--drop`. Secrets stay out, whatever a path is kept for.
 */
import { ElfdepsError } from '../errors.js';
import type { RootFiles } from '../files/root-files.js';
import { withoutSecrets } from '../needs/secrets.js';
import { compilePattern } from '../root/glob-pattern.js';
import { directoryOf } from '../root/path-text.js';

/** Why a path is kept that no program is seen to need. */
export type KeptBecause =
  /** No package owns it, and the base does not have it. */
  | 'application'
  | 'working-directory'
  /** A layer after the base replaced the file of a package. */
  | 'replaced'
  /** A part of the configuration that every start reads: users, groups, name services. */
  | 'system'
  /** A file that a kept link leads to. */
  | 'link-target'
  /** Configuration and state of the package of a program that is started. */
  | 'package'
  /** Kept configuration names it. */
  | 'configuration'
  /** --keep. */
  | 'named';

/** The paths that are kept, in the order in which they came. Only `add` adds one. */
export class KeptPaths {
  readonly #files: RootFiles;
  readonly #keep: PathPatterns;
  readonly #drop: PathPatterns;
  readonly #kept = new Map<string, KeptBecause>();
  readonly #secrets = new Set<string>();

  constructor(files: RootFiles, keep: PathPatterns, drop: PathPatterns) {
    this.#files = files;
    this.#keep = keep;
    this.#drop = drop;
  }

  /**
   * Keeps a path, unless --drop has it or it may be a secret that no --keep names. A path that is kept
   * already stays for its first reason. What is below a directory is not kept with it.
   */
  add(path: string, because: KeptBecause): void {
    if (this.#kept.has(path) || this.#drop.has(path)) return;
    if (because === 'system' || this.#keep.names(path) || this.#isPublic(path))
      this.#kept.set(path, because);
    else this.#secrets.add(path);
  }

  has(path: string): boolean {
    return this.#kept.has(path);
  }

  paths(): readonly string[] {
    return [...this.#kept.keys()];
  }

  reasons(): ReadonlyMap<string, KeptBecause> {
    return this.#kept;
  }

  /** Paths that would be kept, and may be secrets. */
  get secrets(): readonly string[] {
    return [...this.#secrets];
  }

  #isPublic(path: string): boolean {
    if (this.#files.root.lstat(path)?.kind === 'directory') return true;
    // What is in the directory that a link leads to is asked for itself.
    const { paths, secrets } = withoutSecrets(this.#files, [path]);
    return paths.length > 0 || secrets.length === 0;
  }
}

/**
 * Patterns of one option, which remember whether they matched anything. A pattern means everything below
 * the directories that it matches; one without a slash at its start matches at any depth.
 */
export class PathPatterns {
  readonly #option: string;
  readonly #patterns: readonly { readonly text: string; matches(path: string): boolean }[];
  readonly #used = new Set<string>();
  /** Answers for directories. */
  readonly #known = new Map<string, boolean>();

  constructor(option: string, patterns: readonly string[] = []) {
    this.#option = option;
    this.#patterns = patterns.map((text) => {
      const absolute = text.startsWith('/') ? text : `/**/${text}`;
      return { text, matches: compilePattern(absolute.replace(/\/+$/, ''), true) };
    });
  }

  /** Whether a pattern means the path, or a directory above it. */
  has(path: string): boolean {
    if (this.#patterns.length === 0) return false;
    return this.#matches(path) || this.#isBelow(directoryOf(path));
  }

  /** Whether a pattern is the path itself, letter by letter. */
  names(path: string): boolean {
    return this.#patterns.some(({ text }) => text === path);
  }

  /** Throws FILE_NOT_FOUND for a pattern that matched nothing. */
  requireUsed(): void {
    const unused = this.#patterns.find(({ text }) => !this.#used.has(text));
    if (unused === undefined) return;
    throw new ElfdepsError('FILE_NOT_FOUND', `nothing in the image to ${this.#option}`, {
      path: unused.text,
    });
  }

  #isBelow(directory: string): boolean {
    if (directory === '/') return false;
    let known = this.#known.get(directory);
    if (known === undefined) {
      known = this.#matches(directory) || this.#isBelow(directoryOf(directory));
      this.#known.set(directory, known);
    }
    return known;
  }

  #matches(path: string): boolean {
    let isMatched = false;
    for (const { text, matches } of this.#patterns)
      if (matches(path)) {
        this.#used.add(text);
        isMatched = true;
      }
    return isMatched;
  }
}
