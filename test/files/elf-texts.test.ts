/**
 * Where texts are looked for, as linkers lay files out, and what happens at the ends of pieces.
 */
import { describe, expect, it } from 'vitest';
import { PT_GNU_EH_FRAME, PT_LOAD } from '../../src/elf/constants.js';
import { ElfTexts } from '../../src/files/elf-texts.js';
import type { RootElf } from '../../src/files/root-elf.js';
import type { ElfFile, ProgramHeader } from '../../src/index.js';
import { memoryRoot } from '../../src/root/memory-root.js';
import type { Entry, RealPath } from '../../src/root/root.js';

const PIECE = 1 << 20;

/** `LOAD r 0-10`: kind, rights, first byte and the one behind the last. */
function segment(row: string): ProgramHeader {
  const [kind = '', rights = '', range = ''] = row.split(' ');
  const [start, end] = range.split('-').map(Number) as [number, number];
  return {
    type: kind === 'LOAD' ? PT_LOAD : PT_GNU_EH_FRAME,
    offset: start,
    vaddr: start,
    filesz: end - start,
    memsz: end - start,
    align: 0x1000,
    readable: true,
    writable: rights.includes('w'),
    executable: rights.includes('x'),
  };
}

/** The bytes as an object, and how many of them were read. */
function object(bytes: Uint8Array, rows: readonly string[]) {
  const root = memoryRoot({ '/app': { bytes } });
  const read: number[] = [];
  const counting = {
    ...root,
    lstat: (path: RealPath) => root.lstat(path),
    read(path: RealPath, offset: number, length: number) {
      read.push(length);
      return root.read(path, offset, length);
    },
  };
  const file: RootElf = {
    realPath: '/app' as RealPath,
    entry: root.lstat('/app' as RealPath) as Entry,
    elf: { segments: rows.map(segment) } as unknown as ElfFile,
  };
  const texts = new ElfTexts(counting as typeof root);
  return {
    find: (part: string) => texts.find(file, part),
    among: (...names: string[]) => [...texts.among(file, names)],
    inVocabulary: (names: ReadonlySet<string>) => [...texts.inVocabulary(file, names)],
    bytesRead: () => read.reduce((sum, length) => sum + length, 0),
  };
}

/** Texts at every 10th byte: t0, t1, t2... */
const marked = Buffer.concat(
  Array.from({ length: 10 }, (_, index) => Buffer.from(`t${index}`.padEnd(10, '\0'))),
);

describe('segments', () => {
  it.each<[string, string[], string[]]>([
    [
      'of GNU ld: behind the code, up to the tables for unwinding, and writable ones',
      ['LOAD r 0-20', 'LOAD rx 20-40', 'LOAD r 40-70', 'LOAD rw 80-100', 'EH r 60-70'],
      ['t4', 't5', 't8', 't9'],
    ],
    [
      'of lld: data before the code',
      ['LOAD r 0-20', 'LOAD rx 20-40', 'LOAD rw 80-100', 'EH r 10-20'],
      ['t0', 't1', 't2', 't3', 't8', 't9'],
    ],
    ['of old linkers: data behind the code in its segment', ['LOAD rx 0-30'], ['t0', 't1', 't2']],
    ['without code', ['LOAD r 0-20', 'LOAD rw 50-60'], ['t0', 't1', 't5']],
    [
      'that overlap, and end behind the file',
      ['LOAD r 80-900', 'LOAD rw 70-95'],
      ['t7', 't8', 't9'],
    ],
    ['none', [], []],
  ])('%s', (_rule, rows, expected) => {
    expect(object(marked, rows).find('t')).toEqual(expected);
  });

  it('no byte is read twice, however many segments claim it', () => {
    const { find, bytesRead } = object(marked, Array(5000).fill('LOAD rw 0-100'));
    expect(find('t')).toHaveLength(10);
    expect(find('t1')).toEqual(['t1']);
    expect(bytesRead()).toBe(100);
  });
});

