/**
 * Which files of a directory are taken for programs and libraries.
 */
import { describe, expect, it } from 'vitest';
import * as c from '../../src/elf/constants.js';
import { findElfFiles } from '../../src/files/find-elf-files.js';
import { RootFiles } from '../../src/files/root-files.js';
import { memoryRoot } from '../../src/root/memory-root.js';
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
