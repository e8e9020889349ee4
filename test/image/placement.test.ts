/**
 * Where libraries go that a moved program finds relative to itself.
 */
import { describe, expect, it } from 'vitest';
import { glibcSystem, muslProgram, muslSystem, program, type World } from '../support/world.js';
import { filesOf, plan } from './planned.js';

const moved = (world: World, pairs: Record<string, string>, layout: 'links' | 'flat' = 'links') =>
  filesOf(
    plan(world, Object.keys(pairs), { layout, destinations: new Map(Object.entries(pairs)) }),
  ).filter((row) => !row.includes('(interpreter)'));

describe.each(['links', 'flat'] as const)('with $ORIGIN (%s)', (layout) => {
  it.each<[string, World]>([
    [
      'glibc',
      { ...glibcSystem(36), '/x': program({ needed: ['liba.so'], runpath: '$ORIGIN/own' }) },
    ],
    [
      'musl',
      { ...muslSystem(), '/x': muslProgram({ needed: ['liba.so'], runpath: '$ORIGIN/own' }) },
    ],
  ])('a program in / has no double slash, with %s', (_loader, world) => {
    expect(moved({ ...world, '/own/liba.so': {} }, { '/x': '/app/x' }, layout)).toEqual([
      'f /app/own/liba.so <- /own/liba.so (library)',
      'f /app/x <- /x (program)',
    ]);
  });

  it('a program in / leaves what an absolute directory leads to', () => {
    const world: World = {
      ...glibcSystem(36),
      '/x': program({ needed: ['liba.so'], runpath: '$ORIGIN:/opt/lib' }),
      '/opt/lib/liba.so': {},
    };
    expect(moved(world, { '/x': '/app/x' }, layout)).toEqual([
      'f /app/x <- /x (program)',
      'f /opt/lib/liba.so (library)',
    ]);
  });

  it('in a needed name moves that library too', () => {
    const world: World = {
      ...glibcSystem(36),
      '/opt/bin/x': program({ needed: ['$ORIGIN/../lib/liba.so'] }),
      '/opt/lib/liba.so': { needed: ['${ORIGIN}/libb.so'] },
      '/opt/lib/libb.so': {},
    };
    expect(moved(world, { '/opt/bin/x': '/app/bin/x' }, layout)).toEqual([
      'f /app/bin/x <- /opt/bin/x (program)',
      'f /app/lib/liba.so <- /opt/lib/liba.so (library)',
      'f /app/lib/libb.so <- /opt/lib/libb.so (library)',
    ]);
  });

  it('moves the second name of a library too', () => {
    const world: World = {
      ...glibcSystem(36),
      '/opt/bin/x': program({ needed: ['liba.so', 'libb.so'], runpath: '$ORIGIN/../lib' }),
      '/opt/lib/liba.so': { soname: null },
      '/opt/lib/libb.so': { link: 'liba.so' },
    };
    expect(moved(world, { '/opt/bin/x': '/app/bin/x' }, layout)).toEqual([
      'f /app/bin/x <- /opt/bin/x (program)',
      'f /app/lib/liba.so <- /opt/lib/liba.so (library)',
      'f /app/lib/libb.so <- /opt/lib/liba.so (library)',
    ]);
  });

  it('two programs that change places take their own libraries along', () => {
    const world: World = {
      ...glibcSystem(36),
      '/a/bin/x': program({ needed: ['libx.so'], runpath: '$ORIGIN/../lib' }),
      '/a/lib/libx.so': { data: new Uint8Array([1]) },
      '/b/bin/x': program({ needed: ['libx.so'], runpath: '$ORIGIN/../lib', flags1: 1 }),
      '/b/lib/libx.so': { data: new Uint8Array([2]) },
    };
    expect(moved(world, { '/a/bin/x': '/b/bin/x', '/b/bin/x': '/a/bin/x' }, layout)).toEqual([
      'f /a/bin/x <- /b/bin/x (program)',
      'f /a/lib/libx.so <- /b/lib/libx.so (library)',
      'f /b/bin/x <- /a/bin/x (program)',
      'f /b/lib/libx.so <- /a/lib/libx.so (library)',
    ]);
  });
});
