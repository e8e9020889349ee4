/**
 * Needed names that are no names. A linker lets a needed name and a search path share their text; tools
 * that change the path write over it, with X (patchelf) or with a new path (chrpath), and the name too.
 */
import { shellCommand } from '../root/shell-word.js';
import type { Reason } from './miss-reason.js';

/** Whether a name is only X, or a list of directories with tokens and no library. */
export function isBrokenName(needed: string): boolean {
  if (/^X+$/.test(needed)) return true;
  const hasToken = /(?:^|:)\$\{?(?:ORIGIN|LIB|PLATFORM)\b/.test(needed);
  return hasToken && !/\.so|\.node$/.test(needed);
}

/** Why such a name of a file is not found, and what helps. */
export function whyBroken(needed: string, file: string): Reason {
  return {
    cause: `'${needed}' is no name of a library, but what a tool wrote over one when it changed the search path of ${file}`,
    remedy: `take an unchanged copy of ${file}, or remove the name: ${shellCommand('patchelf', '--remove-needed', needed, file)}`,
  };
}
