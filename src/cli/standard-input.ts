/**
 * The file argument `-`: an ELF file on standard input, whole in memory.
 */
import { UsageError } from '../errors.js';
import type { SearchOptions } from './image-start.js';

/** Whether an argument is the file on standard input, with a place for it or without. */
export function isInput(argument: string): boolean {
  return /^-(?::\/.*)?$/.test(argument);
}

/** The most bytes that a file on standard input may have; it is kept in memory. */
const MAX_INPUT = 2 ** 31;

/**
 * The file on standard input, where an argument means it. Throws {@link UsageError} where something
 * else is read from there, and for more bytes than memory holds.
 */
export async function readInput(
  { root, opened }: SearchOptions,
  names: readonly string[],
): Promise<Uint8Array | undefined> {
  const inputs = names.filter(isInput);
  if (inputs.length === 0) return undefined;
  if (root === '-' || opened?.includes('-') || inputs.length > 1)
    throw new UsageError('standard input can be only one of FILE, --root and --opened');
  const { diskPieces } = await import('../root/archive/disk-bytes.js');
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of diskPieces('-', 'standard input')) {
    size += piece.length;
    if (size > MAX_INPUT) throw new UsageError('standard input is larger than 2 GiB, name a file');
    pieces.push(piece.slice());
  }
  return Buffer.concat(pieces);
}
