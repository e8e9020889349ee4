/**
 * Texts among all bytes of a file, its code included. What a pattern finds is kept: every script of a root
 * may start the same env. Programs may be much larger, and are read in pieces.
 */
import type { RealPath, Root } from '../root/root.js';
import { latin1Text } from './embedded-strings.js';
import type { RootFiles } from './root-files.js';

/** The first match, one character a byte; undefined without one, or when the file is unreadable. */
export function matchInFile(
  files: RootFiles,
  path: RealPath,
  pattern: RegExp,
): RegExpExecArray | undefined {
  const record = files.record(path);
  record.matches ??= new Map();
  let match = record.matches.get(pattern.source);
  if (match === undefined) {
    const bytes = files.readBytes(path);
    match = bytes === undefined ? null : pattern.exec(latin1Text(bytes));
    record.matches.set(pattern.source, match);
  }
  return match ?? undefined;
}

const PIECE = 1 << 20;
/** More than any text that is looked for has. */
const OVERLAP = 128;

/** Which of `texts` are in a file; those found before it became unreadable, if it does. */
export function textsInFile(
  root: Root,
  path: RealPath,
  texts: readonly string[],
): ReadonlySet<string> {
  const found = new Set<string>();
  for (let offset = 0; found.size < texts.length; offset += PIECE) {
    let bytes: Uint8Array;
    try {
      bytes = root.read(path, offset, PIECE + OVERLAP);
    } catch {
      break;
    }
    const piece = latin1Text(bytes);
    for (const text of texts) if (piece.includes(text)) found.add(text);
    if (bytes.length < PIECE + OVERLAP) break;
  }
  return found;
}
