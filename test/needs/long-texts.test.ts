/**
 * Texts of files that a hostile root made long. Each character is looked at a few times: work that grows with
 * the square of the length, or faster, would take from a minute to years.
 */
import { expect, it } from 'vitest';
import { checkTrace, traceDependencies } from '../../src/index.js';
import { withPlainSymbols } from '../../src/report/plain-symbols.js';
import { memoryRoot } from '../../src/root/memory-root.js';
import { memoryWorld, program } from '../support/world.js';
import { rows } from './detector-rows.js';
import { glibcWith, needsIn } from './need-worlds.js';

const LONG = 250_000;
const run = (text: string) => text.repeat(LONG / text.length);
const A_NAME = 'a'.repeat(60);

/** The case of a row, a text file of its world, and what is added to its end. */
const texts: readonly (readonly [string, string, string])[] = [
  ...[`'lib${run('.so.1')}`, `'lib${run('.so.1')}-'`, run("'lib")].map(
    (text) =>
      [
        'that a module of a script names, with what its package depends on',
        '/usr/lib/python3/dist-packages/b.py',
        text,
      ] as const,
  ),
  ...[run('lib'), `lib${run('.so.')}`].map(
    (text) =>
      [
        'that a typelib names, in a directory that a library puts together',
        '/usr/share/girepository-1.0/Pango-1.0.typelib',
        `\0${text}`,
      ] as const,
  ),
  ...[`x=${run('a')}/`, `: ${run('$a/')}`, `: $a/${run('a')}/`, `: ${run('/+')}`, run('$0.')].map(
    (text) =>
      [
        'of a script, in quotes after an odd one, and of its package behind a variable',
        '/usr/lib/mail/mail-script',
        text,
      ] as const,
  ),
  ...[run('\n'), run(' '), `/etc/words/${'*a'.repeat(7)}b`].map(
    (text) =>
      [
        'in a file that a maintainer script made, and a directory that an administrator chose',
        '/etc/words/words.conf',
        `\n${text}`,
      ] as const,
  ),
];

it.each(texts.map(([name, path, text]) => [path, text.slice(0, 16), name, text] as const))(
  '%s with %j...',
  (path, _start, name, text) => {
    const row = rows.find((each) => each.case === name);
    const node = row?.world[path];
    expect(row).toBeDefined();
    const world = { ...row?.world, [path]: longer(node, text), [`/etc/words/${A_NAME}`]: '' };
    const found = needsIn(world).filter(({ kind }) => kind === row?.kind);
    expect(found).toMatchObject([row?.need ?? {}]);
  },
);

function longer(node: unknown, text: string) {
  if (typeof node === 'string') return node + text;
  const { bytes, ...others } = node as { readonly bytes: Uint8Array };
  return { ...others, bytes: Buffer.concat([bytes, Buffer.from(text)]) };
}

it.each(
  [
    run('a=('),
    run('[['),
    run('alias -a '),
    run('in'),
    run(';;'),
    `: ${'$('.repeat(LONG / 3)}${')'.repeat(LONG / 3)}`,
  ].map((text) => [text.slice(0, 12), text] as const),
)('a script of %j...', (_start, text) => {
  const bytes = new TextEncoder().encode(`#!/bin/sh\nnot-there\n${text}`);
  const root = memoryRoot(
    memoryWorld({
      ...glibcWith(),
      '/bin/sh': program({ needed: ['libc.so.6'] }),
      '/app/main': { bytes, mode: 0o755 },
    }),
  );
  const findings = checkTrace(traceDependencies(root, ['/app/main'])).flatMap(
    (each) => each.findings,
  );
  expect(findings.map(({ code }) => code)).toContain('COMMAND_MISSING');
});

it('a script of a directory of its own, and many lines', () => {
  const path = '/usr/bin/algebra';
  const row = rows.find(({ kind, world }) => kind === 'data' && path in world);
  const world = { ...row?.world, [path]: longer(row?.world[path], run('\n')) };
  expect(needsIn(world).filter(({ kind }) => kind === 'data')).toMatchObject([row?.need ?? {}]);
});

it('an environment of Python with blanks in a value', () => {
  const path = '/app/pyvenv.cfg';
  const row = rows.find(({ world }) => path in world);
  const text = `home = /usr/bin\ninclude-system-site-packages = false${run(' ')}x\n`;
  const needs = needsIn({ ...row?.world, [path]: text });
  expect(needs.filter(({ kind }) => kind === row?.kind)).toMatchObject([row?.need ?? {}]);
});

it('a symbol of dots', () => {
  const name = `_Z${'.'.repeat(60_000)}x`;
  expect(withPlainSymbols(name)).toBe(name);
});
