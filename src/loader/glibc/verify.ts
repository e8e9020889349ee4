/**
 * Decides whether glibc's loader maps a file that it found, skips it, or ends because of it. The checks
 * are in the loader's order. refusal-words.ts has the messages.
 * Source: glibc elf/dl-load.c (open_verify, _dl_map_object_from_fd), sysdeps dl-machine.h
 * (elf_machine_matches_host, VALID_ELF_OSABI).
 */
import { FieldReader } from '../../elf/byte-source.js';
import * as c from '../../elf/constants.js';
import type { ElfFile } from '../../elf/elf-file.js';
import { EHDR_SIZE, PHDR_SIZE, type ProgramHeader } from '../../elf/header.js';
import { isTornSegment, SMALLEST_PAGE } from '../../elf/page-layout.js';
import { errnoOf } from '../../errors.js';
import type { RootFiles } from '../../files/root-files.js';
import type { ResolvedPath } from '../../root/resolve-path.js';
import type { Attempt, FatalSignal } from '../loader.js';
import type { Refusal, RefusalCode } from '../refusal.js';

export type Verdict =
  | { readonly kind: 'accepted'; readonly elf: ElfFile }
  /** The search goes on. `refusal` is what the loader may print if it finds nothing else. */
  | { readonly kind: 'skipped'; readonly outcome: Attempt['outcome']; readonly refusal?: Refusal }
  | { readonly kind: 'fatal'; readonly refusal: Refusal; readonly signal?: FatalSignal };

const fatal = (file: string, code: RefusalCode, errno?: string): Verdict => ({
  kind: 'fatal',
  refusal: { code, file, errno },
});
const WRONG_TARGET: Verdict = { kind: 'skipped', outcome: 'wrong-target' };

/** The highest EI_ABIVERSION of ELFOSABI_GNU that loaders accept (LIBC_ABI_MAX - 1). */
const GNU_ABI_MAX = 3;

/** What decides besides the file itself. */
interface VerifyRules {
  /** The loader is release 2.minor. */
  readonly minor: number;
  /** Has the patch of Debian and Ubuntu: a file for another machine is skipped before other checks. */
  readonly multiarch: boolean;
}

/** The path of a candidate, and the requested name. Some messages have the one, some the other. */
interface CandidateName {
  readonly path: string;
  readonly requested: string;
}

/** Judges a candidate for a process of the program `own`. */
export function verifyCandidate(
  files: RootFiles,
  file: ResolvedPath,
  own: ElfFile,
  { path, requested }: CandidateName,
  { minor, multiarch }: VerifyRules,
): Verdict {
  if (file.entry.kind === 'directory') return fatal(path, 'cannot-read', 'EISDIR');
  const head = readHead(files, file);
  if (head === undefined)
    return {
      kind: 'skipped',
      outcome: 'unreadable',
      refusal: { code: 'cannot-open', errno: 'EACCES' },
    };
  if (head.length < EHDR_SIZE[own.header.class]) return fatal(path, 'too-short');
  const refused = refusedHead(head, own, path, multiarch);
  if (refused !== undefined) return refused;
  const elf = files.findElf(file);
  if (elf === undefined) return damaged(files, file, path);
  if (minor <= 35 && elf.abiTag !== undefined && elf.abiTag.os !== 0) return WRONG_TARGET;
  if (elf.header.type === c.ET_EXEC) return fatal(requested, 'executable');
  const unaligned = unalignedSegment(elf, minor);
  if (unaligned !== undefined) return fatal(requested, unaligned);
  if (elf.dynamic === undefined) return fatal(requested, 'not-dynamic');
  if (minor >= 30 && elf.dynamic.flags1 & c.DF_1_PIE) return fatal(requested, 'pie');
  return { kind: 'accepted', elf };
}

/**
 * _dl_map_object_from_fd: up to 2.34 p_align must be a multiple of the page's size; since 2.35 (commit
 * 163f625cf9) only address and offset must be equal within a page.
 */
function unalignedSegment({ segments }: ElfFile, minor: number): RefusalCode | undefined {
  const loaded = segments.filter(({ type }) => type === c.PT_LOAD);
  if (minor >= 35) return loaded.some(isTornSegment) ? 'unaligned-address' : undefined;
  const first = loaded.find(
    (segment) => segment.align % SMALLEST_PAGE !== 0 || !fitsAlign(segment),
  );
  if (first === undefined) return undefined;
  return first.align % SMALLEST_PAGE === 0 ? 'unfit-alignment' : 'unaligned';
}

function fitsAlign({ vaddr, offset, align }: ProgramHeader): boolean {
  return align === 0 || (BigInt(vaddr) - BigInt(offset)) % BigInt(align) === 0n;
}

