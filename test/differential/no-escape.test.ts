/**
 * Nothing outside the root is opened and nothing is run: each command runs under strace on a root whose
 * links try to leave it, and every path that a system call names must be in the root or be Node.js' own.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { COMMAND_NAMES } from '../../src/cli/command.js';
import { createProgram } from '../../src/cli/program.js';
import { formatsOf } from '../../src/cli/suggestion.js';
import { ELFDEPS } from '../support/built-cli.js';
import { dockerEntries } from '../support/image-builder.js';
import { PROJECT } from '../support/markdown.js';
import { command, describeWith } from '../support/requirement.js';
import { entriesOf, tar } from '../support/tar-builder.js';
import { ESCAPE_FILES, ESCAPE_LINKS } from './escape-root.js';
import { ESCAPE_RUNS } from './escape-runs.js';

/** What Node.js looks up for the time zone of this machine, whatever the root is. */
const isTimeZone = (path: string) =>
  /^\/(?:etc|etc\/localtime|usr|usr\/share|usr\/share\/zoneinfo(?:\/.*)?)$/.test(path);

describeWith('a root whose links lead out of it', [command('strace')], () => {
  let base = '';
  let directory = '';
  /** What is opened whatever the command is. */
  let own: ReadonlySet<string> = new Set();

  beforeAll(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'elfdeps-escape-')));
    directory = join(base, 'root');
    mkdirSync(join(base, 'elsewhere'));
    const place = (path: string) => {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      return join(directory, path);
    };
    for (const [path, bytes] of Object.entries(ESCAPE_FILES)) {
      writeFileSync(place(path), bytes);
      chmodSync(place(path), 0o755);
    }
    for (const [path, target] of Object.entries(ESCAPE_LINKS)) symlinkSync(target, place(path));
    // Opening it would wait for a writer, for ever.
    execFileSync('mkfifo', [place('etc/ld-musl-x86_64.path'), place('etc/group')]);
    const links = Object.entries(ESCAPE_LINKS).map(
      ([path, link]) => [`/${path}`, { link }] as const,
    );
    const files = Object.entries(ESCAPE_FILES).map(([path, bytes]) => [`/${path}`, bytes] as const);
    const world = Object.fromEntries([...files, ...links]);
    const layer = tar(entriesOf(world));
    mkdirSync(join(base, 'out'));
    writeFileSync(join(base, 'opened.log'), '/../../../../etc/hostname\n/etc/passwd\n/bin/out\n');
    writeFileSync(join(base, 'root.tar'), layer);
    writeFileSync(
      join(base, 'image.tar'),
      tar(dockerEntries([{ layers: [layer], config: { Entrypoint: ['/bin/app'] } }])),
    );
    own = new Set(traceRun(['--version']).touched);
  });
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  /** What a run was asked for by strace: paths of system calls, and programs that it started. */
  function traceRun(args: readonly string[]) {
    const log = join(base, 'strace.log');
    const cwd = join(base, 'elsewhere');
    const run = [process.execPath, ELFDEPS, ...args];
    const options = ['-f', '-qq', '-s', '4096', '-e', 'trace=%file,%process', '-o', log];
    const { signal, status, stderr } = spawnSync('strace', [...options, ...run], {
      cwd,
      encoding: 'utf8',
      timeout: 120_000,
    });
    expect(signal, stderr).toBeNull();
    const text = readFileSync(log, 'utf8');
    // PID CALL([AT_FDCWD, ]"PATH"...: only what a call is asked for, not what a link says.
    const call = /^(\d+) +(\w+)\((?:AT_FDCWD, )?"((?:[^"\\]|\\.)*)"(.*)$/gm;
    const calls = [...text.matchAll(call)].map(([, pid, name, path = '', rest = '']) => {
      return { pid, name, path: path.startsWith('/') ? path : join(cwd, path), rest };
    });
    const started = calls.filter(
      ({ name, path }) => name === 'execve' && path !== process.execPath,
    );
    const others = new Set(started.map(({ pid }) => pid));
    // The text of a new link is nothing that is looked up.
    const isText = new Set(['execve', 'symlink']);
    const touched = calls.filter(({ pid, name = '' }) => !isText.has(name) && !others.has(pid));
    return { touched: touched.map(({ path }) => path), started, status, stderr };
  }

  const rows = Object.entries(ESCAPE_RUNS).flatMap(([command, runs]) =>
    runs.map((run) => [`${command}: ${run('').join(' ')}`, run] as const),
  );

  it.each(rows)(
    '%s: opens, lists and looks up nothing outside it, and runs nothing',
    (_name, run) => {
      const args = run(base);
      const { touched, started, status, stderr } = traceRun(args);
      // It came to an answer. 1 says that something is missing, 2 that a run could not be done.
      expect([0, 1], stderr).toContain(status);
      const outside = touched.filter(
        (path) =>
          !path.startsWith(`${base}/`) &&
          // The directories above it, which its own name leads through (realpath).
          !`${base}/`.startsWith(path.endsWith('/') ? path : `${path}/`) &&
          path !== '/dev/null' &&
          !own.has(path) &&
          // Modules of elfdeps, and of what it depends on.
          !path.startsWith(`${PROJECT}/`) &&
          !path.includes('/node_modules') &&
          // A descriptor of its own, of a file that was checked: the kernel copies from it.
          !/^\/proc\/self\/fd\/\d+$/.test(path) &&
          // Temporary files of its own.
          !path.startsWith(join(tmpdir(), 'elfdeps-')) &&
          // Node.js looks at its memory and its time zone, and fast-glob counts the CPUs.
          !/^\/(proc|sys)\/.*(stat|cpuinfo|cpufreq|overcommit_memory)/.test(path) &&
          !isTimeZone(path),
      );
      expect([...new Set(outside)]).toEqual([]);
      // What is beside the root is the archives and the output, and the root has no way to them.
      const beside = touched.filter(
        (path) => path.startsWith(`${base}/`) && !path.startsWith(`${directory}/`),
      );
      const allowed =
        /^\/(?:root(?:\.tar)?|image\.tar|opened\.log|elsewhere(?:\/.*)?|out(?:\/.*)?)$/;
      expect(beside.filter((path) => !allowed.test(path.slice(base.length)))).toEqual([]);
      // This machine's tar tells and sets file capabilities; nothing else is started.
      for (const { path, rest } of started) {
        expect(path).toMatch(/^(?:\/usr\/local|\/usr)?\/bin\/tar$/);
        const [, names = ''] = rest.split('"-C/", "--", ');
        const read = [...names.matchAll(/"([^"]*)"/g)].map(([, name]) => `/${name}`);
        if (read.length === 0) expect(rest).toContain(`"--directory", "${base}/`);
        for (const name of read) expect(name.startsWith(`${base}/`), name).toBe(true);
      }
    },
  );
});

it('every command, format and option is in a run', async () => {
  const sink = { out() {}, err() {}, columns: () => undefined };
  const program = await createProgram(COMMAND_NAMES, sink);
  expect(Object.keys(ESCAPE_RUNS).sort()).toEqual(
    ['report', ...program.commands.map((command) => command.name())].sort(),
  );
  for (const command of [program, ...program.commands]) {
    const name = command === program ? 'report' : (command.name() as keyof typeof ESCAPE_RUNS);
    const words = new Set(ESCAPE_RUNS[name].flatMap((run) => run('/')));
    const missing = command.options.filter(
      ({ short, long }) => !words.has(short ?? '') && !words.has(long ?? ''),
    );
    // It only prints, and every other run is compared with it.
    expect([
      name,
      ...missing.map(({ long }) => long).filter((long) => long !== '--version'),
    ]).toEqual([name]);
    for (const format of formatsOf(name === 'report' ? '' : name))
      if (words.has('--format')) expect(words).toContain(format.name);
  }
});
