/**
 * The root that jobs work in: Debian with their packages, and what each job sets up in it. It is kept
 * from run to run, and only what is new is made.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { command, requirement } from '../support/requirement.js';
import type { Job } from './job.js';

const SUITE = 'bookworm';
const SCRIPT = fileURLToPath(new URL('../../scripts/make-installed-root.sh', import.meta.url));

export const requirements = [
  requirement('the root user', process.getuid?.() === 0),
  ...['debootstrap', 'unshare', 'ip', 'strace', 'bash', 'musl-gcc'].map(command),
];

/** Makes the root in a directory. Throws with the end of the log where a package cannot be installed. */
export function makeJobsRoot(directory: string, jobs: readonly Job[]): void {
  const packages = [...new Set(jobs.flatMap((job) => job.packages))].sort();
  const stdio = ['ignore', 'inherit', 'inherit'] as const;
  execFileSync('sh', [SCRIPT, directory, SUITE, ...packages], { stdio: [...stdio] });
  for (const job of jobs) setUp(directory, job);
}

/** Once for each version of what a job sets up, of which a file of the root keeps a mark. */
function setUp(root: string, { id, setup = '', sources = {} }: Job): void {
  const version = createHash('sha256')
    .update(JSON.stringify([setup, sources]))
    .digest('hex');
  const mark = join(`${root}.setup`, `${id}-${version.slice(0, 16)}`);
  if (existsSync(mark)) return;
  if (setup !== '') execFileSync('chroot', [root, 'sh', '-ec', setup], { stdio: 'pipe' });
  for (const [path, source] of Object.entries(sources)) compile(source, join(root, path));
  mkdirSync(dirname(mark), { recursive: true });
  writeFileSync(mark, '');
}

function compile(source: string, output: string): void {
  mkdirSync(dirname(output), { recursive: true });
  const kind = output.endsWith('.so') ? ['-shared', '-fPIC'] : [];
  const words = ['-O2', '-s', ...kind, '-o', output, '-x', 'c', '-'];
  execFileSync('musl-gcc', words, { input: source, stdio: ['pipe', 'pipe', 'inherit'] });
}
