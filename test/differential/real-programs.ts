/**
 * Real programs of this machine, a command line of each, and what it does outside of all images.
 */
import { existsSync, realpathSync } from 'node:fs';
import { command, findCommand } from '../support/requirement.js';
import { chrootRequirements, type Result, run } from './containers.js';

/** A command line; `alone` has an image of its own too. */
type Row = readonly [name: string, args: readonly string[], alone?: 'alone'];

const rows: readonly Row[] = [
  ['bash', ['-c', 'echo "$((6 * 7))"; exit 3'], 'alone'],
  ['ls', ['--version'], 'alone'],
  ['git', ['--version'], 'alone'],
  ['curl', ['--version'], 'alone'],
  ['node', ['-p', '[1, 2].map(x => x * 2).join()'], 'alone'],
  ['python3', ['--version'], 'alone'],
  ['perl', ['-e', 'print join(",", map { $_ ** 2 } 1 .. 5), "\n"; exit 4']],
  ['sqlite3', [':memory:', 'select 6 * 7, sqlite_version()'], 'alone'],
  ['openssl', ['version', '-a']],
  ['gpg', ['--version']],
  ['ssh', ['-V'], 'alone'],
  ['tar', ['--version']],
  ['xz', ['--version']],
  ['zstd', ['--version']],
  ['find', ['/proc/self/status', '-maxdepth', '0']],
  ['awk', ['BEGIN { printf "%.3f\\n", atan2(0, -1); exit 5 }']],
  ['sed', ['--version']],
  ['vim', ['--version']],
  ['nano', ['--version']],
  ['cc1', ['--version']],
  ['php', ['-n', '-r', 'echo strlen("elfdeps"), PHP_EOL; exit(6);'], 'alone'],
  ['ruby', ['--disable=gems', '-e', 'puts [3, 1, 2].sort.inspect; exit 7']],
  ['redis-server', ['--version']],
  ['nginx', ['-v'], 'alone'],
  ['ffmpeg', ['-hide_banner', '-version'], 'alone'],
  ['jq', ['-n', '{a: (6 * 7)}']],
  ['java', ['-version']],
  ['lua5.4', ['-e', 'print(#"elfdeps")']],
  ['readelf', ['--version']],
  ['patchelf', ['--version']],
  ['buildah', ['--version']],
  ['strace', ['-V']],
];

const cc1 = run('gcc', '-print-prog-name=cc1').stdout.trim();
/** What a machine must have for them. */
export const requirements = [
  ...chrootRequirements,
  ...rows.map(([name]) => name).flatMap((name) => (name === 'cc1' ? [] : [command(name)])),
  command('gcc'),
];

/**
 * Where the program is: cc1 is not in PATH, and of python3 the distribution's is taken, not one with
 * thousands of directories that its user installed, each of which is a COPY line that takes buildah a
 * quarter of a second.
 */
function pathOf(name: string): string {
  if (name === 'cc1') return cc1;
  const path = findCommand(name) ?? `/${name}`;
  if (name === 'node') return process.execPath;
  // COPY has no links, and Java looks around its file.
  if (name === 'java') return realpathSync(path);
  if (name !== 'python3') return path;
  const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : path;
  return run(python, '-c', 'import os, sys; print(os.path.realpath(sys.executable))').stdout.trim();
}

/** A program and its command line. */
interface RealProgram {
  readonly name: string;
  readonly args: readonly string[];
  /** It has an image of its own too. */
  readonly alone?: 'alone';
  readonly path: string;
}

/** The programs, and by path what each prints and how it ends outside. */
export function realPrograms(): {
  readonly programs: readonly RealProgram[];
  readonly outside: ReadonlyMap<string, Result>;
} {
  const programs = rows.map(([name, args, alone]) => ({ name, args, alone, path: pathOf(name) }));
  const outside = new Map(programs.map(({ path, args }) => [path, run(path, ...args)]));
  return { programs, outside };
}
