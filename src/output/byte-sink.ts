/**
 * Where the bytes of an archive go, piece by piece, without keeping them: the reader decides how
 * fast, and a signal ends it between two pieces.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { OutputError } from '../errors.js';

/** Takes bytes in order; what it returns is waited for. */
export type ByteSink = (bytes: Uint8Array) => void | Promise<void>;

interface DrainOptions {
  readonly signal?: AbortSignal;
  readonly onBytes?: (length: number) => void;
}

/** Signals are seen, and other work gets its turn, once in so many bytes. */
const BYTES_PER_TURN = 1 << 23;

/**
 * Passes all pieces on, and tells `onBytes` the length of each. Throws OUTPUT_FAILED once `signal`
 * is aborted.
 */
export async function drain(
  pieces: Iterable<Uint8Array>,
  sink: ByteSink,
  { signal, onBytes }: DrainOptions = {},
): Promise<void> {
  let bytes = 0;
  for (const piece of pieces) {
    const done = sink(piece);
    if (done !== undefined) await done;
    onBytes?.(piece.length);
    bytes += piece.length;
    if (bytes < BYTES_PER_TURN) continue;
    bytes = 0;
    await nextTurn();
    requireNotAborted(signal);
  }
}

export function requireNotAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new OutputError('OUTPUT_FAILED', 'interrupted, nothing was written');
}
