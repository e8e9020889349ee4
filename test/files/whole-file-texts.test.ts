/**
 * Text in files: also where it stands across two pieces, and at the very end.
 */
import { expect, it } from 'vitest';
import { RootFiles } from '../../src/files/root-files.js';
import { textsInFile } from '../../src/files/whole-file-texts.js';
import { memoryRoot } from '../../src/root/memory-root.js';
import type { RealPath } from '../../src/root/root.js';

const PIECE = 1 << 20;

it.each([0, PIECE - 8, PIECE, PIECE + 120, PIECE + 125, 2 * PIECE - 8, 3 * PIECE - 16])(
  'finds text at byte %i',
  (at) => {
    const bytes = new Uint8Array(3 * PIECE);
    bytes.set(new TextEncoder().encode('kernel too old'), at);
    const files = new RootFiles(memoryRoot({ '/app': { bytes } }));
    const found = textsInFile(files.root, '/app' as RealPath, ['kernel too old', 'kernel too new']);
    expect([...found]).toEqual(['kernel too old']);
  },
);
