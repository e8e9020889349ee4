/**
 * The same worlds, answered by real loaders: each world is written below a temporary directory and
 * its program started there, chrooted, with LD_TRACE_LOADED_OBJECTS=1 (glibc) or `--list` (musl).
 * Needs Linux on x86-64, the root user and python3. Further releases than the machine's own come
 * from the environment: ELFDEPS_LOADERS="31=/path/ld.so,41=...,musl=/path/ld-musl-x86_64.so.1".
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { writeWorld } from './disk-world.js';
import {
  GLIBC_INTERPRETER,
  glibcSystem,
  MUSL_INTERPRETER,
  memoryNode,
  muslSystem,
  type Vector,
  type World,
} from './world.js';

export type LoaderKey = number | 'musl';

/** Real loader files by release; why there are none, where comparing is impossible. */
export function realLoaders(): { loaders: ReadonlyMap<LoaderKey, string>; reason?: string } {
  const loaders = new Map<LoaderKey, string>();
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { loaders, reason: 'not Linux on x86-64' };
  if (process.getuid?.() !== 0) return { loaders, reason: 'chroot needs the root user' };
  try {
    execFileSync('unshare', ['-m', 'python3', '-c', 'import ctypes'], { stdio: 'ignore' });
  } catch {
    return { loaders, reason: 'no python3, or no unshare that may' };
  }
  const own = releaseOf(GLIBC_INTERPRETER);
  if (own !== undefined) loaders.set(own, fs.realpathSync(GLIBC_INTERPRETER));
  if (fs.existsSync(MUSL_INTERPRETER)) loaders.set('musl', fs.realpathSync(MUSL_INTERPRETER));
  for (const pair of (process.env.ELFDEPS_LOADERS ?? '').split(',').filter((p) => p !== '')) {
    const [key = '', path = ''] = pair.split('=');
    loaders.set(key === 'musl' ? 'musl' : Number(key), fs.realpathSync(path));
  }
  return loaders.size === 0 ? { loaders, reason: 'no loader on this machine' } : { loaders };
}

function releaseOf(path: string): number | undefined {
  if (!fs.existsSync(path)) return undefined;
  const banner = /release version 2\.(\d+)/.exec(fs.readFileSync(path, 'latin1'))?.[1];
  return banner === undefined ? undefined : Number(banner);
}

/** A command in a root; with an emulator, which stays outside of it, for another CPU. */
export interface Job {
  readonly root: string;
  readonly cwd: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Path of a static qemu-user. */
  readonly emulator?: string;
  /** Number of the user and the group that start it; 65534 if absent. */
  readonly uid?: number;
  /** Whether the process and what it starts get no more rights than it has (prctl(2)). */
  readonly noNewPrivileges?: boolean;
}

