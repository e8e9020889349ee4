/**
 * What an archive of Java names beside itself: the Class-Path of its manifest, from which the virtual machine
 * loads classes as from the archive.
 * Source: JAR File Specification, "JAR Manifest" and "Class-Path Attribute"; APPNOTE.TXT of ZIP, 4.3.7.
 */
import zlib from 'node:zlib';
import { errnoOf } from '../errors.js';
import { madeOncePerPath } from '../files/made-once-per-path.js';
import type { RootFiles } from '../files/root-files.js';
import { directoryOf, pathFrom, shortenedComponents } from '../root/path-text.js';
import { namedTree } from './named-tree.js';

/** The manifest stands in front for most; its bytes, and those that it has without compression. */
const HEAD = 1 << 16;
/** Bytes of the list of all files, which is at the end. */
const LIST = 1 << 20;
const MOST_BYTES = 1 << 20;
const MANIFEST = 'META-INF/MANIFEST.MF';
/** A local header up to its name, and what stands at its begin. */
const HEADER = 30;
const SIGNATURE = 0x04034b50;
/** An entry of the list up to its name. */
const ENTRY = 46;
const ENTRY_SIGNATURE = 0x02014b50;
const DEFLATED = 8;
const MOST_ARCHIVES = 512;

/** Archives and directories that those among and below `paths` name, and that are no part of these. */
export function classPathOf(files: RootFiles, paths: readonly string[]): string[] {
  const start = paths
    .flatMap((path) => namedTree(files, path).files)
    .filter(({ path }) => path.endsWith('.jar'))
    .flatMap(({ path, realPath }) => [path, realPath]);
  const seen = new Set(start);
  for (const path of seen)
    for (const next of namedIn(files, path)) if (seen.size < MOST_ARCHIVES) seen.add(next);
  const known = new Set(start);
  return [...seen].filter((path) => !known.has(path));
}

/** Paths that the manifest of one archive names, where something is there. */
const namedIn = madeOncePerPath((files, path): readonly string[] => {
  const text = path.endsWith('.jar') ? manifestOf(files, path) : undefined;
  const [main = ''] = (text ?? '').replaceAll(/\r\n?/g, '\n').split('\n\n', 1);
  const value = /^Class-Path:(.*)$/im.exec(main.replaceAll('\n ', ''))?.[1] ?? '';
  const real = files.realPathOf(path);
  return value.split(' ').flatMap((name) => {
    const at = `/${shortenedComponents(pathFrom(directoryOf(path), name)).join('/')}`;
    const file = files.resolve(at);
    const kind = name.endsWith('/') ? 'directory' : 'file';
    // A name is a URL.
    if (!/^[^:?%#]+$/.test(name) || !file.found || file.entry.kind !== kind) return [];
    // Around the archive, where `./` leads too, others stand more often than classes.
    const isAround = [path, real].some((archive) => archive.startsWith(`${file.path}/`));
    return isAround || directoryOf(file.path) === '/' ? [] : at;
  });
});

function manifestOf(files: RootFiles, path: string): string | undefined {
  const file = files.resolve(path);
  if (!file.found || file.entry.kind !== 'file') return undefined;
  try {
    const { size } = file.entry;
    const read = (start: number, length: number) =>
      Buffer.from(files.root.read(file.path, start, Math.min(length, size - start)));
    let head = read(0, HEAD);
    if (!head.includes(MANIFEST)) {
      const list = read(Math.max(0, size - LIST), LIST);
      const entry = list.lastIndexOf(MANIFEST) - ENTRY;
      if (entry < 0 || list.readUInt32LE(entry) !== ENTRY_SIGNATURE) return undefined;
      head = read(Math.min(list.readUInt32LE(entry + 42), size), HEAD);
    }
    const name = head.indexOf(MANIFEST);
    const at = name - HEADER;
    if (at < 0 || head.readUInt32LE(at) !== SIGNATURE) return undefined;
    const body = head.subarray(name + MANIFEST.length + head.readUInt16LE(at + 28));
    const bytes =
      head.readUInt16LE(at + 8) === DEFLATED
        ? zlib.inflateRawSync(body, {
            maxOutputLength: MOST_BYTES,
            // The names of signed classes, which are behind the rest, may go on behind these bytes.
            finishFlush: zlib.constants.Z_SYNC_FLUSH,
          })
        : body.subarray(0, head.readUInt32LE(at + 22));
    return bytes.toString('utf8');
  } catch (error) {
    // Damaged, or not readable: then Java cannot read it either.
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}
