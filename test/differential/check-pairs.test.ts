/**
 * `elfdeps check` against reality: programs of three Debian releases, programs compiled here for glibc
 * and for musl, and scripts, each put into each of six roots and started there. It must say "runs"
 * exactly where the kernel and the loader let the program start. Downloads about 15 MB a release;
 * ELFDEPS_ROOTS_DIR keeps them between runs.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkTrace, directoryRoot, traceDependencies } from '../../src/index.js';
import { command, describeWith, requirement } from '../support/requirement.js';
import { copyRoot, makeRoot } from './debian-roots.js';
import { compileOther, compilePrograms } from './pair-programs.js';
import { runEach } from './run-each.js';
import { compileStarter } from './starter.js';

const PACKAGES = 'bash coreutils dash grep gzip libc-bin openssl perl-base sed tar'.split(' ');
const SUITES = ['bullseye-amd64', 'bookworm-amd64', 'trixie-amd64'];

/** Programs of each release to put into the other roots; all know --version or --help. */
const TAKEN = [
  ...['bin/bash', 'bin/dash', 'bin/ls', 'bin/cp', 'bin/date', 'bin/grep', 'bin/sed', 'bin/tar'],
  ...['bin/gzip', 'usr/bin/sort', 'usr/bin/expr', 'usr/bin/env', 'usr/bin/perl', 'usr/bin/id'],
  ...['usr/bin/openssl', 'usr/bin/getent', 'usr/bin/iconv', 'usr/bin/locale', 'usr/bin/stdbuf'],
  ...['sbin/ldconfig', 'usr/bin/tail', 'usr/bin/od', 'usr/bin/factor'],
];

const requirements = [
  requirement('the root user', process.getuid?.() === 0),
  requirement('an x86-64 machine', process.arch === 'x64'),
  ...['gcc', 'musl-gcc', 'apt-get', 'dpkg-deb', 'timeout', 'unshare', 'mount'].map(command),
];

describeWith('check, program by root', requirements, () => {
  const base = fs.mkdtempSync(join(tmpdir(), 'elfdeps-pairs-'));
  const roots = new Map<string, string>();
  const programs: { readonly name: string; readonly file: string }[] = [];

  beforeAll(() => {
    const kept = process.env.ELFDEPS_ROOTS_DIR ?? join(base, 'made');
    fs.mkdirSync(kept, { recursive: true });
    for (const suite of SUITES) {
      const made = makeRoot(suite, kept, PACKAGES);
      const root = copyRoot(made, join(base, suite));
      roots.set(suite, root);
      for (const path of TAKEN)
        programs.push({
          name: `${suite}-${basename(path)}`,
          file: fs.realpathSync(join(made, path)),
        });
    }
    for (const [name, root] of muslRoots(base)) roots.set(name, root);
    roots.set('empty', join(base, 'empty'));
    fs.mkdirSync(join(base, 'empty'));
    programs.push(...compilePrograms(join(base, 'compiled')));
    compileStarter(join(base, 'starter'));
    for (const root of roots.values()) {
      put(compileOther(base), join(root, 'lib/libother.so'));
      fs.mkdirSync(join(root, 'proc'), { recursive: true });
      for (const { name, file } of programs) put(file, join(root, 'pairs', name));
    }
  });
  afterAll(() => fs.rmSync(base, { recursive: true, force: true }));

  it('says "runs" exactly where the program starts', async () => {
    const wrong: object[] = [];
    let pairs = 0;
    let starting = 0;
    for (const [name, root] of roots) {
      const paths = programs.map((program) => `/pairs/${program.name}`);
      const trace = traceDependencies(directoryRoot(root), paths);
      expect(trace.errors).toEqual([]);
      const checked = new Map(
        checkTrace(trace, name === 'empty' ? { platform: 'linux/amd64' } : {}).map((c) => [
          c.closure.program.path,
          c,
        ]),
      );
      const outputs = await runEach(
        START,
        paths.map((path) => [path, '--version']),
        {
          env: { root, starter: join(base, 'starter') },
        },
      );
      outputs.forEach(({ status, text }, index) => {
        const path = paths[index] as string;
        const starts = !NOT_STARTED.test(text) && status < 128;
        const says = checked.get(path)?.verdict !== 'fails';
        pairs++;
        if (starts) starting++;
        if (starts === says) return;
        const findings = checked
          .get(path)
          ?.findings.map(({ code, message }) => `${code} ${message}`);
        wrong.push({
          root: name,
          path,
          starts,
          says,
          status,
          text: text.slice(0, 300),
          findings,
        });
      });
    }
    const falseRuns = wrong.filter((pair) => 'says' in pair && pair.says === true).length;
    console.log(
      `check: ${pairs} pairs in ${roots.size} roots, ${starting} start; ` +
        `false "runs": ${falseRuns}, false "fails": ${wrong.length - falseRuns}`,
    );
    expect(wrong.slice(0, 40).map((pair) => JSON.stringify(pair))).toEqual([]);
    expect(pairs).toBeGreaterThan(200);
    // Neither answer may be the only one.
    expect(starting).toBeGreaterThan(pairs / 5);
    expect(starting).toBeLessThan((pairs * 4) / 5);
  });
});

/** With /proc, which says what $ORIGIN of a program is. */
const START =
  'unshare -m sh -c \'mount --bind /proc "$root/proc" && exec env -i PATH=/usr/bin:/bin ' +
  'timeout 600 "$starter" "$root" "$1" "$2"\' sh "$1" "$2" 2>&1 </dev/null';

const NOT_STARTED = new RegExp(
  [
    "^exec [^:]*: |error while loading shared libraries|version `[^']*' not found|env: .*No such file",
    'Error relocating|Error loading shared library|relocation error|symbol lookup error',
    'FATAL: kernel too old|Inconsistency detected by ld\\.so',
  ].join('|'),
  'm',
);

function put(file: string, at: string): void {
  fs.mkdirSync(dirname(at), { recursive: true });
  fs.copyFileSync(file, at);
  fs.chmodSync(at, fs.statSync(file).mode);
}

/** A root with musl's loader and a shell for it, and one that has the loader as glibc's too. */
function muslRoots(base: string): [string, string][] {
  return ['musl', 'musl-compat'].map((name) => {
    const root = join(base, name);
    const source = join(base, `${name}.c`);
    put('/lib/ld-musl-x86_64.so.1', join(root, 'lib/ld-musl-x86_64.so.1'));
    fs.writeFileSync(source, 'int main(void) { return 0; }\n');
    fs.mkdirSync(join(root, 'bin'));
    execFileSync('musl-gcc', ['-o', join(root, 'bin/sh'), source]);
    if (name === 'musl-compat') {
      fs.mkdirSync(join(root, 'lib64'));
      fs.symlinkSync('../lib/ld-musl-x86_64.so.1', join(root, 'lib64/ld-linux-x86-64.so.2'));
    }
    return [name, root];
  });
}
