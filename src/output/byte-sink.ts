/**
 * Passes the bytes of an archive on, piece by piece, without keeping them. The receiver sets the pace,
 * and a signal ends it between two pieces.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { OutputError } from '../errors.js';

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
    if (done !== undefined) await done;
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
