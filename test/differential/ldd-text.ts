/**
 * What ldd prints with -r, -u and -v, and which definition each reference is bound to with
 * LD_DEBUG=bindings, as elfdeps has it: lines to compare with those of the real loader.
 */
import { relocationOrder } from '../../src/check/symbols/relocation-order.js';
import { SymbolScope } from '../../src/check/symbols/symbol-scope.js';
import {
  formatVersionProblem,
  listVersionProblems,
} from '../../src/check/symbols/symbol-versions.js';
import {
  formatUndefinedSymbols,
  listUndefinedSymbols,
} from '../../src/check/symbols/undefined-symbols.js';
import { formatUnusedNeeds, listUnusedNeeds } from '../../src/check/symbols/unused-needs.js';
import { formatVersionTable, versionTable } from '../../src/check/symbols/version-table.js';
import { STB_LOCAL, STV_HIDDEN, STV_INTERNAL } from '../../src/elf/constants.js';
import type { ElfSymbols } from '../../src/files/elf-symbols.js';
import { type Closure, reports } from '../../src/index.js';
import type { Output } from './run-each.js';

export const LDD_OPTIONS = ['-r', '-u', '-v'] as const;

/** The output of `ldd OPTION PROGRAM`, addresses taken out. */
export function lddText(
  closure: Closure,
  option: (typeof LDD_OPTIONS)[number],
  files: ElfSymbols,
): string {
  const problems = listVersionProblems(closure, files);
  const lines = problems.map((problem) => formatVersionProblem(closure, problem));
  if (problems.some(({ kind }) => kind === 'unknown-file')) return asText(lines);
  if (option === '-u') {
    const end = listUndefinedSymbols(closure, files).at(-1);
    if (end?.withoutVersion !== undefined)
      return asText([...lines, ...formatUndefinedSymbols(closure, [end])]);
    return asText([...lines, ...formatUnusedNeeds(listUnusedNeeds(closure, files))]);
  }
  const behind =
    option === '-r'
      ? formatUndefinedSymbols(closure, listUndefinedSymbols(closure, files))
      : formatVersionTable(versionTable(closure, files));
  return asText([...listLines(closure, lines), ...behind]);
}

function asText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** ldd's own text in the same form, without what LD_DEBUG adds to -u. */
export function withoutAddresses({ text }: Output): string {
  return text
    .replaceAll(/^ *\d+:\t.*\n/gm, '')
    .replaceAll(/ \(0x[0-9a-f]+\)$/gm, '')
    .replaceAll(/(dl-\w+\.c:) \d+:/g, '$1');
}

function listLines(closure: Closure, messages: readonly string[]): string[] {
  const report = reports.find(({ name }) => name === 'ldd');
  const text = report?.format({
    root: '/',
    closures: [closure],
    errors: [],
    names: new Map([[closure.program.path, closure.program.path]]),
    loaderMessages: new Map([[closure.program.path, { lines: messages, isEnd: false }]]),
    verbose: false,
  } as never);
  return text?.split('\n').slice(0, -1) ?? [];
}

/** Makes glibc's loader bind everything, say what it binds, and start nothing. */
export const BINDINGS_COMMAND =
  'LD_TRACE_LOADED_OBJECTS=1 LD_WARN=yes LD_BIND_NOW=yes LD_DEBUG=bindings "$1" "$2" 2>&1';

const BINDING = /^ *\d+:\tbinding file (.*) \[0\] to (.*) \[0\]: \w+ symbol `(.*?)'(?: \[(.*)\])?$/;

/** `FROM -> TO: SYMBOL VERSION` for each look-up that the loader reports; not the kernel's vDSO. */
export function loaderBindings({ text }: Output): string[] {
  return text.split('\n').flatMap((line) => {
    const [, from, to, symbol, version = ''] = BINDING.exec(line) ?? [];
    return from === undefined || to?.startsWith('linux-vdso')
      ? []
      : [`${from} -> ${to}: ${symbol} ${version}`];
  });
}

/** The same from elfdeps. */
export function bindings(closure: Closure, files: ElfSymbols): string[] {
  const scope = new SymbolScope(closure, files);
  const lines: string[] = [];
  for (const object of relocationOrder(closure)) {
    const symbols = files.of(object);
    if (symbols === undefined) continue;
    const { symbols: indexes, classes } = files.relocations(object);
    indexes.forEach((index, at) => {
      const visibility = symbols.other(index) & 3;
      const isOwn = visibility === STV_HIDDEN || visibility === STV_INTERNAL;
      if (isOwn || symbols.info(index) >> 4 === STB_LOCAL) return;
      const lookupClass = classes[at] as number;
      const found = scope.lookUp({ from: object, index, lookupClass });
      if (found === undefined) return;
      const version = symbols.versionOf((symbols.versionIndex(index) ?? 0) & 0x7fff)?.name ?? '';
      lines.push(`${object.path} -> ${found.object.path}: ${symbols.name(index)} ${version}`);
    });
  }
  return lines;
}
