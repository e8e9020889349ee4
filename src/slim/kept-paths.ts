/**
 * `--keep` and `--drop` as tests of paths. A pattern means everything below the directories that it
 * matches; one without a slash at its start matches at any depth.
 */
import { ElfdepsError } from '../errors.js';
import { compilePattern } from '../root/glob-pattern.js';
import { directoryOf } from '../root/path-text.js';

/** Patterns of one option, which remember whether they matched anything. */
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
