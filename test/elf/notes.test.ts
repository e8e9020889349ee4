/**
 * Notes: the ABI tag and dlopen metadata, in both byte orders, and notes that are not what they say.
 */
import { describe, expect, it } from 'vitest';
import { NT_FDO_DLOPEN, NT_GNU_ABI_TAG } from '../../src/elf/constants.js';
import { parseElf } from '../../src/elf/elf-file.js';
import { buildElf, buildNote, encode } from '../support/elf-builder.js';

const dlopen = (...entries: unknown[]) => parseElf(buildElf({ dlopen: entries })).dlopenNotes;

describe('ABI tag', () => {
  it.each(['little', 'big'] as const)('%s-endian', (endian) => {
    const elf = parseElf(buildElf({ endian, abiTag: [0, 3, 2, 1] }));
    expect(elf.abiTag).toEqual({ os: 0, kernel: [3, 2, 1] });
  });

  it('the first one counts', () => {
    const second = buildNote('GNU', NT_GNU_ABI_TAG, new Uint8Array(16).fill(1));
    const first = buildNote('GNU', NT_GNU_ABI_TAG, new Uint8Array(16));
    expect(parseElf(buildElf({ rawNotes: [first, second] })).abiTag?.os).toBe(0);
  });

  it.each([
    ['another owner', buildNote('XYZ', NT_GNU_ABI_TAG, new Uint8Array(16))],
    ['another type', buildNote('GNU', 3, new Uint8Array(16))],
    ['too short', buildNote('GNU', NT_GNU_ABI_TAG, new Uint8Array(12))],
    [
      'a size behind the end',
      Uint8Array.of(4, 0, 0, 0, 255, 255, 255, 255, 1, 0, 0, 0, 71, 78, 85, 0),
    ],
    ['a name size behind the end', Uint8Array.of(255, 255, 255, 255, 16, 0, 0, 0, 1, 0, 0, 0)],
    ['less than a note', Uint8Array.of(1, 2, 3)],
    ['nothing', new Uint8Array(0)],
  ])('%s is none', (_, note) => {
    expect(parseElf(buildElf({ rawNotes: [note] })).abiTag).toBeUndefined();
  });

  it('is found behind other notes of the same segment', () => {
    const build = buildNote('GNU', 3, Uint8Array.of(1, 2, 3, 4, 5));
    const tag = buildNote('GNU', NT_GNU_ABI_TAG, new Uint8Array(16));
    const both = Uint8Array.from([...build, ...tag]);
    expect(parseElf(buildElf({ rawNotes: [both] })).abiTag?.os).toBe(0);
  });
});

describe('dlopen notes', () => {
  it('gives every entry of every note, in order', () => {
    expect(
      dlopen(
        [
          {
            soname: ['liba.so.2', 'liba.so.1'],
            feature: 'a',
            description: 'A',
            priority: 'required',
          },
          { soname: ['libb.so'], priority: 'suggested', other: 1 },
        ],
        [{ soname: ['libc.so'] }],
      ),
    ).toEqual([
      { sonames: ['liba.so.2', 'liba.so.1'], feature: 'a', description: 'A', priority: 'required' },
      { sonames: ['libb.so'], priority: 'suggested' },
      { sonames: ['libc.so'], priority: 'recommended' },
    ]);
  });

  it('an unknown priority is the usual one', () => {
    expect(dlopen([{ soname: ['x'], priority: 'urgent' }])[0]?.priority).toBe('recommended');
  });

  it.each([
    ['no JSON', 'not json'],
    ['half of JSON', '[{"soname":["x"]'],
    ['no array', { soname: ['x'] }],
    ['null', null],
    ['entries of other kinds', [1, null, 'x', ['y']]],
    ['no soname', [{ feature: 'x' }]],
    ['a soname that is no array', [{ soname: 'x' }]],
    ['sonames that are no text', [{ soname: [1, null] }]],
    ['no sonames', [{ soname: [] }]],
  ])('%s gives nothing', (_, entry) => {
    expect(dlopen(entry)).toEqual([]);
  });

  it('text without NUL at the end is read all the same', () => {
    const note = buildNote('FDO', NT_FDO_DLOPEN, encode('[{"soname":["x"]}]'));
    expect(parseElf(buildElf({ rawNotes: [note] })).dlopenNotes[0]?.sonames).toEqual(['x']);
  });

  it('another owner is another note', () => {
    const note = buildNote('ABC', NT_FDO_DLOPEN, encode('[{"soname":["x"]}]'));
    expect(parseElf(buildElf({ rawNotes: [note] })).dlopenNotes).toEqual([]);
  });
});
