/**
 * Symbols and versions against the tools of this machine: `ldd -r`, `ldd -u` and `ldd -v` of the
 * programs in /usr/bin, line for line, the definition that each of their references is bound to,
 * and the symbol tables that readelf prints.
 * Every fourth program; all of them with ELFDEPS_SYMBOLS=all.
 */
import { readFileSync, realpathSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Address, addressOf } from '../../src/elf/address.js';
import { bytesSource } from '../../src/elf/byte-source.js';
import { parseSymbols } from '../../src/elf/symbols.js';
import { ElfSymbols } from '../../src/files/elf-symbols.js';
import { directoryRoot, parseElf, traceDependencies } from '../../src/index.js';
import { command, describeWith, requirement } from '../support/requirement.js';
import {
  BINDINGS_COMMAND,
  bindings,
  LDD_OPTIONS,
  lddText,
  loaderBindings,
  withoutAddresses,
} from './ldd-text.js';
import { findMachineElfFiles, machineLoaders } from './machine.js';
import { type Output, runEach } from './run-each.js';

const STEP = process.env.ELFDEPS_SYMBOLS === 'all' ? 1 : 4;

const machine = machineLoaders();
const needs = [requirement('Linux with ldd and a loader', machine.length > 0), command('ldd')];

describeWith('ldd -r, -u and -v', needs, () => {
  const root = directoryRoot('/');
  const { closures } = traceDependencies(
    root,
    // By their real path: ldd has $ORIGIN of a linked program wrong.
    findMachineElfFiles(['/usr/bin', '/usr/sbin'])
      .map((path) => realpathSync(path))
      .filter((_, index) => index % STEP === 0),
  );
  const loaderPaths = new Set(machine.map(({ path }) => realpathSync(path)));
  const cases = closures.filter(
    ({ linkage, interpreter }) =>
      linkage === 'dynamic' &&
      interpreter?.realPath !== undefined &&
      loaderPaths.has(interpreter.realPath),
  );
  const files = new ElfSymbols(root);

  it.each(LDD_OPTIONS)('ldd %s prints what elfdeps says', async (option) => {
    const outputs = await runEach(
      'ldd "$1" "$2" 2>&1',
      cases.map(({ program }) => [option, program.path] as const),
    );
    const differences = cases.flatMap((closure, index) => {
      const theirs = withoutAddresses(outputs[index] as Output);
      const ours = lddText(closure, option, files);
      return ours === theirs ? [] : [{ path: closure.program.path, ours, theirs }];
    });
    console.log(`ldd ${option}: ${cases.length} programs, ${differences.length} differences`);
    expect(differences).toEqual([]);
    expect(cases.length).toBeGreaterThan(50);
  });

  it('LD_DEBUG=bindings names the same definition for every reference, in the same order', async () => {
    const sample = cases.filter((_, index) => index % (2 * STEP) === 0);
    let count = 0;
    const differences: unknown[] = [];
    // A few at a time: a large program has 100,000 references.
    for (let start = 0; start < sample.length; start += 20) {
      const some = sample.slice(start, start + 20);
      const outputs = await runEach(
        BINDINGS_COMMAND,
        some.map(({ interpreter, program }) => [interpreter?.path ?? '', program.path] as const),
      );
      some.forEach((closure, index) => {
        const theirs = loaderBindings(outputs[index] as Output);
        const ours = bindings(closure, files);
        count += ours.length;
        const at = theirs.findIndex((line, i) => line !== ours[i]);
        if (at < 0 && ours.length === theirs.length) return;
        const path = closure.program.path;
        differences.push({ path, at, ours: ours[at], theirs: theirs[at], count: ours.length });
      });
    }
    console.log(
      `bindings: ${sample.length} programs, ${count} references, ${differences.length} differences`,
    );
    expect(differences).toEqual([]);
    expect(count).toBeGreaterThan(10_000);
  });
});

describeWith('symbol tables', [command('readelf')], () => {
  it('readelf --dyn-syms prints what elfdeps reads', async () => {
    const paths = findMachineElfFiles(['/usr/bin', '/usr/lib', '/usr/local/lib'])
      .filter((path) => !/\.(?:a|go|pyc)$/.test(path))
      .filter((_, index) => index % (10 * STEP) === 0);
    const outputs = await runEach(
      'readelf --dyn-syms -W "$2" 2>/dev/null',
      paths.map((path) => ['', path] as const),
    );
    let files = 0;
    let symbols = 0;
    const differences = paths.flatMap((path, index) => {
      const ours = tableOf(path);
      if (ours === undefined) return [];
      const theirs = readelfRows(outputs[index]?.text ?? '');
      files++;
      symbols += ours.length;
      const at = ours.findIndex((row, i) => !sameRow(row, theirs[i] as Row));
      const isSame = at < 0 && ours.length === theirs.length;
      return isSame ? [] : [{ path, ours: ours[at], theirs: theirs[at], count: theirs.length }];
    });
    console.log(`readelf: ${files} files, ${symbols} symbols, ${differences.length} differences`);
    expect(differences).toEqual([]);
    expect(symbols).toBeGreaterThan(1000);
  });
});

interface Row {
  readonly index: number;
  readonly value: Address;
  readonly binding: string;
  readonly defined: boolean;
  /** With `@version` or `@@version`. */
  readonly name: string;
}

function tableOf(path: string): Row[] | undefined {
  const bytes = readFileSync(path);
  const table = parseSymbols(bytesSource(bytes), parseElf(bytes));
  if (table === undefined) return undefined;
  return Array.from({ length: Math.max(0, table.count - 1) }, (_, i) => {
    const { index, value, binding, defined, name, version, hidden, file } = table.symbol(i + 1);
    // A copied symbol is defined in a version of another file.
    const at = defined && !hidden && file === undefined ? '@@' : '@';
    const full = version === undefined ? name : `${name}${at}${version}`;
    return { index, value, binding, defined, name: full };
  });
}

function readelfRows(text: string): Row[] {
  return [
    ...text.matchAll(/^ *(\d+): ([0-9a-f]+) +\S+ \S+ +(\S+) +\S+ +(?:\[.*?\] +)?(\S+) ?(\S*)/gm),
  ]
    .slice(1)
    .map(([, index, value, binding = '', section, name = '']) => ({
      index: Number(index),
      value: addressOf(
        Number.parseInt(value?.slice(0, -8) || '0', 16),
        Number.parseInt(value?.slice(-8) ?? '', 16),
      ),
      binding: binding.toLowerCase(),
      defined: section !== 'UND',
      name,
    }));
}

/** readelf names section symbols after their section, and says no version of a version's own symbol. */
function sameRow(ours: Row, theirs: Row | undefined): boolean {
  if (theirs === undefined) return false;
  const isOwnVersion = ours.name === `${theirs.name}@@${theirs.name}`;
  const isSection = ours.name === '' && ours.binding === 'local';
  return (
    ours.index === theirs.index &&
    ours.value === theirs.value &&
    ours.binding === theirs.binding &&
    ours.defined === theirs.defined &&
    (ours.name === theirs.name || isOwnVersion || isSection)
  );
}
