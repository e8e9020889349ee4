/**
 * `parseElf`: the bytes of one ELF file into everything elfdeps wants to know of it, from program
 * headers only, in a few small reads. Knows no paths and no loader.
 */
import { ElfFormatError, requireArgument } from '../errors.js';
import { type ByteSource, bytesSource } from './byte-source.js';
import * as c from './constants.js';
import { type DynamicSection, parseDynamic } from './dynamic.js';
import {
  type ElfHeader,
  type ProgramHeader,
  parseElfHeader,
  parseProgramHeaders,
} from './header.js';
import { type AbiTag, type DlopenNote, type ElfNotes, parseNotes } from './notes.js';
import { hasNoContents, readSections } from './sections.js';
import { readStart, type StartFault, type StartHeaders } from './start-headers.js';
import { type Target, targetOf } from './target.js';
import { parseWhole } from './truncation.js';

/** What the file is for. A position-independent executable is an executable. */
export type ElfKind = 'executable' | 'shared-library' | 'relocatable' | 'core';

/** Whether a loader has work to do: `static-pie` relocates itself and needs no other file. */
export type Linkage = 'dynamic' | 'static' | 'static-pie';

/** What the headers and the dynamic section of an ELF file say, as parseElf reads it; text is raw. */
export interface ElfFile {
  readonly kind: ElfKind;
  readonly linkage: Linkage;
  readonly target: Target;
  readonly header: ElfHeader;
  readonly segments: readonly ProgramHeader[];
  /** The text of PT_INTERP; what the kernel opens when it starts the file. */
  readonly interpreter?: string;
  /** Why the kernel refuses to start the file by its headers alone; absent where it does not. */
  readonly startFault?: StartFault;
  /** Absent in static files, and in files that hold only debug information. */
  readonly dynamic?: DynamicSection;
  readonly abiTag?: AbiTag;
  /** Of NT_GNU_BUILD_ID, in lower-case hexadecimal digits; absent in files without one. */
  readonly buildId?: string;
  /** Bit N-1 is set where a note says that x86-64-vN is needed. */
  readonly isaNeeded: number;
  readonly dlopenNotes: readonly DlopenNote[];
  /** A split debug file: the headers of a program without its contents, so nothing else is known. */
  readonly debugOnly: boolean;
}

/**
 * Parses an ELF file of either class and byte order. Only the header, the program headers, the
 * dynamic section, its strings and the notes are read, so `bytes` may be a {@link ByteSource}
 * over a large file. Throws {@link ElfFormatError}, which has the offset of the damage.
 */
export function parseElf(bytes: Uint8Array | ByteSource): ElfFile {
  // Not instanceof: bytes may come from another realm, such as a frame of a page.
  const source = ArrayBuffer.isView(bytes) ? bytesSource(bytes) : bytes;
  const isRight = typeof source?.read === 'function';
  requireArgument(isRight, 'bytes', 'the bytes of a file, such as `readFileSync(path)` gives');
  const header = parseElfHeader(source);
  const segments = parseProgramHeaders(source, header);
  const target = targetOf(header);
  if (header.type !== c.ET_EXEC && header.type !== c.ET_DYN)
    return {
      target,
      header,
      segments,
      kind: header.type === c.ET_CORE ? 'core' : 'relocatable',
      linkage: 'static',
      isaNeeded: 0,
      dlopenNotes: [],
      debugOnly: false,
    };
  const contents = readContents(source, header, segments);
  const { start, dynamic, notes } = contents;
  const { interpreter } = start;
  const kind = kindOf(header, interpreter, dynamic);
  return {
    kind,
    linkage: linkageOf(header, kind, interpreter, dynamic),
    target,
    header,
    segments,
    interpreter,
    startFault: start.fault,
    dynamic,
    abiTag: notes.abiTag,
    buildId: notes.buildId,
    isaNeeded: notes.isaNeeded,
    dlopenNotes: notes.dlopen,
    debugOnly: contents === NO_CONTENTS || hasEmptyDynamic(segments),
  };
}

/**
 * The file as a loader sees it that looks at no e_ident: magic, class and byte order are those of
 * `own`, whatever the file says. Throws as {@link parseElf} does.
 */
export function parseElfAs(own: Pick<ElfHeader, 'class' | 'endian'>, source: ByteSource): ElfFile {
  const ident = [0x7f, 0x45, 0x4c, 0x46, own.class / 32, own.endian === 'little' ? 1 : 2];
  return parseElf({
    size: source.size,
    read(offset, length) {
      const bytes = source.read(offset, length);
      if (offset > 0 || bytes.length < ident.length) return bytes;
      const changed = bytes.slice();
      changed.set(ident);
      return changed;
    },
  });
}

interface Contents {
  readonly start: StartHeaders;
  readonly dynamic?: DynamicSection;
  readonly notes: ElfNotes;
}

const NO_CONTENTS: Contents = { start: {}, notes: { isaNeeded: 0, dlopen: [] } };

/**
 * What the segments hold. Where that makes no sense, or there is no dynamic section, the section
 * headers tell whether the contents are there at all.
 */
function readContents(
  source: ByteSource,
  header: ElfHeader,
  segments: readonly ProgramHeader[],
): Contents {
  try {
    const contents = parseWhole(segments, source.size, () => ({
      start: readStart(source, segments),
      dynamic: parseDynamic(source, header, segments),
      notes: parseNotes(source, header, segments),
    }));
    const isSound = contents.dynamic?.tags.has(c.DT_STRTAB) === true;
    return isSound || !hasNoContents(readSections(source, header)) ? contents : NO_CONTENTS;
  } catch (error) {
    if (error instanceof ElfFormatError && hasNoContents(readSections(source, header)))
      return NO_CONTENTS;
    throw error;
  }
}

/** What objcopy leaves of PT_DYNAMIC has no bytes. */
function hasEmptyDynamic(segments: readonly ProgramHeader[]): boolean {
  return segments.some((s) => s.type === c.PT_DYNAMIC && s.filesz === 0);
}

/**
 * ET_DYN is both libraries and position-independent executables. DF_1_PIE tells where the linker
 * set it; before, an interpreter without a soname does (libc.so.6 has both, and is a library).
 */
function kindOf(
  header: ElfHeader,
  interpreter: string | undefined,
  dynamic: DynamicSection | undefined,
): ElfKind {
  if (header.type === c.ET_EXEC || isPie(dynamic)) return 'executable';
  return interpreter !== undefined && dynamic?.soname === undefined
    ? 'executable'
    : 'shared-library';
}

function isPie(dynamic: DynamicSection | undefined): boolean {
  return ((dynamic?.flags1 ?? 0) & c.DF_1_PIE) !== 0;
}

function linkageOf(
  header: ElfHeader,
  kind: ElfKind,
  interpreter: string | undefined,
  dynamic: DynamicSection | undefined,
): Linkage {
  if (interpreter !== undefined) return 'dynamic';
  if (dynamic === undefined) return 'static';
  if (kind === 'shared-library' || dynamic.needed.length > 0) return 'dynamic';
  return header.type === c.ET_DYN ? 'static-pie' : 'static';
}
