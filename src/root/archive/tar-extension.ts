/**
 * Extended headers of a tar, which describe members that follow: long names of GNU tar, and pax headers. Of
 * their many keys, those that matter to a file system to resolve in are kept.
 * Source: POSIX.1-2017 pax, "pax Extended Header"; GNU tar manual, "Storing Sparse Files".
 */
import { decodeText } from '../../elf/byte-source.js';
import type { ArchiveLimits } from './archive-limits.js';

/** What extended headers say about members; what they do not say is undefined. */
export interface TarExtension {
  name?: string;
  link?: string;
  /** Bytes of the data that follow. */
  size?: number;
  /** Owners, whose numbers may be too large for the header. */
  uid?: number;
  gid?: number;
  /** The value of security.capability. */
  capability?: Uint8Array;
  /** The records `GNU.sparse.*` that count, in order, without that prefix. */
  sparse?: [string, string][];
}

/** Bytes of the largest extended header: names and attributes, no data. */
export const MAX_EXTENSION = 1 << 20;
const SPARSE = 'GNU.sparse.';
const SPARSE_KEYS = new Set(
  ['name', 'major', 'realsize', 'size', 'map', 'offset', 'numbytes'].map((key) => SPARSE + key),
);
const NAME_KEYS: ReadonlySet<string> = new Set(['path', 'linkpath', `${SPARSE}name`]);
/** Bytes of the longest value of security.capability, which has its own user (revision 3). */
const MAX_CAPABILITY = 24;

const DAMAGED = 'an extended header is damaged';
const NUL_IN_NAME = 'a name in an extended header has a NUL';

/** Whether a header of this type describes other members; `X` is the `x` of Solaris. */
export function isExtension(type: string): boolean {
  return 'xXgLK'.includes(type);
}

/**
 * Adds to `extension` what an extended header of `type` says. Gives what is wrong with it; undefined
 * when it is sound.
 */
export function extend(
  extension: TarExtension,
  type: string,
  bytes: Uint8Array,
  limits: ArchiveLimits,
): string | undefined {
  if (type === 'x' || type === 'X' || type === 'g') return extendByPax(extension, bytes, limits);
  const end = bytes.indexOf(0);
  if (end >= 0 && bytes.subarray(end).some((byte) => byte !== 0)) return NUL_IN_NAME;
  const text = decodeText(end < 0 ? bytes : bytes.subarray(0, end));
  if (type === 'L') extension.name = text;
  else extension.link = text;
  return undefined;
}

function extendByPax(
  extension: TarExtension,
  bytes: Uint8Array,
  limits: ArchiveLimits,
): string | undefined {
  for (let at = 0; at < bytes.length; ) {
    // Some programs count the zeros of the last block as well.
    if (bytes[at] === 0) return undefined;
    if (--limits.records < 0) return 'too many records in extended headers';
    const blank = digitsEnd(bytes, at);
    const end = at + Number(decodeText(bytes.subarray(at, blank)));
    const equals = bytes.indexOf(0x3d, blank);
    const isRecord = bytes[blank] === 0x20 && bytes[end - 1] === 0x0a;
    if (blank === at || !isRecord || equals < 0 || equals >= end) return DAMAGED;
    const problem = take(extension, bytes, blank + 1, equals, end - 1);
    if (problem !== undefined) return problem;
    at = end;
  }
  return undefined;
}

/** More digits than a length can have are no number. */
const MAX_DIGITS = 15;

function digitsEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < start + MAX_DIGITS && (bytes[at] ?? 0) >= 0x30 && (bytes[at] ?? 0) <= 0x39) at++;
  return at;
}

/** Characters of the longest key that counts. */
const MAX_KEY = 40;

function take(
  extension: TarExtension,
  bytes: Uint8Array,
  start: number,
  equals: number,
  end: number,
): string | undefined {
  if (equals - start > MAX_KEY) return undefined;
  const key = decodeText(bytes.subarray(start, equals));
  const value = bytes.subarray(equals + 1, end);
  if (NAME_KEYS.has(key) && value.includes(0)) return NUL_IN_NAME;
  if (SPARSE_KEYS.has(key)) {
    extension.sparse ??= [];
    extension.sparse.push([key.slice(SPARSE.length), decodeText(value)]);
  }
  switch (key) {
    case 'path':
      extension.name = decodeText(value);
      break;
    case 'linkpath':
      extension.link = decodeText(value);
      break;
    case 'size':
      extension.size = Number(decodeText(value));
      return Number.isSafeInteger(extension.size) && extension.size >= 0 ? undefined : DAMAGED;
    case 'uid':
    case 'gid':
      // No search depends on owners, so an odd number does not make the archive unreadable.
      if (/^\d{1,15}$/.test(decodeText(value))) extension[key] = Number(decodeText(value));
      break;
    case 'SCHILY.xattr.security.capability':
      if (value.length <= MAX_CAPABILITY) extension.capability = value.slice();
  }
  return undefined;
}