/** Undefined if the file may not be read, in which case open(2) fails. */
function readHead(files: RootFiles, file: ResolvedPath): Uint8Array | undefined {
  try {
    return files.head(file);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

/** A file without all of its program headers is refused. One that ends after them is mapped. */
function damaged(files: RootFiles, file: ResolvedPath, path: string): Verdict {
  const detail = files.truncation(file);
  if (detail === undefined) return fatal(path, 'cannot-read');
  return { kind: 'fatal', refusal: { code: 'truncated', file: path, detail }, signal: 'SIGBUS' };
}

/** open_verify: compares the ELF header with that of a file for this process. */
function refusedHead(
  head: Uint8Array,
  own: ElfFile,
  path: string,
  multiarch: boolean,
): Verdict | undefined {
  const { header } = own;
  if (MAGIC.some((byte, index) => head[index] !== byte)) return fatal(path, 'not-elf');
  if (head[4] !== header.class / 32) {
    const detail = `ELFCLASS${header.class === 64 ? 32 : 64}`;
    const refusal = { code: 'wrong-class', detail } as const;
    return { kind: 'skipped', outcome: 'wrong-target', refusal };
  }
  const isForeign = !matchesHost(machineOf(head, own), flagsOf(head, own), own);
  const ident = wrongIdent(head, own);
  if (ident === undefined && !isVersionOne(head, own)) return fatal(path, 'wrong-version');
  if (isForeign && (multiarch || ident === undefined)) return WRONG_TARGET;
  if (ident === 'wrong-byte-order') {
    const detail = `${header.endian}-endian`;
    return { kind: 'fatal', refusal: { code: ident, file: path, detail } };
  }
  const code = ident ?? wrongHeader(head, own);
  return code === undefined ? undefined : fatal(path, code);
}

const MAGIC = [0x7f, 0x45, 0x4c, 0x46];

/** The first byte after EI_CLASS in e_ident that is wrong for this process. */
function wrongIdent(head: Uint8Array, { header }: ElfFile): RefusalCode | undefined {
  const [, , , , , data, version, osabi = 0, abiVersion = 0] = head;
  if (data !== (header.endian === 'little' ? 1 : 2)) return 'wrong-byte-order';
  if (version !== 1) return 'wrong-ident-version';
  if (!acceptsOsAbi(osabi, header.machine)) return 'wrong-os-abi';
  if (abiVersion > highestAbiVersion(osabi, header.machine)) return 'wrong-abi-version';
  return head.subarray(9, 16).some((byte) => byte !== 0) ? 'ident-padding' : undefined;
}

/** VALID_ELF_OSABI */
function acceptsOsAbi(osabi: number, machine: number): boolean {
  if (osabi === c.ELFOSABI_ARM_AEABI) return machine === c.EM_ARM;
  return osabi === c.ELFOSABI_SYSV || osabi === c.ELFOSABI_GNU;
}

/** VALID_ELF_ABIVERSION */
function highestAbiVersion(osabi: number, machine: number): number {
  if (machine === c.EM_MIPS) return 5;
  return osabi === c.ELFOSABI_GNU ? GNU_ABI_MAX : 0;
}

function isVersionOne(head: Uint8Array, own: ElfFile): boolean {
  return new FieldReader(head, own.header.endian === 'little').u32(20) === 1;
}

/** The first wrong field of the header, besides e_ident, the version and the machine. */
function wrongHeader(head: Uint8Array, own: ElfFile): RefusalCode | undefined {
  const fields = new FieldReader(head, own.header.endian === 'little');
  const type = fields.u16(16);
  if (type !== c.ET_DYN && type !== c.ET_EXEC) return 'wrong-type';
  const phentsize = fields.u16(own.header.class === 64 ? 54 : 42);
  return phentsize === PHDR_SIZE[own.header.class] ? undefined : 'wrong-program-headers';
}

/** e_machine and e_flags as the loader reads them: in its own byte order. */
function machineOf(head: Uint8Array, own: ElfFile): number {
  return new FieldReader(head, own.header.endian === 'little').u16(18) ?? 0;
}

function flagsOf(head: Uint8Array, own: ElfFile): number {
  const at = own.header.class === 64 ? 48 : 36;
  return new FieldReader(head, own.header.endian === 'little').u32(at) ?? 0;
}

/** elf_machine_matches_host of each port, with the program instead of the host. */
function matchesHost(machine: number, flags: number, own: ElfFile): boolean {
  const { header, target } = own;
  if (machine !== header.machine)
    return target.machine === 'sparc' && (machine === c.EM_SPARC || machine === c.EM_SPARC32PLUS);
  switch (machine) {
    case c.EM_PPC64:
      return (flags & 3) === 0 || (flags & 3) === (target.abi === 'elfv2' ? 2 : 1);
    case c.EM_RISCV:
      return ((flags ^ header.flags) & 0xe) === 0;
    case c.EM_MIPS:
      return ((flags ^ header.flags) & (c.EF_MIPS_ABI2 | c.EF_MIPS_NAN2008)) === 0;
    case c.EM_ARM: {
      // Debian's loaders skip files of the other float ABI. A file without one is suitable for both.
      const float = c.EF_ARM_ABI_FLOAT_HARD | c.EF_ARM_ABI_FLOAT_SOFT;
      const [mine, theirs] = [header.flags & float, flags & float];
      return mine === 0 || theirs === 0 || mine === theirs;
    }
    default:
      return true;
  }
}
