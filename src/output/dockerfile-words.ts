/**
 * Escapes words for a Dockerfile, so that a builder finds no pattern, variable or quote in them.
 * Sources: Dockerfile reference; BuildKit frontend/dockerfile/shell/lex.go; Go's filepath.Match.
 */
import { hasHidden, OutputError, replaceHidden } from '../errors.js';

/** For a source of COPY, which is a pattern: `[x]` matches only `x`. */
export function escapePattern(path: string): string {
  return path.replaceAll(/[[*?\\]/g, (character) =>
    character === '\\' ? '\\\\' : `[${character}]`,
  );
}

/** Builders replace variables and remove quotes and backslashes, in the JSON form too. */
export function escapeWord(word: string): string {
  return word.replaceAll(/["'\\$]/g, (character) => `\\${character}`);
}

/** The value of an ENV or LABEL. Throws {@link OutputError} for a line break. */
export function quoteValue(name: string, value: string): string {
  requireOneLine(name, value);
  const escaped = value.replaceAll(/["\\$]/g, (character) => `\\${character}`);
  return /^[\w./:@%+,-]*$/.test(value) ? value : `"${escaped}"`;
}

/** Returns `value`. Throws {@link OutputError} if it has a line break or another hidden character. */
export function requireOneLine(name: string, value: string): string {
  if (/[\r\n]/.test(value))
    throw new OutputError('OUTPUT_FAILED', `a Dockerfile cannot give ${name} a line break`);
  if (hasHidden(value))
    throw new OutputError('OUTPUT_FAILED', `a Dockerfile cannot give ${name} a hidden character`);
  return value;
}

/** The JSON form of an instruction, in which hidden characters are escaped. */
export function jsonWords(words: readonly string[]): string {
  const units = (character: string) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join('');
  return replaceHidden(JSON.stringify(words), units);
}
