/**
 * What a program of Go says about itself: the release that built it, and its build settings, which
 * stand at a multiple of 16 in the writable data; and names of its functions, for stack traces. Both
 * are there in a stripped program too.
 * Source: Go debug/buildinfo/buildinfo.go, cmd/link/internal/ld/data.go (buildinfo).
 */
import { type Address, lowBits } from '../elf/address.js';
import { type ByteSource, FieldReader } from '../elf/byte-source.js';
import { PT_LOAD } from '../elf/constants.js';
import type { ElfFile } from '../elf/elf-file.js';
import { fileRange } from '../elf/segment-map.js';

/** How a program of Go was built. */
export interface GoBuild {
  /** As `go1.21.3`. */
  readonly version: string;
  /** Settings of `go build`, such as CGO_ENABLED; empty for releases before 1.18. */
  readonly settings: ReadonlyMap<string, string>;
}

/** How a program of Go was built, and which of {@link goFunctions} it has. */
export interface GoProgram extends GoBuild {
  readonly functions: ReadonlySet<string>;
}

/** Functions that are linked only into programs that may call them, by what they need. */
export const goFunctions = {
  hosts: [
    ...['net.(*Resolver).lookupIPAddr', 'net.(*Resolver).lookupHost'],
    ...['net.(*Resolver).goLookupHostOrder', 'net.(*Resolver).goLookupIPCNAMEOrder'],
  ],
  users: ['os/user.lookupUser', 'os/user.lookupUserId', 'os/user.lookupGroup'],
  certificates: ['crypto/x509.loadSystemRoots', 'crypto/x509.systemRootsPool'],
  ownCertificates: ['golang.org/x/crypto/x509roots/fallback.init.0'],
  zones: ['time.LoadLocation'],
  ownZones: ['time/tzdata.loadFromEmbeddedTZData', 'time/tzdata.init.0'],
  temporary: ['os.CreateTemp', 'os.MkdirTemp', 'io/ioutil.TempFile', 'io/ioutil.TempDir'],
} as const satisfies Record<string, readonly string[]>;

const MAGIC = '\xff Go buildinf:';
const ALIGNMENT = 16;
/** Linkers put it near the start of the data; in the largest programs after 100 KB. */
const MOST_BYTES = 1 << 20;
const MOST_SEGMENTS = 8;
const MOST_TEXT = 1 << 16;
const POINTER_SIZE_AT = 14;
const FLAGS_AT = 15;
const BIG_ENDIAN = 1;
const INLINE = 2;
const TEXT_AT = 32;
/** The settings stand between two marks of this length. */
const MARK = 16;

/** Reads it; undefined for every other program. Never throws for what the file holds. */
export function readGoBuild(source: ByteSource, elf: ElfFile): GoBuild | undefined {
  // What lld makes read-only after relocation is a segment of its own before the data.
  const data = elf.segments.filter(({ type, writable }) => type === PT_LOAD && writable);
  for (const segment of data.slice(0, MOST_SEGMENTS)) {
    const bytes = source.read(segment.offset, Math.min(segment.filesz, MOST_BYTES));
    const at = findMagic(bytes, lowBits(segment.vaddr));
    if (at === undefined) continue;
    const flags = bytes[at + FLAGS_AT] ?? 0;
    const texts = flags & INLINE ? inlineTexts(bytes, at) : pointedTexts(source, elf, bytes, at);
    const [version, settings] = texts ?? [];
    if (version !== undefined && /^(?:go|devel)[ -~]*$/.test(version))
      return { version, settings: parseSettings(settings ?? '') };
  }
  return undefined;
}

function findMagic(bytes: Uint8Array, address: number): number | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = buffer.indexOf(MAGIC, 0, 'latin1');
  while (at >= 0 && (address + at) % ALIGNMENT !== 0) at = buffer.indexOf(MAGIC, at + 1, 'latin1');
  return at < 0 ? undefined : at;
}

/** Since 1.18: two texts, each behind its length. */
function inlineTexts(bytes: Uint8Array, at: number): [string, string] | undefined {
  const version = textAt(bytes, at + TEXT_AT);
  const settings = version && textAt(bytes, version.end);
  return version && settings && [version.text, settings.text];
}

function textAt(bytes: Uint8Array, at: number): { text: string; end: number } | undefined {
  let length = 0;
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = bytes[at++];
    if (byte === undefined) return undefined;
    length |= (byte & 0x7f) << shift;
    if (byte >= 0x80) continue;
    const end = at + length;
    if (length > MOST_TEXT || end > bytes.length) return undefined;
    return { text: decode(bytes.subarray(at, end)), end };
  }
  return undefined;
}

/** Before 1.18: the addresses of two string headers. */
function pointedTexts(
  source: ByteSource,
  elf: ElfFile,
  bytes: Uint8Array,
  at: number,
): [string, string] | undefined {
  const is64 = bytes[at + POINTER_SIZE_AT] === 8;
  const little = ((bytes[at + FLAGS_AT] ?? 0) & BIG_ENDIAN) === 0;
  const size = is64 ? 8 : 4;
  const word = (from: Uint8Array, offset: number) =>
    new FieldReader(from, little).address(offset, is64 ? 64 : 32);
  const read = (address: Address | undefined, size: Address | undefined) => {
    const range = address === undefined ? undefined : fileRange(elf.segments, address);
    if (range === undefined || size === undefined || size > MOST_TEXT) return undefined;
    return source.read(range.offset, Number(size));
  };
  const text = (offset: number): string | undefined => {
    const header = read(word(bytes, offset), 2 * size);
    const found = header && read(word(header, 0), word(header, size));
    return found && decode(found);
  };
  const version = text(at + MARK);
  return version === undefined ? undefined : [version, text(at + MARK + size) ?? ''];
}

/** Lines of `build\tKEY=VALUE` between the marks. */
function parseSettings(text: string): ReadonlyMap<string, string> {
  const lines = text.slice(MARK, -MARK).split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [, key, value] = /^build\t([^=]+)=(.*)$/.exec(line) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value] as const];
    }),
  );
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
