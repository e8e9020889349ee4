/**
 * Files of a root as files of this machine, for code that opens paths: copied in pieces into a temporary
 * directory of their own, which is removed again.
 */
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import type { RealPath, Root } from './root.js';

/** Bytes of one read. */
const PIECE = 1 << 20;

/** A directory with copies. */
export interface TemporaryCopy {
  /** Where the copy of that name is. */
  path(name: string): string;
  /** Removes the directory with all that is in it then; it need not be there. Open files stay open. */
  remove(): void;
}

/** Copies the files that there are, by the names that the copies get. Throws what the root and node:fs throw. */
export function temporaryCopy(
  root: Root,
  files: Readonly<Record<string, RealPath | undefined>>,
): TemporaryCopy {
  const directory = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-'));
  const path = (name: string) => nodePath.join(directory, name);
  const remove = () => fs.rmSync(directory, { recursive: true, force: true });
  try {
    for (const [name, file] of Object.entries(files)) {
      if (file === undefined) continue;
      const fd = fs.openSync(path(name), 'wx', 0o600);
      try {
        for (const piece of piecesOf(root, file)) fs.writeFileSync(fd, piece);
      } finally {
        fs.closeSync(fd);
      }
    }
  } catch (error) {
    remove();
    throw error;
  }
  return { path, remove };
}

function* piecesOf(root: Root, file: RealPath): Generator<Uint8Array> {
  for (let offset = 0; ; offset += PIECE) {
    const piece = root.read(file, offset, PIECE);
    if (piece.length > 0) yield piece;
    if (piece.length < PIECE) return;
  }
}
