/**
 * Text among the bytes of files. What a pattern finds in a library is remembered: a libc has two
 * megabytes, and every program of a root shares it. Programs may be much larger, and are looked
 * through piece by piece.
 */

import type { RealPath } from '../root/root.js';
import { latin1Text } from './embedded-strings.js';
import type { RootFiles } from './root-files.js';

const known = new WeakMap<RootFiles, Map<string, RegExpExecArray | undefined>>();

/** The first match, one character a byte; undefined without one, or when the file is unreadable. */
export function matchInFile(
  files: RootFiles,
  path: string,
  pattern: RegExp,
): RegExpExecArray | undefined {
  const matches = known.get(files) ?? new Map<string, RegExpExecArray | undefined>();
  known.set(files, matches);
  const key = `${path}\0${pattern.source}`;
  if (!matches.has(key)) {
    const bytes = files.readBytes(path);
    matches.set(
      key,
      bytes === undefined ? undefined : (pattern.exec(latin1Text(bytes)) ?? undefined),
    );
  }
  return matches.get(key);
}

const PIECE = 1 << 20;
/** More than any text that is looked for has. */
const OVERLAP = 128;

/** Which of `texts` are in a file; those found before it became unreadable, if it does. */
export function textsInFile(
  files: RootFiles,
  path: RealPath,
  texts: readonly string[],
): ReadonlySet<string> {
  const found = new Set<string>();
  for (let offset = 0; found.size < texts.length; offset += PIECE) {
    let bytes: Uint8Array;
    try {
      bytes = files.root.read(path, offset, PIECE + OVERLAP);
    } catch {
      break;
    }
    const piece = latin1Text(bytes);
    for (const text of texts) if (piece.includes(text)) found.add(text);
    if (bytes.length < PIECE + OVERLAP) break;
  }
  return found;
}
