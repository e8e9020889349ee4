/**
 * A job's script in a root or tree → what it printed, in namespaces of its own and an overlay, so
 * that the root stays as it is. Optionally with the logs of strace.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Job } from './job.js';

const SURROUNDINGS = readFileSync(new URL('surroundings.sh', import.meta.url), 'utf8');
/** Milliseconds after which a job counts as one that hangs. */
const HANGS = 180_000;

export interface Outcome {
  /** Null where a signal ended the script, or it hung. */
  readonly status: number | null;
  readonly stdout: string;
  /** Standard error, and the end of what servers logged. */
  readonly stderr: string;
}

export interface Place {
  /** The tree or root to work in. */
  readonly lower: string;
  /** The whole root, for clients. */
  readonly whole: string;
  /** A directory for mount points, which are gone afterwards. */
  readonly directory: string;
  /** A directory for the logs of strace; undefined traces nothing. */
  readonly trace?: string;
}

/** Runs a job. Both streams are empty where the namespaces could not be made; stderr says why. */
export async function runJob({ script }: Job, place: Place): Promise<Outcome> {
  return runProgram(
    'unshare',
    [
      ...['--mount', '--net', '--ipc', '--uts', '--pid', '--fork', '--kill-child', '--mount-proc'],
      ...['bash', '--norc', '-c', `${SURROUNDINGS}\n${script}`],
    ],
    {
      PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin',
      LC_ALL: 'C',
      lower: place.lower,
      whole: place.whole,
      place: join(place.directory, 'place'),
      trace: place.trace ?? '',
    },
  );
}

/** Runs a program of this machine to its end. */
export function runProgram(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { env, timeout: HANGS, killSignal: 'SIGKILL', maxBuffer: 2 ** 28 } as const;
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      const failed = error === null ? 0 : error.code;
      resolve({ status: typeof failed === 'number' ? failed : null, stdout, stderr });
    });
    child.stdin?.end();
  });
}