describe('pieces', () => {
  it.each([PIECE - 300, PIECE - 5, PIECE - 1, PIECE, PIECE + 1, PIECE + 250, 2 * PIECE - 3])(
    'a text at byte %i is found once, as a whole',
    (at) => {
      const bytes = new Uint8Array(3 * PIECE);
      bytes.set(Buffer.from('/usr/lib/some.so.1'), at);
      const { find, among } = object(bytes, [`LOAD r 0-${bytes.length}`]);
      expect(find('.so')).toEqual(['/usr/lib/some.so.1']);
      expect(among('/usr/lib/some.so.1', '/usr/lib/some.so', 'some.so.1')).toEqual([
        '/usr/lib/some.so.1',
      ]);
    },
  );

  it('one text that has the part many times', () => {
    const bytes = Buffer.from('.so'.repeat(20 * PIECE));
    expect(object(bytes, [`LOAD r 0-${bytes.length}`]).find('.so').length).toBeLessThan(10);
  });

  it('ends a text that has no end', () => {
    const { find } = object(Buffer.from('x'.repeat(1000)), ['LOAD r 0-1000']);
    expect(Math.max(...find('x').map(({ length }) => length))).toBe(512);
  });
});

describe('names as whole texts', () => {
  const bytes = Buffer.from('first\0\0a\0ab\0abc\0\0b\0abcd', 'latin1');
  const row = [`LOAD r 0-${bytes.length}`];
  // What no NUL stands before or behind is no whole text.
  const names = ['a', 'abc', 'b', 'bc', 'first', 'abcd', 'ab\xff', ''];
  const found = ['a', 'abc', 'b'];

  it('are found one by one, and many at once', () => {
    const one = names.flatMap((name) => object(bytes, row).among(name));
    expect(one).toEqual(found);
    expect(object(bytes, row).among(...names)).toEqual(found);
  });

  it('of several vocabularies are looked for in one pass', () => {
    const { inVocabulary, find, bytesRead } = object(bytes, row);
    const [first, second] = [new Set(names), new Set(['ab', 'a', 'c'])];
    expect(inVocabulary(first)).toEqual(found);
    expect(inVocabulary(second)).toEqual(['a', 'ab']);
    find('a');
    const before = bytesRead();
    expect(inVocabulary(first)).toEqual(found);
    expect(inVocabulary(second)).toEqual(['a', 'ab']);
    expect(bytesRead()).toBe(before);
  });
});

describe('data of several objects', () => {
  /** Questions about objects of these sizes in turns, and how often each was read. */
  function readsOf(...sizes: number[]) {
    const paths = sizes.map((_, index) => `/app${index}`);
    const files = sizes.map((size) => ({ bytes: new Uint8Array(size) }));
    const root = memoryRoot(
      Object.fromEntries(paths.map((path, at) => [path, files[at] as never])),
    );
    const reads = new Map<string, number>();
    const texts = new ElfTexts({
      ...root,
      lstat: (path) => root.lstat(path),
      read(path, offset, length) {
        if (offset === 0) reads.set(path, (reads.get(path) ?? 0) + 1);
        return root.read(path, offset, length);
      },
    });
    for (const part of ['a', 'b', 'c'])
      for (const [at, path] of paths.entries()) {
        const rows = [`LOAD r 0-${sizes[at]}`];
        const elf = { segments: rows.map(segment) } as unknown as ElfFile;
        const entry = root.lstat(path as RealPath) as Entry;
        texts.find({ realPath: path as RealPath, entry, elf }, part);
      }
    return paths.map((path) => reads.get(path));
  }

  it('are kept while others are asked about', () => {
    expect(readsOf(1000, 2 * PIECE, 1000)).toEqual([1, 1, 1]);
  });

  it('are let go once they have more than 8 MiB together', () => {
    expect(readsOf(5 * PIECE, 5 * PIECE)).toEqual([3, 3]);
  });
});
