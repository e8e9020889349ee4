/**
 * `--format tree`: what is left out, how deep it goes, and lines that fit a terminal.
 */
import { expect, it } from 'vitest';
import type { ReportInput } from '../../src/report/trace/report.js';
import { tree } from '../../src/report/trace/tree.js';
import { closureOf, glibcSystem, program } from '../support/world.js';

const world = {
  ...glibcSystem(36),
  '/l/liba.so': { needed: ['libb.so', 'libc.so.6'], runpath: '/l' },
  '/l/libb.so': { needed: ['libd.so', 'libe.so'], runpath: '/l' },
  '/l/libd.so': { needed: ['libe.so', 'libf.so'], runpath: '/l' },
  '/l/libe.so': { needed: ['libgone.so'], runpath: '/l' },
  '/l/libf.so': {},
  '/lib/libc.so.6': {},
  '/app/main': program({
    needed: ['liba.so', 'libd.so', 'libe.so', 'libf.so', 'libc.so.6'],
    runpath: '/l',
  }),
};
const closure = closureOf(world, '/app/main');

function linesOf(more: Partial<ReportInput> = {}): string[] {
  const input = { root: '/', closures: [closure], errors: [], names: new Map<string, string>() };
  const isUsual: ReportInput['isUsual'] = (_, { name }) => name === 'libc.so.6';
  return tree
    .format({ ...input, verbose: false, color: false, isUsual, ...more })
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/ +\d+ B.*/, ''));
}

it('shows needs where an object first appears, and missing names where they are needed', () => {
  expect(linesOf()).toEqual([
    '/app/main: 6 libraries, 5 by runpath, in /l',
    '├── liba.so',
    '│   └── libb.so',
    '│       ├── libd.so',
    '│       │   ├── libe.so',
    '│       │   │   └── libgone.so not found',
    '│       │   └── libf.so',
    '│       └── libe.so (above)',
    '├── libd.so (above)',
    '├── libe.so (above)',
    '└── libf.so (above)',
    'not shown: libc.so.6 (--all)',
  ]);
});

it('--all shows usual libraries, and so does a report that does not know them', () => {
  for (const more of [{ all: true }, { isUsual: undefined }]) {
    const lines = linesOf(more);
    expect(lines.filter((line) => line.includes('libc.so.6'))).toEqual([
      '│   └── libc.so.6',
      '└── libc.so.6 (above)',
    ]);
    expect(lines.at(-1)).not.toContain('--all');
  }
});

it('a usual library that needs another one is shown', () => {
  const lines = linesOf({ isUsual: (_, { name }) => name === 'libe.so' || name === 'libb.so' });
  expect(lines.some((line) => line.endsWith('libb.so'))).toBe(true);
  expect(lines.some((line) => line.endsWith('libe.so'))).toBe(true);
});

it('--depth ends it, and what has needs says so', () => {
  expect(linesOf({ depth: 1 }).slice(1, -1)).toEqual([
    '├── liba.so',
    '├── libd.so',
    '├── libe.so',
    '└── libf.so',
  ]);
  const input = { root: '/', closures: [closure], errors: [], names: new Map<string, string>() };
  const text = tree.format({ ...input, verbose: false, color: false, depth: 1 });
  expect(text).toMatch(/── liba\.so +\d+ B \.\.\.\n/);
  expect(text).toMatch(/── libf\.so +\d+ B\n/);
});

it('on a terminal repeated names share a line, strokes are short where they must be', () => {
  const wide = linesOf({ columns: 80 });
  expect(wide).toContain('└── libd.so, libe.so, libf.so (above)');
  const deep = Array.from({ length: 14 }, (_, i) => [
    `/l/lib${i}.so`,
    { needed: i < 13 ? [`lib${i + 1}.so`] : [], runpath: '/l' },
  ]);
  const row = closureOf(
    {
      ...glibcSystem(36),
      ...Object.fromEntries(deep),
      '/app/main': program({ needed: ['lib0.so'], runpath: '/l' }),
    },
    '/app/main',
  );
  const lines = linesOf({ closures: [row], columns: 60 });
  expect(lines[3]).toBe('    └ lib2.so');
});

it('a missing name is red as a whole', () => {
  const text = tree.format({
    ...{ root: '/', closures: [closure], errors: [], names: new Map(), verbose: false },
    color: true,
  });
  expect(text).toContain('└── \x1b[31mlibgone.so not found\x1b[39m\n');
});
