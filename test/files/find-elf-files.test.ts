/**
 * Which files of a directory are taken for programs and libraries.
 */
import fs from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as c from '../../src/elf/constants.js';
import { findElfFiles } from '../../src/files/find-elf-files.js';
import { RootFiles } from '../../src/files/root-files.js';
import { directoryRoot } from '../../src/root/directory-root.js';
import { memoryRoot } from '../../src/root/memory-root.js';
import { diskWorld, removeDiskWorldsAfterwards } from '../support/disk-world.js';
import { buildElf } from '../support/elf-builder.js';
import { appendSections } from '../support/section-builder.js';

describe('findElfFiles', () => {
  const library = buildElf({ needed: ['libc.so.6'] });
  const headers = 64 + 56 * 3;
  const root = memoryRoot({
    '/d/libx.so': library,
    '/d/damaged': library.slice(0, headers),
    '/d/unit.o': buildElf({ type: c.ET_REL }),
    // Guile keeps compiled modules in ELF files for no machine.
    '/d/module.go': buildElf({ machine: c.EM_NONE }),
    '/d/text': new TextEncoder().encode('#!/bin/sh\n'.repeat(9)),
    // What objcopy and eu-strip make of a library's debug information.
    '/d/objcopy.debug': buildElf({ debugOnly: true }),
    '/d/eu-strip.debug': appendSections(library.slice(0, headers), [
      { type: c.SHT_NOBITS, flags: c.SHF_ALLOC },
    ]),
  });

  it('leaves out debug files, and keeps damaged ones to be reported', () => {
    expect(findElfFiles(root, '/')).toEqual(['/d/damaged', '/d/libx.so']);
    expect(findElfFiles(root, '/', { files: new RootFiles(root) })).toEqual([
      '/d/damaged',
      '/d/libx.so',
    ]);
  });
});

describe('what is asked of the disk', () => {
  removeDiskWorldsAfterwards();
  afterEach(() => vi.restoreAllMocks());

  it('each directory is listed once, each file opened once, and only programs are looked at', () => {
    const texts = Array.from({ length: 30 }, (_, index) => [`/d/${index % 3}/t${index}`, 'a text']);
    const directory = diskWorld({ ...Object.fromEntries(texts), '/d/1/liba.so': {} });
    const root = directoryRoot(directory);
    const calls = ['readdirSync', 'openSync', 'lstatSync', 'readSync'] as const;
    const spies = calls.map((call) => vi.spyOn(fs, call));
    expect(findElfFiles(root, '/d')).toEqual(['/d/1/liba.so']);
    const counts = spies.map(({ mock }) => mock.calls.length);
    // 4 directories; 31 files; /, /d and the library; the library is read once more as a whole.
    expect(counts).toEqual([4, 31, 3, 32]);
  });
});
