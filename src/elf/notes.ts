/**
 * Notes (PT_NOTE) into the facts that matter to loading: the oldest kernel (NT_GNU_ABI_TAG), the CPU
 * (x86 psABI, "Program Property"), the build ID (NT_GNU_BUILD_ID) and the libraries that a file may dlopen() (UAPI.12, ELF dlopen
 * metadata, version 1.0).
 * Read through program headers, so that files without section headers tell the same.
 */
import { type ByteSource, cString, decodeText, FieldReader } from './byte-source.js';
import * as c from './constants.js';
import type { ElfHeader, ProgramHeader } from './header.js';

/** NT_GNU_ABI_TAG: the operating system (0 is Linux) and its oldest version that will do. */
export interface AbiTag {
  readonly os: number;
  /** Major, minor and patch number of the kernel. */
  readonly kernel: readonly [number, number, number];
}

/** One entry of a dlopen note. */
export interface DlopenNote {
  /** Alternatives, the most preferred first; the first that exists is used. */
  readonly sonames: readonly string[];
  readonly priority: 'required' | 'recommended' | 'suggested';
  readonly feature?: string;
  readonly description?: string;
}

/** What the notes of a file say. */
export interface ElfNotes {
  readonly abiTag?: AbiTag;
  /** In lower-case hexadecimal digits, by which files with symbols are named. */
  readonly buildId?: string;
  /** GNU_PROPERTY_X86_ISA_1_NEEDED: bit N-1 is set where x86-64-vN is needed; 0 without such a note. */
  readonly isaNeeded: number;
  readonly dlopen: readonly DlopenNote[];
}

/** Notes are small; what claims to be larger, alone or together, is not read. */
const MAX_NOTE_BYTES = 1 << 20;
/** Bytes of NT_GNU_ABI_TAG. */
const ABI_TAG_SIZE = 16;
/** Other names for one library; real notes have one to three. */
const MAX_ALTERNATIVES = 64;

/** Collects the notes of all PT_NOTE segments. Malformed notes are passed over, as loaders do. */
export function parseNotes(
  source: ByteSource,
  header: ElfHeader,
  segments: readonly ProgramHeader[],
): ElfNotes {
  const facts: Facts = { abiTag: undefined, buildId: undefined, isaNeeded: 0, dlopen: [] };
  let left = MAX_NOTE_BYTES;
  for (const segment of segments) {
    if (segment.type !== c.PT_NOTE || segment.filesz > left) continue;
    left -= segment.filesz;
    const bytes = source.read(segment.offset, segment.filesz);
    for (const note of eachNote(bytes, header.endian === 'little')) addNote(facts, note, header);
  }
  return facts;
}

interface Facts {
  abiTag: AbiTag | undefined;
  buildId: string | undefined;
  isaNeeded: number;
  readonly dlopen: DlopenNote[];
}

/** What one note tells; of several ABI tags and build IDs the first counts. */
function addNote(facts: Facts, { owner, type, desc }: RawNote, header: ElfHeader): void {
  if (owner === 'FDO' && type === c.NT_FDO_DLOPEN)
    for (const entry of parseDlopen(desc)) facts.dlopen.push(entry);
  if (owner !== 'GNU') return;
  if (type === c.NT_GNU_BUILD_ID) facts.buildId ??= hexadecimal(desc);
  if (type === c.NT_GNU_PROPERTY_TYPE_0) facts.isaNeeded |= parseIsaNeeded(desc, header);
  if (type === c.NT_GNU_ABI_TAG && desc.length >= ABI_TAG_SIZE)
    facts.abiTag ??= parseAbiTag(desc, header.endian === 'little');
}

interface RawNote {
  readonly owner: string;
  readonly type: number;
  readonly desc: Uint8Array;
}

const WANTED: ReadonlySet<number> = new Set([
  c.NT_GNU_ABI_TAG,
  c.NT_GNU_BUILD_ID,
  c.NT_GNU_PROPERTY_TYPE_0,
  c.NT_FDO_DLOPEN,
]);

/**
 * The notes of the types that matter here.
 * gABI chapter 5, "Note Section": name and descriptor are each padded to 4 bytes.
 */
function* eachNote(bytes: Uint8Array, little: boolean): Generator<RawNote> {
  const fields = new FieldReader(bytes, little);
  let at = 0;
  while (at + 12 <= bytes.length) {
    const nameSize = fields.u32(at) ?? 0;
    const descSize = fields.u32(at + 4) ?? 0;
    const type = fields.u32(at + 8) ?? 0;
    const descAt = at + 12 + align4(nameSize);
    if (descAt + descSize > bytes.length) return;
    if (WANTED.has(type)) {
      const owner = cString(bytes.subarray(at + 12, at + 12 + nameSize), 0) ?? '';
      yield { owner, type, desc: bytes.subarray(descAt, descAt + descSize) };
    }
    at = descAt + align4(descSize);
  }
}

function align4(size: number): number {
  return Math.ceil(size / 4) * 4;
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function parseAbiTag(desc: Uint8Array, little: boolean): AbiTag {
  const fields = new FieldReader(desc, little);
  const word = (index: number) => fields.u32(index * 4) ?? 0;
  return { os: word(0), kernel: [word(1), word(2), word(3)] };
}

/** An array of type, size and data, each padded to a word of the class. */
function parseIsaNeeded(desc: Uint8Array, { endian, class: bits, machine }: ElfHeader): number {
  if (machine !== c.EM_X86_64 && machine !== c.EM_386) return 0;
  const fields = new FieldReader(desc, endian === 'little');
  const word = bits / 8;
  let needed = 0;
  for (let at = 0; at + 8 <= desc.length; ) {
    const size = fields.u32(at + 4) ?? 0;
    if (fields.u32(at) === c.GNU_PROPERTY_X86_ISA_1_NEEDED) needed |= fields.u32(at + 8) ?? 0;
    at += 8 + Math.ceil(size / word) * word;
  }
  return needed;
}

function parseDlopen(desc: Uint8Array): DlopenNote[] {
  let entries: unknown;
  try {
    entries = JSON.parse(cString(desc, 0) ?? decodeText(desc));
  } catch {
    return [];
  }
  return Array.isArray(entries) ? entries.flatMap(dlopenEntry) : [];
}

function dlopenEntry(entry: unknown): DlopenNote[] {
  if (typeof entry !== 'object' || entry === null) return [];
  const { soname, priority, feature, description } = entry as Record<string, unknown>;
  const names = Array.isArray(soname) ? soname.slice(0, MAX_ALTERNATIVES) : [];
  const sonames = names.filter((name) => typeof name === 'string');
  if (sonames.length === 0) return [];
  return [
    {
      sonames,
      priority: priority === 'required' || priority === 'suggested' ? priority : 'recommended',
      feature: typeof feature === 'string' ? feature : undefined,
      description: typeof description === 'string' ? description : undefined,
    },
  ];
}
