/**
 * The table of docs/pitfalls.md, provoked for real: each row's root is made, its program is started
 * there, and what is seen must be what `elfdeps check` said before from the bytes alone.
 */
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkTrace, directoryRoot, traceDependencies } from '../../src/index.js';
import { command, describeWith, requirement } from '../support/requirement.js';
import { makeRoot } from './debian-roots.js';
import { PitfallRoot } from './pitfall-root.js';
import { PITFALL_ROWS, type PitfallRow } from './pitfall-rows.js';
import { RUNTIME_ROWS } from './pitfall-rows-runtime.js';
import { startRefusingDns } from './refusing-dns.js';

const requirements = [
  requirement('the root user', process.getuid?.() === 0),
  requirement('an x86-64 machine', process.arch === 'x64'),
  ...[
    'gcc',
    'musl-gcc',
    'apt-get',
    'unshare',
    'timeout',
    'curl',
    'openssl',
    'qemu-x86_64-static',
  ].map(command),
];

describeWith('pitfalls', requirements, () => {
  const base = fs.mkdtempSync(join(tmpdir(), 'elfdeps-pitfalls-'));
  afterAll(() => fs.rmSync(base, { recursive: true, force: true }));
  const kept = process.env.ELFDEPS_ROOTS_DIR ?? join(base, 'debian');
  const debian = (suite: string) => {
    fs.mkdirSync(kept, { recursive: true });
    return makeRoot(`${suite}-amd64`, kept, ['libc6', 'libc-bin']);
  };

  const listener = createServer();
  beforeAll(() => new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve)));
  let dns: ChildProcess | undefined;
  beforeAll(async () => {
    dns = await startRefusingDns();
  });
  afterAll(() => {
    listener.close();
    dns?.kill();
  });
  const surroundings = () => ({ debian, port: (listener.address() as AddressInfo).port });

  it.each([...PITFALL_ROWS, ...RUNTIME_ROWS].map((row, index) => ({ ...row, index })))(
    '$row: $name',
    ({ index, ...row }) => {
      const root = new PitfallRoot(base, String(index));
      row.make(root, surroundings());
      const said = foreseen(row, root.directory);
      const printed = root.start(row.start ?? ['/app'], row.env);
      expect(printed).toMatch(row.real);
      const found = said.filter(({ code }) => code === row.code);
      const codes = said.map(({ code }) => code);
      expect(codes).toContain(row.code);
      if (row.sameWords) {
        const words = found.flatMap(({ seen }) => seen?.split('\n') ?? []);
        const lines = printed.split('\n');
        expect({ words, lines }).toSatisfy(
          () => words.some((line) => lines.includes(line)),
          'a line of `seen` was printed',
        );
      }
      if (row.mend === undefined) return;
      row.mend(root, surroundings());
      expect(foreseen(row, root.directory).map(({ code }) => code)).not.toContain(row.code);
      expect(root.start(row.start ?? ['/app'], row.env)).toMatch(row.mended as RegExp);
    },
  );
});

function foreseen({ checked = '/app', trace, options }: PitfallRow, directory: string) {
  const traced = traceDependencies(directoryRoot(directory), [checked], trace);
  expect(traced.errors).toEqual([]);
  return checkTrace(traced, options)[0]?.findings ?? [];
}
