/**
 * What programs open at run time, walked as if they had called dlopen: behind everything that is
 * loaded at the start, never listed, never missed.
 */
import { describe, expect, it } from 'vitest';
import type { DlopenCall } from '../../src/closure/dlopen-call.js';
import {
  closureOf,
  glibcSystem,
  muslProgram,
  muslSystem,
  program,
  rowsOf,
  type World,
} from '../support/world.js';

const base: World = {
  ...glibcSystem(36),
  '/lib/liba.so': { needed: ['libb.so'] },
  '/lib/libb.so': {},
  '/opt/liba2.so': { runpath: '$ORIGIN/own', needed: [] },
  '/opt/own/plug.so': {},
  '/app/main': program({ needed: ['libb.so', '/opt/liba2.so'] }),
};

/** `NAME => PATH (rule) by NEEDER`, of what was opened only. */
function opened(world: World, opens: readonly DlopenCall[]): string[] {
  const { libraries } = closureOf(world, '/app/main', { opens: new Map([['/app/main', opens]]) });
  return libraries
    .filter(({ kind }) => kind === 'dlopen')
    .map(
      ({ name, object, rule, neededBy }) =>
        `${name} => ${object === undefined ? 'not found' : `${object.path} (${rule})`} by ${neededBy}`,
    );
}

describe('opens', () => {
  it.each<[string, World, DlopenCall[], string[]]>([
    [
      'a library and what it needs itself',
      { '/lib/liba.so': { needed: ['libc2.so'] }, '/lib/libc2.so': {} },
      [{ name: 'liba.so' }],
      [
        'liba.so => /lib/liba.so (default) by /app/main',
        'libc2.so => /lib/libc2.so (default) by /lib/liba.so',
      ],
    ],
    [
      'what is loaded already has its row',
      {},
      [{ name: 'liba.so' }],
      ['liba.so => /lib/liba.so (default) by /app/main'],
    ],
    [
      'the search path of the object that calls',
      {},
      [{ name: 'plug.so', from: '/opt/liba2.so' }],
      ['plug.so => /opt/own/plug.so (runpath) by /opt/liba2.so'],
    ],
    [
      'the search path of the program, where nobody is named',
      {},
      [{ name: 'plug.so' }],
      ['plug.so => not found by /app/main'],
    ],
    [
      'an absolute path',
      {},
      [{ name: '/opt/own/plug.so' }],
      ['/opt/own/plug.so => /opt/own/plug.so (path) by /app/main'],
    ],
    [
      'a damaged file is an error of that call, and the next one is made',
      { '/lib/bad.so': 'no ELF file, but long enough to have a header' },
      [{ name: 'bad.so' }, { name: 'liba.so' }],
      ['bad.so => not found by /app/main', 'liba.so => /lib/liba.so (default) by /app/main'],
    ],
    [
      'and so is one that an opened library needs',
      {
        '/lib/liba.so': { needed: ['bad.so'] },
        '/lib/bad.so': 'no ELF file, but long enough to have a header',
      },
      [{ name: 'liba.so' }],
      ['liba.so => /lib/liba.so (default) by /app/main', 'bad.so => not found by /lib/liba.so'],
    ],
  ])('%s', (_rule, world, opens, expected) => {
    expect(opened({ ...base, ...world }, opens)).toEqual(expected);
  });

  it('are not listed, and nothing is missing without them', () => {
    const plain = closureOf(base);
    const closure = closureOf(base, '/app/main', {
      opens: new Map([['/app/main', [{ name: 'liba.so' }, { name: 'libnone.so' }]]]),
    });
    expect(rowsOf(closure)).toEqual(rowsOf(plain));
    expect(closure.diagnostics).toEqual([]);
    expect(closure.complete).toBe(true);
    expect(closure.objects.map(({ path }) => path)).toContain('/lib/liba.so');
    expect(closure.libraries.find(({ name }) => name === 'libnone.so')?.tried).not.toEqual([]);
  });

  it('are of one program only', () => {
    const closure = closureOf({ ...base, '/app/other': program() }, '/app/other', {
      opens: new Map([['/app/main', [{ name: 'liba.so' }]]]),
    });
    expect(closure.libraries).toEqual([]);
  });

  it('work in musl too', () => {
    const world: World = { ...muslSystem(), '/lib/liba.so': {}, '/app/main': muslProgram() };
    expect(opened(world, [{ name: 'liba.so' }])).toEqual([
      'liba.so => /lib/liba.so (default) by /app/main',
    ]);
  });
});
