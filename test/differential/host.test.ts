/**
 * Every program and shared library of this machine, answered by elfdeps and by the loader that
 * would load it: the rows of the JSON report against `ld.so --list`, the ldd report against ldd(1),
 * then a sample with LD_LIBRARY_PATH and LD_PRELOAD. Runs on any Linux machine, whatever is there.
 */
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type Closure,
  directoryRoot,
  loaders as knownLoaders,
  type Trace,
  type TraceOptions,
  traceDependencies,
} from '../../src/index.js';
import { reportText } from '../support/report-text.js';
import { describeWith, requirement } from '../support/requirement.js';
import { findMachineElfFiles, loaderFor, machineLoaders } from './machine.js';
import { type Output, runEach, type Surroundings } from './run-each.js';

const SAMPLE = 50;
// Symbol versions are a matter of `elfdeps check`.
const VERSION_LINE =
  /: (?:(?:weak )?version `.*' not found|no version information available) \(required by /;
const LIST = '"$1" --list "$2" 2>&1';
const DIRECTORIES = [
  ...['/usr/bin', '/usr/sbin', '/usr/lib', '/usr/lib32', '/usr/lib64', '/usr/libx32'],
  ...['/usr/libexec', '/usr/local', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'],
];

/** A file, what elfdeps says about it, and the loader to ask about it. */
interface Case {
  readonly closure: Closure;
  readonly path: string;
  readonly loader: string;
  /** Whether ldd(1) would ask that loader too. */
  readonly isLddCase: boolean;
}

interface Mismatch {
  readonly path: string;
  readonly elfdeps: string;
  readonly loader: string;
}

const machine = machineLoaders();

describeWith('host', [requirement('Linux with ldd and a loader', machine.length > 0)], () => {
  let directory: string;
  let cases: readonly Case[];
  /** What the loader said of each case, for those that it could load. */
  const listings = new Map<string, Output>();
  const refused: string[] = [];
  let traced: Trace;

  beforeAll(async () => {
    directory = mkdtempSync(join(realpathSync(tmpdir()), 'elfdeps-host-'));
    traced = traceHost(findMachineElfFiles(DIRECTORIES));
    cases = traced.closures.flatMap(toCase);
    const outputs = await listByLoader(cases);
    for (const { path, closure } of cases) {
      const output = outputs.get(path) as Output;
      if (output.status === 0) listings.set(path, output);
      else if (closure.linkage === 'dynamic') refused.push(path);
    }
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('fails for no file that the loader loads', async () => {
    const paths = traced.errors.flatMap(({ path }) => (path === undefined ? [] : [path]));
    const pairs = paths.flatMap((path) => machine.map((loader) => [loader.path, path] as const));
    const loaded = (await runEach(LIST, pairs)).flatMap(({ status }, index) =>
      status === 0 ? [pairs[index]?.[1]] : [],
    );
    expect(loaded).toEqual([]);
  });

  it('the rows of --format json are those of ld.so --list, in its order', () => {
    const rows = jsonRows(cases.map(({ closure }) => closure));
    const mismatches = compare(
      cases.filter(({ path }) => listings.has(path)),
      ({ path }) => rows.get(path)?.join('\n') ?? 'no rows',
      ({ path }) => loaderRows(listings.get(path) as Output).join('\n'),
    );
    const names = refused.slice(0, 3).join(' ');
    report('host', listings.size, mismatches, `, ${refused.length} refused by ld.so ${names}`);
  });

  it('the text of --format ldd is that of ldd, static files too', async () => {
    // A static program is none for ld.so, but ldd has an answer.
    const asked = cases.filter(
      ({ path, closure }) => listings.has(path) || closure.linkage !== 'dynamic',
    );
    const outputs = await byPath(
      asked,
      'if [ "$1" = ldd ]; then ldd "$2"; else "$1" --list "$2"; fi 2>&1',
      ({ isLddCase, loader }) => (isLddCase ? 'ldd' : loader),
    );
    const mismatches = compare(
      asked,
      ({ closure }) => lddText(closure),
      ({ path }) => withoutAddresses(outputs.get(path) as Output),
    );
    const count = asked.filter(({ closure }) => closure.linkage !== 'dynamic').length;
    report('host ldd', asked.length, mismatches, `, ${count} of them static`);
  });

  it('with LD_LIBRARY_PATH', async () => {
    const decoys = makeDecoys(directory, cases);
    expect(decoys.length).toBeGreaterThan(0);
    await compareWithEnvironment('LD_LIBRARY_PATH', {
      libraryPath: [
        `${directory}/nowhere:`,
        `${directory}/near;near/../near`,
        `${directory}//near/`,
        `/usr/$LIB:$ORIGIN/../lib:\${ORIGIN}/$PLATFORM`,
        '/etc/passwd:',
      ].join(':'),
    });
  });

  it('with LD_PRELOAD', async () => {
    const [first, second = ''] = makeDecoys(directory, cases);
    await compareWithEnvironment('LD_PRELOAD', {
      preload: `${first}:${directory}/near/${second} near/${first} libelfdeps-none.so:/nowhere/x.so`,
    });
  });

  it('with both', async () => {
    const [, second = '', third = ''] = makeDecoys(directory, cases);
    await compareWithEnvironment('LD_LIBRARY_PATH and LD_PRELOAD', {
      libraryPath: 'near',
      preload: `${third} ${second}`,
    });
  });

  /** On a sample, with `directory` as the working directory: the ldd report against a trace. */
  async function compareWithEnvironment(name: string, options: TraceOptions) {
    const candidates = cases.filter(
      ({ path, closure }) =>
        listings.has(path) && closure.loader === 'glibc' && closure.libraries.length > 1,
    );
    const step = Math.max(1, candidates.length / SAMPLE);
    const sample = candidates.filter(
      (_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step),
    );
    const outputs = await byPath(
      sample,
      'LD_LIBRARY_PATH="$paths" LD_PRELOAD="$preloads" LD_TRACE_LOADED_OBJECTS=1 "$1" "$2" 2>&1',
      ({ loader }) => loader,
      {
        env: { paths: options.libraryPath ?? '', preloads: options.preload ?? '' },
        cwd: directory,
      },
    );
    const { closures } = traceDependencies(
      directoryRoot('/'),
      sample.map(({ path }) => path),
      // ld.so --list gives no rights: it starts as the user that it lists for.
      { cwd: directory, startedBy: 'trusted', ...options },
    );
    const answers = new Map(closures.map((closure) => [closure.program.path, closure]));
    const mismatches = compare(
      sample,
      ({ path }) => lddText(answers.get(path) as Closure),
      ({ path }) => withoutAddresses(outputs.get(path) as Output),
    );
    report(`host with ${name}`, sample.length, mismatches);
    // The variable must have mattered to some of them.
    expect(sample.some((c) => lddText(c.closure) !== lddText(answers.get(c.path) as Closure))).toBe(
      true,
    );
  }
});

