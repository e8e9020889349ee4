/**
 * /etc/ld.so.preload into names, with the loader's own reading of comments.
 * Source: glibc elf/rtld.c (dl_main, "Eliminate comments").
 */

/** Names to preload, in order. */
export function parsePreloadFile(text: string): string[] {
  const chars = [...text];
  // The loader counts down the rest but always searches from the start of the file, so that a `#`
  // behind the first comment may stay a name. What it does is what counts.
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
  return chars
    .join('')
    .split(/[ \t\n:]/)
    .filter((name) => name !== '');
}
