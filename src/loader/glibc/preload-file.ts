/**
 * Splits /etc/ld.so.preload into names. Comments are read as the loader reads them.
 * Source: glibc elf/rtld.c (dl_main, "Eliminate comments").
 */
import { preloadNames } from '../preload-list.js';

/** Names to preload, in order. */
export function parsePreloadFile(text: string): string[] {
  const chars = [...text];
  // The loader reduces the length that is left, but always searches from the start of the file. So a
  // `#` behind the first comment may be read as a name, and we do the same.
  let rest = chars.length;
  while (rest > 0) {
    const comment = chars.indexOf('#');
    if (comment < 0 || comment >= rest) break;
    rest -= comment;
    let at = comment;
    do {
      chars[at] = ' ';
      at++;
      rest--;
    } while (rest > 0 && chars[at] !== '\n');
  }
  return preloadNames(chars.join(''), /[ \t\n:]/);
}
