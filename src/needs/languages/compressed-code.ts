/**
 * Programs that the compressed code of an interpreter's own library names. R keeps the code of a package in
 * a database of compressed records; that of `base` is loaded whenever R starts.
 * Source: R Internals, "Lazy loading"; R src/main/serialize.c (R_decompress1).
 */
import zlib from 'node:zlib';
import { baseName } from '../../root/path-text.js';
import { isExecutableFile } from '../executable-file.js';
import type { ProgramFacts } from '../program-facts.js';
import { isShellName } from '../shells.js';
import type { ModuleTree } from './module-tree.js';

const CODE = 'library/base/R/base.rdb';
const PROGRAM = /(?<![\w./-])\/(?:usr\/)?s?bin\/[\w.+-]+/g;
/** Bytes of a database, and of one record. */
const MOST_BYTES = 1 << 24;

/** Absolute paths of programs of the root but shells; none where there is no such code. */
export function programsOfCode(facts: ProgramFacts, trees: readonly ModuleTree[]): string[] {
  const texts = trees
    .filter(({ use }) => use === 'standard')
    .flatMap(({ path }) => {
      const bytes = facts.files.readBytes(`${path}/${CODE}`, MOST_BYTES);
      return bytes === undefined ? [] : [...records(bytes)];
    });
  const names = new Set(texts.flatMap((text) => text.match(PROGRAM) ?? []));
  return [...names].filter((name) => !isShellName(baseName(name)) && isExecutableFile(facts, name));
}

/** The records, one character a byte: each is the length of what follows, and zlib's stream of it. */
function* records(bytes: Buffer): Generator<string> {
  for (let at = 0; at + 4 < bytes.length; ) {
    try {
      const options = { info: true, maxOutputLength: MOST_BYTES };
      const { buffer, engine } = zlib.inflateSync(bytes.subarray(at + 4), options) as unknown as {
        buffer: Buffer;
        engine: zlib.Inflate;
      };
      at += 4 + engine.bytesWritten;
      yield buffer.toString('latin1');
    } catch {
      // Of another kind of compression, or damaged.
      return;
    }
  }
}