function traceHost(files: readonly string[]): Trace {
  return traceDependencies(directoryRoot('/'), files, { cwd: '/', startedBy: 'trusted' });
}

/** The loader that the kernel would start for it; for a library, the one elfdeps speaks of. */
function toCase(closure: Closure): Case[] {
  const { program, target } = closure;
  if (target === null || program.kind === 'script' || program.kind === 'relocatable') return [];
  const usual = loaderFor(machine, target);
  if (usual === undefined) return [];
  let loader = closure.interpreter?.path;
  if (closure.interpreter?.status === 'missing') return [];
  if (loader === undefined && closure.loader !== null) {
    const paths = knownLoaders
      .find(({ name }) => name === closure.loader)
      ?.interpreterPaths(target);
    loader = paths?.find((path) => exists(path));
  }
  loader ??= usual.path;
  const isLddCase = machine.some(({ path }) => realpathSync(path) === realpathSync(loader));
  return [{ closure, path: program.path, loader, isLddCase }];
}

/** `--list` ends at the first missing library; a trace goes on. */
async function listByLoader(cases: readonly Case[]): Promise<Map<string, Output>> {
  const outputs = await byPath(cases, LIST);
  const failed = cases.filter(({ path }) => outputs.get(path)?.status !== 0);
  const traces = await byPath(failed, 'LD_TRACE_LOADED_OBJECTS=1 "$1" "$2" 2>&1');
  return new Map([...outputs, ...traces]);
}

