/**
 * The packed package on the JavaScript run times that users have: imported, required, and as a command.
 * Every run time must give what this process gives from the sources.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryRoot, parseElf, reports, traceDependencies } from '../../src/index.js';
import { runCli } from '../support/cli-runner.js';
import { installCommand, installPackage, packPackage } from '../support/packed-package.js';
import { command, describeWith, requirement } from '../support/requirement.js';

const SYSROOT = fileURLToPath(new URL('../../samples/sysroot', import.meta.url));
const HELLO = fileURLToPath(new URL('../../samples/hello/hello', import.meta.url));
const PROGRAM = '/usr/bin/greet';
/** Where scripts/install-test-tools.sh puts them. */
const RUN_TIMES = join(
  process.env.ELFDEPS_RUN_TIMES ?? join(homedir(), '.cache/elfdeps-run-times'),
  'node_modules/.bin',
);
const NODES = ['node20', 'node22', 'node24', 'node26'];
const names = [...NODES, 'bun', 'deno'];

/** The words that start a script. */
function start(name: string): [string, ...string[]] {
  const file = join(RUN_TIMES, name);
  return name === 'deno' ? [file, 'run', '--allow-all', '--no-lock'] : [file];
}

const requirements = names.map((name) => requirement(name, existsSync(join(RUN_TIMES, name))));

/** What the scripts print: a report, and an ELF file that the entry for browsers parsed. */
const USE = `
const trace = elfdeps.traceDependencies(elfdeps.directoryRoot(${JSON.stringify(SYSROOT)}), ['${PROGRAM}']);
const json = elfdeps.reports.find(({ name }) => name === 'json');
const report = json.format({ root: '/', closures: trace.closures, errors: trace.errors, names: new Map(), verbose: true, color: false });
const parsed = elf.parseElf(new Uint8Array(readFileSync(${JSON.stringify(HELLO)})));
let isSameClass = false;
try { elf.parseElf(new Uint8Array(64)); } catch (error) { isSameClass = error instanceof elfdeps.ElfFormatError; }
console.log(JSON.stringify({ report: JSON.parse(report), interpreter: parsed.interpreter, isSameClass, exports: Object.keys(elfdeps).sort() }));
`;
const IMPORT = `import { readFileSync } from 'node:fs';
import * as elfdeps from 'elfdeps';
import * as elf from 'elfdeps/elf';
${USE}`;
const REQUIRE = `const { readFileSync } = require('node:fs');
const elfdeps = require('elfdeps');
const elf = require('elfdeps/elf');
${USE.replace('Object.keys(elfdeps)', "Object.keys(elfdeps).filter((name) => name !== '__esModule')")}`;

describeWith('the packed package', [...requirements, ...['npm', 'tar', 'xz'].map(command)], () => {
  let directory = '';
  let project = '';
  let tarball = '';
  let expected: unknown;

  beforeAll(async () => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), 'elfdeps-run-times-')));
    project = join(directory, 'project');
    tarball = packPackage(directory);
    installPackage(tarball, project);
    writeFileSync(join(project, 'import.mjs'), IMPORT);
    writeFileSync(join(project, 'require.cjs'), REQUIRE);
    execFileSync('tar', ['-C', SYSROOT, '-cJf', join(directory, 'root.tar.xz'), '.']);
    const trace = traceDependencies(directoryRoot(SYSROOT), [PROGRAM]);
    const json = reports.find(({ name }) => name === 'json');
    const { closures, errors } = trace;
    const about = { root: '/', closures, errors, names: new Map(), verbose: true, color: false };
    const { readFileSync } = await import('node:fs');
    expected = {
      report: JSON.parse(json?.format(about) ?? ''),
      interpreter: parseElf(new Uint8Array(readFileSync(HELLO))).interpreter,
      isSameClass: true,
      exports: Object.keys(await import('../../src/index.js')).sort(),
    };
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  function run(name: string, ...args: readonly string[]) {
    const [file, ...words] = start(name);
    const { status, stdout, stderr } = spawnSync(file, [...words, ...args], {
      cwd: project,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: directory, NO_COLOR: '1' },
    });
    return { status, stdout, stderr };
  }

  describe.each(names)('on %s', (name) => {
    it('is imported', () => {
      const { status, stdout, stderr } = run(name, 'import.mjs');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(JSON.parse(stdout)).toEqual(expected);
    });

    it.each([
      ['a report', ['--root', SYSROOT, PROGRAM]],
      ['a plain report', [HELLO]],
      ['a root that WebAssembly unpacks', ['--root', 'root.tar.xz', PROGRAM]],
      ['a check', ['check', '--root', SYSROOT, PROGRAM]],
      ['a Dockerfile', ['dockerfile', '--root', SYSROOT, PROGRAM]],
      ['a page', ['--format', 'html', '--root', SYSROOT, PROGRAM]],
      ['an error', ['--root', SYSROOT, '/nowhere']],
    ])('prints %s', async (_what, args) => {
      const words = args.map((word) => (word === 'root.tar.xz' ? join(directory, word) : word));
      const { code, stdout, stderr } = await runCli(words, { cwd: project });
      expect(run(name, 'node_modules/elfdeps/bin/elfdeps.js', ...words)).toEqual({
        status: code,
        stdout,
        stderr,
      });
    });
  });

  it.each(['node22', 'node24', 'node26', 'bun', 'deno'])('is required on %s', (name) => {
    const { status, stdout, stderr } = run(name, 'require.cjs');
    // Some releases warn of a feature that they call experimental.
    expect({
      status,
      stderr: stderr.replaceAll(/^.*(?:ExperimentalWarning|--trace-warnings).*\n/gm, ''),
    }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(expected);
  });

  it('is required on Node.js 20 just where that can require ES modules', () => {
    const can = run('node20', '-p', 'process.features.require_module === true').stdout.trim();
    const { status, stderr } = run('node20', 'require.cjs');
    if (can === 'true') expect(status).toBe(0);
    else expect(stderr).toContain('ERR_REQUIRE_ESM');
  });

  it('is installed as a command', async () => {
    const prefix = join(directory, 'global');
    mkdirSync(prefix);
    const file = installCommand(tarball, prefix);
    const args = ['dockerfile', '--root', SYSROOT, PROGRAM];
    const { status, stdout } = spawnSync(file, args, { encoding: 'utf8' });
    const { code, stdout: here } = await runCli(args);
    expect({ status, stdout }).toEqual({ status: code, stdout: here });
    expect(stdout).toContain('FROM scratch');
    // npm takes a list of manual pages, and passes over one alone.
    expect(existsSync(join(prefix, 'share/man/man1/elfdeps.1'))).toBe(true);
  });
});
