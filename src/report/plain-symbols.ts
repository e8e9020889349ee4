/**
 * Sentences with the names of C++ symbols as people write them, for people; data keep the names that files
 * have.
 */
import { demangle } from '../elf/demangle/demangle.js';

/** Longer texts stay as they are, so that no file makes them take long. */
const MOST_CHARACTERS = 1 << 16;

/** The text with each mangled name that is a word of its own written out. */
export function withPlainSymbols(text: string): string {
  if (!text.includes('_Z') || text.length > MOST_CHARACTERS) return text;
  return text.replaceAll(/(?<![\w./-])_Z[\w.$]+(?![\w/-])/g, (name) => {
    // A dot may end the sentence.
    const [, mangled = name, end = ''] = /^(.*?)((?<!\.)\.*)$/.exec(name) ?? [];
    return (demangle(mangled) ?? mangled) + end;
  });
}