/** Runs `command` for each case, with the loader (or what `first` gives) and the path. */
async function byPath(
  cases: readonly Case[],
  command: string,
  first: (c: Case) => string = ({ loader }) => loader,
  surroundings: Surroundings = {},
): Promise<Map<string, Output>> {
  const pairs = cases.map((c) => [first(c), c.path] as const);
  const outputs = await runEach(command, pairs, surroundings);
  return new Map(cases.map(({ path }, index) => [path, outputs[index] as Output]));
}

/** The lines of a listing as `name => path`, without the kernel's own library. */
function loaderRows({ text }: Output): string[] {
  return text
    .split('\n')
    .map((line) => line.trim().replace(/ \(0x[0-9a-f]+\)$/, ''))
    .filter((line) => line !== '' && line !== 'statically linked' && !VERSION_LINE.test(line))
    .filter((line) => !/^linux-(?:vdso|gate|vdso\d\d)\.so\.\d$/.test(line));
}

/** The same lines from the JSON report, by program. */
function jsonRows(closures: readonly Closure[]): Map<string, string[]> {
  const document = JSON.parse(reportText('json', closures)) as {
    programs: {
      path: string;
      libraries: { name: string; path: string | null; rule: string | null }[];
    }[];
  };
  return new Map(
    document.programs.map(({ path, libraries }, index) => [
      path,
      libraries
        .filter((_, at) => closures[index]?.libraries[at]?.kind !== 'auxiliary')
        .filter(({ rule }) => rule !== 'already-loaded')
        .map((library) => {
          if (library.path === null) return `${library.name} => not found`;
          // Of a name with a slash glibc prints the path, with tokens expanded, alone.
          const isPath = closures[index]?.loader === 'glibc' && library.name.includes('/');
          return library.rule === 'interpreter' || isPath
            ? library.path
            : `${library.name} => ${library.path}`;
        }),
    ]),
  );
}

function lddText(closure: Closure): string {
  return withoutAddresses({ text: reportText('ldd', [closure]) });
}

function withoutAddresses({ text }: Pick<Output, 'text'>): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('ldd: warning:') && !VERSION_LINE.test(line))
    .map((line) => line.replace(/ \(0x[0-9a-f]*\)$/, ''))
    .join('\n');
}

function compare(
  cases: readonly Case[],
  elfdeps: (c: Case) => string,
  loader: (c: Case) => string,
): Mismatch[] {
  return cases
    .map((c) => ({ path: c.path, elfdeps: elfdeps(c), loader: loader(c) }))
    .filter((pair) => pair.elfdeps !== pair.loader);
}

/** One line for the log; the first differences in full when there are any. */
function report(name: string, count: number, mismatches: readonly Mismatch[], more = ''): void {
  console.log(`${name}: ${count} files compared, ${mismatches.length} mismatches${more}`);
  expect(count).toBeGreaterThan(0);
  const shown = mismatches
    .slice(0, 5)
    .map((m) => `${m.path}\n--- loader\n${m.loader}\n+++ elfdeps\n${m.elfdeps}`);
  if (shown.length > 0) throw new Error(`${mismatches.length} mismatches\n\n${shown.join('\n\n')}`);
}

/** Copies of the libraries that most programs need, so that a search order shows. */
function makeDecoys(directory: string, cases: readonly Case[]): string[] {
  const target = machine.at(-1)?.target;
  const uses = new Map<string, { path: string; count: number }>();
  for (const { closure } of cases)
    for (const { name, object } of closure.libraries) {
      if (object === undefined || object.role === 'interpreter' || name.includes('/')) continue;
      if (name.startsWith('libc.') || closure.loader !== 'glibc') continue;
      if (JSON.stringify(closure.target) !== JSON.stringify(target)) continue;
      const use = uses.get(name) ?? { path: object.realPath, count: 0 };
      uses.set(name, { ...use, count: use.count + 1 });
    }
  const chosen = [...uses].sort(([, a], [, b]) => b.count - a.count).slice(0, 4);
  for (const folder of ['near', 'near/glibc-hwcaps/x86-64-v2', 'near/tls']) {
    mkdirSync(join(directory, folder), { recursive: true });
    for (const [name, { path }] of chosen.slice(0, folder === 'near' ? 4 : 1))
      copyFileSync(path, join(directory, folder, basename(name)));
  }
  return chosen.map(([name]) => name);
}

function exists(path: string): boolean {
  try {
    return realpathSync(path) !== '';
  } catch {
    return false;
  }
}
