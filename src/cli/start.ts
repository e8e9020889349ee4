/**
 * The process: connects a command line to this machine's streams. Text is written by file
 * descriptor, at once and in order, since the streams of `process` take longer to load than a
 * small program takes to analyse.
 */
import { fstatSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type ElfdepsError, writeError } from '../errors.js';
import { main } from './main.js';
import { printError } from './messages.js';
import type { Terminal } from './terminal.js';

const STDOUT = 1;
const STDERR = 2;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What a signal aborts, from the first call of `interruption` until everything is written. */
let writing: AbortController | undefined;
/** The signal that ended the writing. */
let received: NodeJS.Signals | undefined;

const terminal: Terminal = {
  out: (text) => write(STDOUT, Buffer.from(text), stopWriting),
  outBytes,
  // Without a reader there is nothing to tell; the exit code stays what it is.
  err: (text) => isClosed || write(STDERR, Buffer.from(text), () => {}),
  interruption,
  written,
  env: process.env,
  get cwd() {
    return process.cwd();
  },
  get isTerminal() {
    return isTerminal(STDOUT);
  },
  columns: () => (isTerminal(STDOUT) ? process.stdout.columns || 80 : undefined),
  errColumns: () => (isTerminal(STDERR) ? process.stderr.columns || 80 : undefined),
};

/** Whether the reader of bytes went away, which is no failure, and nothing to tell. */
let isClosed = false;

/** Runs the command line of the process. The exit code is set when everything is written. */
export async function start(): Promise<void> {
  const code = await main(process.argv.slice(2), terminal);
  process.exitCode = isClosed ? 0 : code;
  // A shell ends its loop only if the process dies by the signal. Everything is cleaned up by now.
  if (writing !== undefined) await written();
}

function interruption(): AbortSignal {
  if (writing === undefined) for (const signal of SIGNALS) process.on(signal, interrupt);
  writing ??= new AbortController();
  return writing.signal;
}

function interrupt(signal: NodeJS.Signals): void {
  received ??= signal;
  writing?.abort();
}

async function written(): Promise<void> {
  // One that came during the last step is seen in the next turn of the event loop.
  await new Promise(setImmediate);
  for (const signal of SIGNALS) process.off(signal, interrupt);
  if (received !== undefined) process.kill(process.pid, received);
}

/** A reader may be slow, and signals are seen meanwhile. After an error, temporary files go first. */
async function outBytes(bytes: Uint8Array): Promise<void> {
  const { writeToStream } = await import('../output/byte-sink.js');
  await writeToStream(STDOUT, bytes).catch((error: NodeJS.ErrnoException) => {
    isClosed = error.code === 'EPIPE';
    throw writeError('standard output', error);
  });
}

/** Writes all of `bytes`. Waits for a slow reader of a pipe that does not block. */
function write(fd: number, bytes: Uint8Array, fail: (error: NodeJS.ErrnoException) => void): void {
  let rest = bytes;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EAGAIN') {
        fail(error as NodeJS.ErrnoException);
        return;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** `elfdeps ... | head` closes the pipe early, which is no failure; a full disk is one. */
function stopWriting(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  printError(writeError('standard output', error) as ElfdepsError, terminal);
  process.exit(2);
}

/** Only a character device that is not /dev/null (1:3 on Linux) can be a terminal. */
function isTerminal(fd: number): boolean {
  try {
    const stats = fstatSync(fd);
    if (!stats.isCharacterDevice() || stats.rdev === 0x103) return false;
  } catch {
    return false;
  }
  const require = createRequire(import.meta.url);
  return (require('node:tty') as typeof import('node:tty')).isatty(fd);
}
