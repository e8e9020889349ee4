/**
 * `modules` and `--with data`, proven by running: interpreters with their modules, servers with their
 * configuration, git with its helpers do in a tree of `elfdeps copy` what they do outside, and fail without.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { command, describeWith, findCommand, requirement } from '../support/requirement.js';
import {
  Containers,
  chrootRequirements,
  elfdeps,
  enterWith,
  type Result,
  run,
  succeed,
} from './containers.js';
import { freePort, makeCertificate } from './tls-server.js';

interface Row {
  readonly program: string;
  readonly args: readonly string[];
  /** Options with which it works. */
  readonly with: readonly string[];
  /** Options with which it fails. */
  readonly without: readonly string[];
  /** What it says or not then. */
  readonly fails: (result: Result) => boolean;
}

// Where another python3 is the first in PATH, it may be a script.
const PYTHON = '/usr/bin/python3';
const IMPORTS =
  'import ssl, json, sqlite3; print(json.dumps(len(ssl.create_default_context().get_ca_certs()) > 0))';
const FILE_TYPES = ['-c', 'runtime! filetype.vim', '-c', "put =exists('did_load_filetypes')"];

const rows: readonly Row[] = [
  {
    program: PYTHON,
    with: [],
    without: ['--without', 'modules'],
    args: ['-c', IMPORTS],
    fails: ({ stderr }) => stderr.includes("No module named 'encodings'"),
  },
  {
    program: 'nginx',
    with: ['--with', 'data'],
    without: ['--without', 'config,data'],
    args: ['-t'],
    fails: ({ stderr }) => stderr.includes('"/etc/nginx/nginx.conf" failed'),
  },
  {
    program: 'ruby',
    with: [],
    without: ['--without', 'modules'],
    args: ['-e', 'require "json"; puts [1].to_json'],
    fails: ({ status, stdout }) => status !== 0 && stdout === '',
  },
  {
    program: 'php',
    with: ['--with', 'data,tz'],
    without: ['--without', 'config,data'],
    args: ['-r', 'echo json_encode([ctype_alpha("a")]);'],
    fails: ({ stdout }) => stdout.includes('undefined function ctype_alpha'),
  },
  {
    program: 'perl',
    with: [],
    without: ['--without', 'modules'],
    args: ['-MPOSIX', '-e', 'print floor(1.5)'],
    fails: ({ stderr }) => stderr.includes("Can't locate POSIX.pm"),
  },
  {
    program: 'vim',
    with: [],
    without: ['--without', 'modules'],
    args: ['-es', '-u', 'NONE', ...FILE_TYPES, '-c', '%print', '-c', 'q!'],
    fails: ({ stdout }) => stdout.trim() === '0',
  },
];

const tools = ['nginx', 'ruby', 'php', 'perl', 'vim', 'git', 'openssl'].map(command);
const python = requirement('python3 of the system', existsSync(PYTHON));

describeWith('data of programs', [...chrootRequirements, ...tools, python], () => {
  let containers: Containers;
  beforeAll(() => {
    containers = new Containers();
  });
  afterAll(() => containers.close());

  it('a script of a virtual environment', () => {
    const directory = containers.makeDirectory();
    const environment = join(directory, 'venv');
    succeed(PYTHON, '-m', 'venv', '--without-pip', environment);
    const packages = join(environment, 'lib', readdirSync(join(environment, 'lib'))[0] as string);
    writeFileSync(join(packages, 'site-packages', 'greet.py'), 'print("hello")\n');
    const script = join(environment, 'bin', 'greet');
    writeFileSync(script, `#!${environment}/bin/python3\nimport greet\n`, { mode: 0o755 });
    const hello = { status: 0, stdout: 'hello\n', stderr: '' };
    expect(run(script)).toEqual(hello);
    expect(enterWith([], treeOf(script), script)).toEqual(hello);
    const without = enterWith([], treeOf(script, '--without', 'modules'), script);
    expect(without.stderr).toContain("No module named 'encodings'");
  });

  const treeOf = (program: string, ...options: readonly string[]) => {
    const tree = join(containers.makeDirectory(), 'tree');
    elfdeps('copy', program, ...options, '-q', '--to', tree);
    return tree;
  };

  it.each(rows)('$program', ({ program, args, fails, ...options }) => {
    const path = findCommand(program) ?? program;
    const inTree = (...options: readonly string[]) =>
      enterWith(['LC_ALL=C'], treeOf(path, ...options), path, ...args);
    const outside = run('env', 'LC_ALL=C', path, ...args);
    expect(outside.status).toBe(0);
    expect(inTree(...options.with)).toEqual(outside);
    const without = inTree(...options.without);
    expect({ ...without, fails: fails(without) }).toMatchObject({ fails: true });
  });

  it('git clone https://..., and not without', async () => {
    const git = findCommand('git') as string;
    const directory = containers.makeDirectory();
    const repository = join(directory, 'repository');
    const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b.example'];
    succeed(git, 'init', '-q', repository);
    succeed(git, ...identity, '-C', repository, 'commit', '-q', '--allow-empty', '-m', 'first');
    succeed(git, '-C', repository, 'update-server-info');
    const { key, certificate } = makeCertificate(directory);
    const port = String(await freePort());
    const server = spawn(process.execPath, ['-e', SERVER, key, certificate, port, repository], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      await new Promise((resolve) => server.stdout.once('data', resolve));
      const words = [git, 'clone', '-q', `https://localhost:${port}/.git`, '/clone'];
      const tree = treeOf(git, '--with', 'data');
      const bundle = join(tree, '/etc/ssl/certs/ca-certificates.crt');
      expect(existsSync(bundle)).toBe(true);
      copyFileSync(certificate, bundle);
      expect(enterWith([], tree, ...words)).toEqual({ status: 0, stdout: '', stderr: '' });
      const log = enterWith([], tree, git, '-C', '/clone', 'log', '--format=%s');
      expect(log).toEqual({ status: 0, stdout: 'first\n', stderr: '' });
      const without = enterWith([], treeOf(git), ...words);
      expect(without.stderr).toContain("'remote-https' is not a git command");
    } finally {
      server.kill();
    }
  });
});

/** Files of a directory over https, as any web server has them. */
const SERVER = `
const [key, cert, port, directory] = process.argv.slice(1);
const { readFileSync } = require('node:fs');
require('node:https').createServer({ key: readFileSync(key), cert: readFileSync(cert) },
  ({ url }, response) => {
    try { response.end(readFileSync(directory + url.replace(/\\?.*/, ''))); }
    catch { response.writeHead(404).end(); }
  }).listen(Number(port), () => console.log('listening'));
`;
