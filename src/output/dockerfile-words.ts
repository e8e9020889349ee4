/**
 * Words of a Dockerfile that no pattern, variable or quote of a builder gets hold of. Sources:
 * Dockerfile reference; BuildKit frontend/dockerfile/shell/lex.go; Go's filepath.Match.
 */
import { OutputError } from '../errors.js';

/** Sources of COPY are patterns: a class of one character is that character. */
export function escapePattern(path: string): string {
  return path.replaceAll(/[[*?\\]/g, (character) =>
    character === '\\' ? '\\\\' : `[${character}]`,
  );
}

/** Builders replace variables and take quotes and backslashes away, in the JSON form too. */
export function escapeWord(word: string): string {
  return word.replaceAll(/["'\\$]/g, (character) => `\\${character}`);
}

/** The value of an ENV or LABEL. Throws {@link OutputError} for a line break, which it cannot have. */
export function quoteValue(name: string, value: string): string {
  requireOneLine(name, value);
  const escaped = value.replaceAll(/["\\$]/g, (character) => `\\${character}`);
  return /^[\w./:@%+,-]*$/.test(value) ? value : `"${escaped}"`;
}

/** Text that ends with its line. Throws {@link OutputError} where there is more than one. */
export function requireOneLine(name: string, value: string): string {
  if (/[\r\n]/.test(value))
    throw new OutputError('OUTPUT_FAILED', `a Dockerfile cannot give ${name} a line break`);
  return value;
}