export interface Answer {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

const RUNNER = `
import ctypes, json, os, resource, subprocess, sys
libc = ctypes.CDLL(None, use_errno=True)
MS_BIND = 4096
answers = []
for job in json.load(open(sys.argv[1])):
    def enter():
        # Some loaders never end where filters form circles: a limit of work, not of time.
        resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
        os.chroot(job['root']); os.chdir(job['cwd'])
        os.setgroups([]); os.setgid(job.get('uid', 65534)); os.setuid(job.get('uid', 65534))
        if job.get('noNewPrivileges'): libc.prctl(38, 1, 0, 0, 0)
    # $ORIGIN of a program is what /proc/self/exe says.
    proc = os.path.join(job['root'], 'proc')
    os.makedirs(proc, exist_ok=True)
    if libc.mount(b'/proc', proc.encode(), None, MS_BIND, None) != 0:
        raise OSError(ctypes.get_errno(), 'mount')
    argv, env, how = job['argv'], job['env'], {}
    if 'emulator' in job:
        fd = os.open(job['emulator'], os.O_RDONLY)
        argv = ['qemu', *(word for pair in env.items() for word in ('-E', '='.join(pair))), *argv]
        env, how = {}, {'executable': '/proc/self/fd/%d' % fd, 'pass_fds': [fd]}
    try:
        done = subprocess.run(argv, env=env, preexec_fn=enter, timeout=600,
                              stdin=subprocess.DEVNULL, capture_output=True, **how)
        answers.append({'out': done.stdout.decode('utf-8', 'replace'),
                        'err': done.stderr.decode('utf-8', 'replace'), 'code': done.returncode})
    except Exception as error:
        answers.append({'out': '', 'err': 'RUNNER ' + repr(error), 'code': -1})
    libc.umount2(proc.encode(), 2)
    if how: os.close(fd)
json.dump(answers, sys.stdout)
`;

/** A vector for one real loader. */
export interface RealCase {
  readonly vector: Vector;
  readonly loader: LoaderKey;
}

/** The rows that the real loaders give, in the order of the cases. */
export function realRows(
  cases: readonly RealCase[],
  loaders: ReadonlyMap<LoaderKey, string>,
): string[][] {
  const answers = runJobs(cases, ({ vector, loader }, root) => {
    const system = loader === 'musl' ? muslSystem() : glibcSystem(loader);
    writeRealWorld(root, { ...system, ...vector.world }, loaders);
    return jobOf(vector, loader, root);
  });
  return answers.map((answer, index) => parseAnswer(answer, cases[index] as RealCase));
}

/** Runs one job for each case, in a root that `prepare` fills; answers in order. */
export function runJobs<Case>(
  cases: readonly Case[],
  prepare: (one: Case, root: string) => Job,
): Answer[] {
  const base = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-real-'));
  try {
    fs.chmodSync(base, 0o755);
    const jobs = cases.map((one, index) => prepare(one, nodePath.join(base, String(index))));
    const input = nodePath.join(base, 'jobs.json');
    fs.writeFileSync(input, JSON.stringify(jobs));
    const output = execFileSync('unshare', ['-m', 'python3', '-c', RUNNER, input], {
      maxBuffer: 1 << 28,
      encoding: 'utf8',
    });
    return JSON.parse(output) as Answer[];
  } finally {
    fs.rmSync(base, { recursive: true, force: true });
  }
}

function jobOf(vector: Vector, loader: LoaderKey, root: string): Job {
  const { options = {} } = vector;
  const program = vector.program ?? '/app/main';
  const env: Record<string, string> = {};
  if (options.libraryPath !== undefined) env.LD_LIBRARY_PATH = options.libraryPath;
  if (options.preload !== undefined) env.LD_PRELOAD = options.preload;
  const node = vector.world[program] as { interpreter?: string } | undefined;
  const interpreter = node?.interpreter;
  const common = { root, cwd: options.cwd ?? '/', env };
  if (loader === 'musl')
    return { ...common, argv: [interpreter ?? MUSL_INTERPRETER, '--list', program] };
  env.LD_TRACE_LOADED_OBJECTS = '1';
  const level = options.hwcaps?.startsWith('x86-64-v') ? Number(options.hwcaps.slice(-1)) : 0;
  if (level > 0 && loader >= 33) {
    const names = [4, 3, 2].filter((n) => n <= level).map((n) => `x86-64-v${n}`);
    const mask = ['--glibc-hwcaps-mask', names.join(':')];
    return { ...common, argv: [GLIBC_INTERPRETER, ...mask, program] };
  }
  const direct = interpreter !== undefined || (node !== undefined && 'link' in node);
  return { ...common, argv: direct ? [program] : [GLIBC_INTERPRETER, program] };
}

/** Writes a world to disk; stand-ins for loaders among its nodes become the real ones. */
export function writeRealWorld(
  root: string,
  world: World,
  loaders: ReadonlyMap<LoaderKey, string>,
): void {
  writeWorld(root, world, (path, node) => {
    if (typeof node !== 'object' || !('glibcLoader' in node || 'muslLoader' in node))
      return memoryNode(path, node);
    const file = loaders.get('glibcLoader' in node ? node.glibcLoader.minor : 'musl');
    if (file === undefined) throw new Error(`no real loader for ${path}`);
    return new Uint8Array(fs.readFileSync(file));
  });
}

function parseAnswer(answer: Answer, { vector, loader }: RealCase): string[] {
  if (loader === 'musl') return muslRows(answer, listedRows(answer));
  return glibcRows(answer).filter((row) => vector.loaderRow === true || row !== GLIBC_INTERPRETER);
}

function listedRows({ out }: Answer): string[] {
  return out
    .split('\n')
    .filter((line) => line.startsWith('\t'))
    .map((line) => line.slice(1).replace(/ \(0x[0-9a-f]+\)$/, ''));
}

/** What a loader of glibc lists, without the vDSO. */
export function glibcRows(answer: Answer): string[] {
  const fatal = /error while loading shared libraries: (.*)/.exec(answer.err)?.[1];
  if (fatal !== undefined) return [`fatal: ${fatal}`];
  const rows = listedRows(answer);
  if (rows.length === 0) return [`no answer, exit ${answer.code}: ${answer.err.trim()}`];
  return rows.filter((row) => !/^linux-(?:vdso|gate)/.test(row) && row !== 'statically linked');
}

function muslRows(answer: Answer, rows: readonly string[]): string[] {
  if (rows.length === 0) return [`no answer, exit ${answer.code}: ${answer.err.trim()}`];
  const found = rows.slice(1).map((row) => {
    const [name, path] = row.split(' => ');
    return name === path ? (name as string) : row;
  });
  const missing = [...answer.err.matchAll(/^Error loading shared library ([^:]*):/gm)].map(
    (match) => `${match[1]} => not found`,
  );
  return [...found, ...new Set(missing)];
}
