/**
 * The headers that decide whether the kernel starts a program, as it reads them: that there are
 * program headers, and the path in PT_INTERP. Loaders read neither.
 * Source: Linux fs/binfmt_elf.c (load_elf_binary, load_elf_phdrs).
 */
import { type ByteSource, cString, decodeText } from './byte-source.js';
import { PT_INTERP } from './constants.js';
import type { ProgramHeader } from './header.js';

/**
 * What is wrong: no program headers, or a PT_INTERP with fewer than two bytes or more than PATH_MAX,
 * without a NUL as its last byte, with an empty path, or with bytes behind the end of the file.
 */
export type StartFault =
  | 'no-segments'
  | 'interpreter-too-short'
  | 'interpreter-too-long'
  | 'interpreter-unterminated'
  | 'interpreter-empty'
  | 'interpreter-cut-off';

/** The interpreter's path as far as it can be read, and what is wrong with the headers, if anything. */
export interface StartHeaders {
  readonly interpreter?: string;
  readonly fault?: StartFault;
}

/** PATH_MAX of Linux. */
const PATH_MAX = 4096;

/** Reads the first PT_INTERP, which is the one that counts. */
export function readStart(source: ByteSource, segments: readonly ProgramHeader[]): StartHeaders {
  if (segments.length === 0) return { fault: 'no-segments' };
  const segment = segments.find((s) => s.type === PT_INTERP);
  if (segment === undefined) return {};
  const { offset, filesz } = segment;
  if (filesz < 2) return { fault: 'interpreter-too-short' };
  const bytes = source.read(offset, Math.min(filesz, PATH_MAX));
  const interpreter = cString(bytes, 0) ?? decodeText(bytes);
  if (filesz > PATH_MAX) return { interpreter, fault: 'interpreter-too-long' };
  if (bytes.length < filesz) return { fault: 'interpreter-cut-off' };
  if (bytes[filesz - 1] !== 0) return { interpreter, fault: 'interpreter-unterminated' };
  return interpreter === '' ? { fault: 'interpreter-empty' } : { interpreter };
}
