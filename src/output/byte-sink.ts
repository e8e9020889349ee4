/**
 * Passes the bytes of an archive on, piece by piece, without keeping them. The receiver sets the pace,
 * and a signal ends it between two pieces.
 */
import fs from 'node:fs';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { OutputError } from '../errors.js';

/** Milliseconds until a pipe that is full and does not block is tried again. */
const RETRY = 5;

/** Takes bytes in order. If it returns a promise, the next piece waits for it. */
export type ByteSink = (bytes: Uint8Array) => void | Promise<void>;

interface DrainOptions {
  readonly signal?: AbortSignal;
  readonly onBytes?: (length: number) => void;
}

/**
 * Passes all pieces to `sink`, and the length of each to `onBytes`. Throws OUTPUT_FAILED once `signal`
 * is aborted.
 */
export async function drain(
  pieces: Iterable<Uint8Array>,
  sink: ByteSink,
  { signal, onBytes }: DrainOptions = {},
): Promise<void> {
  let isFirst = true;
  for (const piece of pieces) {
    if (!isFirst) await letSignalsIn(signal);
    isFirst = false;
    const done = sink(piece);
    if (done !== undefined && !(await isBeforeSignal(done, signal))) break;
    onBytes?.(piece.length);
  }
  requireNotAborted(signal);
}

/**
 * Lets the event loop see a signal that came meanwhile; call it before each file and piece. Throws
 * OUTPUT_FAILED once `signal` is aborted.
 */
export async function letSignalsIn(signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return;
  await nextTurn();
  requireNotAborted(signal);
}

/** Throws OUTPUT_FAILED if `signal` is aborted. */
export function requireNotAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new OutputError('OUTPUT_FAILED', 'interrupted, nothing was written');
}

/** Whether a promise is kept before `signal` is aborted. Throws what it throws before. */
export async function isBeforeSignal(
  promise: Promise<unknown>,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  let stop: (() => void) | undefined;
  const isAborted = new Promise<boolean>((resolve) => {
    stop = () => resolve(false);
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([promise.then(() => true), isAborted]);
  } finally {
    if (stop !== undefined) signal?.removeEventListener('abort', stop);
  }
}

/**
 * Writes all of `bytes` to a pipe or device. Its reader may be slow or stand still, so the event loop goes on
 * meanwhile. Rejects with what the system says.
 */
export async function writeToStream(fd: number, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0; ) {
    const count = await new Promise<number>((resolve, reject) => {
      fs.write(fd, rest, (error, written) => {
        if (error === null) resolve(written);
        else if (error.code === 'EAGAIN') resolve(0);
        else reject(error);
      });
    });
    rest = rest.subarray(count);
    if (count === 0) await sleep(RETRY);
  }
}
