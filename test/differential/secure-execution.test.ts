/**
 * Programs that give rights (set-user-ID, set-group-ID, capabilities), started by root and by nobody
 * under real loaders: what `check` foretells is what happens, to the word. Three releases of glibc, and
 * musl. The kernel decides who runs in secure-execution mode.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkTrace, directoryRoot, traceDependencies } from '../../src/index.js';
import { type Answer, realLoaders, runJobs } from '../support/real-loader.js';
import { command, describeWith, requirement } from '../support/requirement.js';
import { loaderOf, makeRoot } from './debian-roots.js';
import { KINDS, type SecureRow, writeSecureWorld } from './secure-worlds.js';

const runpath = (path: string) => [`-Wl,--enable-new-dtags,-rpath,${path}`];
const rpath = (path: string) => [`-Wl,--disable-new-dtags,-rpath,${path}`];

const ROWS: readonly SecureRow[] = [
  { rule: 'RUNPATH with $ORIGIN', link: runpath('$ORIGIN/lib'), library: '/app/lib/libx.so' },
  { rule: 'RPATH with $ORIGIN', link: rpath('$ORIGIN/lib'), library: '/app/lib/libx.so' },
  { rule: 'RUNPATH ${ORIGIN} alone', link: runpath('${ORIGIN}'), library: '/app/libx.so' },
  { rule: 'cache', configured: ['/opt/l'], library: '/opt/l/libx.so' },
  {
    rule: 'RUNPATH with $ORIGIN, then the cache',
    link: runpath('$ORIGIN/lib'),
    configured: ['/opt/l'],
    library: '/opt/l/libx.so',
  },
  { rule: 'absolute RUNPATH', link: runpath('/opt/l'), library: '/opt/l/libx.so' },
  { rule: 'relative RPATH', link: rpath('opt/l'), library: '/opt/l/libx.so' },
  {
    rule: 'absolute element beside one with $ORIGIN',
    link: runpath('$ORIGIN/lib:/opt/l'),
    library: '/opt/l/libx.so',
  },
  {
    rule: '$ORIGIN to a directory below a system directory',
    programs: '/usr/bin',
    link: rpath('$ORIGIN/../lib/probe'),
    library: '/usr/lib/probe/libx.so',
  },
  {
    rule: '$ORIGIN to a directory that only looks like a system directory',
    programs: '/usr/bin',
    link: rpath('$ORIGIN/../library'),
    library: '/usr/library/libx.so',
  },
  {
    rule: '$ORIGIN to a directory that other ports have as a system directory',
    programs: '/usr/bin',
    link: rpath('$ORIGIN/../lib64/probe'),
    library: '/usr/lib64/probe/libx.so',
  },
  {
    rule: '$ORIGIN behind something else',
    programs: '/usr/lib',
    link: rpath('/.$ORIGIN/probe'),
    library: '/usr/lib/probe/libx.so',
  },
  {
    rule: '$ORIGIN of a library',
    link: runpath('/opt/l'),
    library: '/opt/l/deep/libx.so',
    between: { path: '/opt/l/liby.so', link: runpath('$ORIGIN/deep') },
  },
  {
    rule: '$ORIGIN behind something else, of a library',
    link: runpath('/opt/l'),
    library: '/opt/l/deep/libx.so',
    between: { path: '/opt/l/liby.so', link: runpath('/.$ORIGIN/deep') },
  },
  {
    rule: '$ORIGIN in a needed name',
    needed: '$ORIGIN/lib/libx.so',
    library: '/app/lib/libx.so',
  },
  { rule: 'LD_LIBRARY_PATH', env: { LD_LIBRARY_PATH: '/opt/l' }, library: '/opt/l/libx.so' },
  {
    rule: 'LD_PRELOAD of a path',
    isPreloaded: true,
    env: { LD_PRELOAD: '/opt/l/libx.so' },
    library: '/opt/l/libx.so',
    mode: 0o4755,
  },
  {
    rule: 'LD_PRELOAD of a name',
    isPreloaded: true,
    env: { LD_PRELOAD: 'libx.so' },
    library: '/usr/lib/libx.so',
  },
  {
    rule: 'LD_PRELOAD of a name, the file set-user-ID',
    isPreloaded: true,
    env: { LD_PRELOAD: 'libx.so' },
    library: '/usr/lib/libx.so',
    mode: 0o4755,
  },
  {
    rule: 'LD_PRELOAD of a name in the cache, the file set-user-ID',
    isPreloaded: true,
    configured: ['/opt/l'],
    env: { LD_PRELOAD: 'libx.so' },
    library: '/opt/l/libx.so',
    mode: 0o4755,
  },
  {
    rule: 'the preload file names a path',
    isPreloaded: true,
    files: { '/etc/ld.so.preload': '/opt/l/libx.so\n' },
    library: '/opt/l/libx.so',
  },
  {
    rule: 'the preload file has a bare name',
    isPreloaded: true,
    files: { '/etc/ld.so.preload': 'libx.so\n' },
    library: '/usr/lib/libx.so',
  },
  {
    rule: 'a library that only its owner may read',
    link: runpath('/opt/l'),
    library: '/opt/l/libx.so',
    mode: 0o640,
  },
  {
    rule: 'a library in a directory that only its owner may search',
    link: runpath('/opt/l'),
    library: '/opt/l/libx.so',
    modes: { '/opt/l': 0o700 },
  },
  {
    rule: 'programs in a directory that only its owner may search',
    link: runpath('/opt/l'),
    library: '/opt/l/libx.so',
    modes: { '/app': 0o750 },
  },
  {
    rule: 'programs that only their owner and group may start',
    link: runpath('/opt/l'),
    library: '/opt/l/libx.so',
    modes: { '/app/plain': 0o750, '/app/set-user-ID': 0o4750, '/app/set-group-ID': 0o2750 },
  },
  {
    rule: 'an interpreter that only its owner may start',
    link: runpath('/opt/l'),
    library: '/opt/l/libx.so',
    modes: { '/lib64/ld-linux-x86-64.so.2': 0o750 },
  },
];

const USERS = { root: 0, nobody: 65534 } as const;

interface Case {
  readonly row: SecureRow;
  readonly loader: string | number;
  readonly kind: string;
  readonly user: keyof typeof USERS;
  root: string;
  program: string;
}

const { loaders: known, reason } = realLoaders();

const requirements = [
  requirement(`real loaders${reason === undefined ? '' : ` (${reason})`}`, reason === undefined),
  requirement('the musl loader', known.has('musl')),
  ...['gcc', 'setcap', 'tar', 'apt-get', 'dpkg-deb', 'qemu-s390x-static'].map(command),
];

describeWith('secure execution under real loaders and the kernel', requirements, () => {
  const directory = process.env.ELFDEPS_ROOTS_DIR ?? mkdtempSync(join(tmpdir(), 'elfdeps-secure-'));
  const loaders = new Map<string | number, string>(known);
  const cases: Case[] = [];
  const worlds = new Map<string, { root: string; programs: Record<string, string> }>();
  let answers: Answer[] = [];
  let differences = 0;

  const keys = [31, 41, ...known.keys()];
  for (const row of ROWS)
    for (const loader of keys) {
      // musl has no preload file, and a loader of another name.
      const isGlibcOnly = row.files !== undefined || row.rule.startsWith('an interpreter');
      if (loader === 'musl' && isGlibcOnly) continue;
      for (const kind of Object.keys(KINDS))
        for (const user of ['root', 'nobody'] as const)
          cases.push({ row, loader, kind, user, root: '', program: '' });
    }

  beforeAll(() => {
    for (const [minor, name] of [
      [31, 'bullseye-amd64'],
      [41, 'trixie-amd64'],
    ] as const)
      loaders.set(minor, loaderOf(makeRoot(name, directory, ['libc6', 'libc-bin'])));
    answers = runJobs(cases, (one, root) => {
      const key = `${one.row.rule}\0${one.loader}`;
      const world = worlds.get(key) ?? {
        root,
        programs: writeSecureWorld(root, one.row, {
          file: loaders.get(one.loader) as string,
          isMusl: one.loader === 'musl',
        }),
      };
      worlds.set(key, world);
      one.root = world.root;
      one.program = world.programs[one.kind] as string;
      foretold.set(one, foretell(one));
      const { env = {} } = one.row;
      return { root: world.root, cwd: '/', argv: [one.program], env, uid: USERS[one.user] };
    });
  });
  const foretold = new Map<Case, string>();

  afterAll(() => {
    console.log(`${cases.length} starts, ${differences} differences (${keys.join(', ')})`);
    if (process.env.ELFDEPS_ROOTS_DIR === undefined)
      rmSync(directory, { recursive: true, force: true });
  });

  const starts = new Map<string, Case[]>();
  for (const one of cases) {
    const name = `${one.row.rule} [${one.loader}]`;
    starts.set(name, [...(starts.get(name) ?? []), one]);
  }
  it.each([...starts])('%s', (_, group) => {
    const named = (answer: (one: Case) => string | undefined) =>
      group.map((one) => `${one.kind}, ${one.user}: ${answer(one)}`);
    const ours = named((one) => foretold.get(one));
    const theirs = named((one) => whatHappened(answers[cases.indexOf(one)] as Answer));
    differences += ours.filter((line, index) => line !== theirs[index]).length;
    expect(ours).toEqual(theirs);
  });
});

describeWith('no-new-privileges under the kernel', requirements, () => {
  it('takes their meaning from set-id bits, and leaves capabilities theirs', () => {
    const [row] = ROWS;
    const kinds = ['plain', 'set-user-ID', 'set-group-ID', 'capabilities'];
    const [[loader, file] = []] = known;
    let programs: Record<string, string> = {};
    let world = '';
    const answers = runJobs(kinds, (kind, root) => {
      if (world === '') {
        world = root;
        programs = writeSecureWorld(root, row as SecureRow, {
          file: file as string,
          isMusl: loader === 'musl',
        });
      }
      const argv = [programs[kind] as string];
      return { root: world, cwd: '/', argv, env: {}, noNewPrivileges: true };
    });
    expect(answers.map(({ code }) => code)).toEqual([0, 0, 0, 127]);
  });
});

/** `starts`, or the first line that is printed. */
function foretell({ root, row, program, user }: Case): string {
  const id = USERS[user];
  const trace = traceDependencies(directoryRoot(root), [program], {
    startedBy: { uid: id, gid: id, groups: [] },
    libraryPath: row.env?.LD_LIBRARY_PATH,
    preload: row.env?.LD_PRELOAD,
  });
  const errors = checkTrace(trace).flatMap(({ findings }) =>
    findings.filter(({ severity }) => severity === 'error'),
  );
  const [first] = errors;
  const { objects = [] } = trace.closures[0] ?? {};
  if (row.isPreloaded && first === undefined)
    return objects.some(({ role }) => role === 'preload') ? 'starts' : WITHOUT;
  if (first === undefined) return 'starts';
  if (first.refusedByKernel) return /permission denied/.test(first.seen ?? '') ? 'EACCES' : '?';
  return first.seen?.split('\n')[0] ?? first.message;
}

/** The program starts, but nothing was preloaded. */
const WITHOUT = 'starts without';

function whatHappened({ err, code }: Answer): string {
  if (code === 3) return WITHOUT;
  if (code === 0) return 'starts';
  if (err.startsWith('RUNNER PermissionError')) return 'EACCES';
  const lines = err.split('\n').filter((line) => !line.startsWith('ERROR: ld.so: object'));
  return lines[0] ?? `exit ${code}`;
}
