/**
 * The table of docs/pitfalls.md, provoked for real: each row's root is made, its program is started
 * there, and what is seen must be what `elfdeps check` said before from the bytes alone.
 */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { checkTrace, directoryRoot, traceDependencies } from '../../src/index.js';
import { command, describeWith, requirement } from '../support/requirement.js';
import { makeRoot } from './debian-roots.js';
import { PitfallRoot } from './pitfall-root.js';
import { PITFALL_ROWS, type PitfallRow } from './pitfall-rows.js';

const MINUTE = 60_000;

const requirements = [
  requirement('the root user', process.getuid?.() === 0),
  requirement('an x86-64 machine', process.arch === 'x64'),
  ...['gcc', 'musl-gcc', 'apt-get', 'unshare', 'timeout', 'qemu-x86_64-static'].map(command),
];

describeWith('pitfalls', requirements, () => {
  const base = fs.mkdtempSync(join(tmpdir(), 'elfdeps-pitfalls-'));
  afterAll(() => fs.rmSync(base, { recursive: true, force: true }));
  const kept = process.env.ELFDEPS_ROOTS_DIR ?? join(base, 'debian');
  const debian = (suite: string) => {
    fs.mkdirSync(kept, { recursive: true });
    return makeRoot(`${suite}-amd64`, kept, ['libc6', 'libc-bin']);
  };

  it.each(PITFALL_ROWS.map((row, index) => ({ ...row, index })))(
    '$row: $name',
    ({ index, ...row }) => {
      const root = new PitfallRoot(base, String(index));
      row.make(root, debian);
      const said = foreseen(row, root.directory);
      const printed = root.start(row.start ?? ['/app'], row.env);
      expect(printed).toMatch(row.real);
      const found = said.filter(({ code }) => code === row.code);
      expect({ codes: said.map(({ code }) => code), found: found.length > 0 }).toMatchObject({
        found: true,
      });
      if (!row.sameWords) return;
      const words = found.flatMap(({ seen }) => seen?.split('\n') ?? []);
      expect({ words, printed: printed.split('\n') }).toSatisfy(
        () => words.some((line) => printed.split('\n').includes(line)),
        'a line of `seen` was printed',
      );
    },
    3 * MINUTE,
  );
});

function foreseen({ checked = '/app', trace, options }: PitfallRow, directory: string) {
  const traced = traceDependencies(directoryRoot(directory), [checked], trace);
  expect(traced.errors).toEqual([]);
  return checkTrace(traced, options)[0]?.findings ?? [];
}
