/**
 * Every C++ symbol of this machine's libstdc++, demangled as c++filt does it.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { demangle } from '../../src/elf/demangle/demangle.js';
import { parseElf, parseSymbols } from '../../src/index.js';
import { command, describeWith, requirement } from '../support/requirement.js';

const LIBRARY = ['x86_64-linux-gnu', 'aarch64-linux-gnu', '']
  .flatMap((directory) => [`/usr/lib/${directory}`, `/lib/${directory}`, '/usr/lib64'])
  .map((directory) => `${directory}/libstdc++.so.6`)
  .find(existsSync);

const needs = [requirement('libstdc++', LIBRARY !== undefined), command('c++filt')];

describeWith('symbols of libstdc++', needs, () => {
  it('are demangled as c++filt does it', () => {
    const bytes = readFileSync(LIBRARY ?? '');
    const symbols = parseSymbols(bytes, parseElf(bytes));
    const all = [...(symbols?.exports() ?? []), ...(symbols?.imports() ?? [])];
    const names = [...new Set(all.map(({ name }) => name))].filter((name) => name.startsWith('_Z'));
    expect(names.length).toBeGreaterThan(3000);
    const input = names.map((name) => `${name}\n`).join('');
    const output = execFileSync('c++filt', { input, maxBuffer: 1 << 28 }).toString();
    const expected = output.trimEnd().split('\n');
    const different = names.flatMap((name, index) =>
      demangle(name) === expected[index] ? [] : [[name, expected[index], demangle(name)]],
    );
    expect(different).toEqual([]);
  });
});
