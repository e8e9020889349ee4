/**
 * Whether glibc's loader maps a file that it found, passes over it, or gives up because of it.
 * Each check stands in the loader's order, with its words.
 * Source: glibc elf/dl-load.c (open_verify, _dl_map_object_from_fd), sysdeps dl-machine.h
 * (elf_machine_matches_host, VALID_ELF_OSABI).
 */
import { FieldReader } from '../../elf/byte-source.js';
import * as c from '../../elf/constants.js';
import type { ElfFile } from '../../elf/elf-file.js';
import { EHDR_SIZE, PHDR_SIZE } from '../../elf/header.js';
import { errnoOf } from '../../errors.js';
import type { RootFiles } from '../../files/root-files.js';
import type { ResolvedPath } from '../../root/resolve-path.js';
import type { Attempt, FatalSignal } from '../loader.js';

export type Verdict =
  | { readonly kind: 'accepted'; readonly elf: ElfFile }
  /** Go on searching. `error` is what is said when nothing else is found. */
  | { readonly kind: 'skipped'; readonly outcome: Attempt['outcome']; readonly error?: string }
  | { readonly kind: 'fatal'; readonly error: string; readonly signal?: FatalSignal };

const fatal = (error: string) => ({ kind: 'fatal', error }) as const;
const WRONG_TARGET: Verdict = { kind: 'skipped', outcome: 'wrong-target' };

/** The highest EI_ABIVERSION of ELFOSABI_GNU that loaders accept (LIBC_ABI_MAX - 1). */
const GNU_ABI_MAX = 3;

/** What decides beside the file itself. */
interface VerifyRules {
  /** The loader is release 2.minor. */
  readonly minor: number;
  /** Debian's and Ubuntu's patch: a foreign machine is passed over before anything else is fatal. */
  readonly multiarch: boolean;
}

/** A candidate as opened, and the name that was requested: messages speak of one or the other. */
interface CandidateName {
  readonly path: string;
  readonly requested: string;
}

/** Judges a found candidate for a process of `own`'s target. */
export function verifyCandidate(
  files: RootFiles,
  file: ResolvedPath,
  own: ElfFile,
  { path, requested }: CandidateName,
  { minor, multiarch }: VerifyRules,
): Verdict {
  if (file.entry.kind === 'directory') return fatal(`${path}: cannot read file data: Error 21`);
  const ehdrSize = EHDR_SIZE[own.header.class];
  let head: Uint8Array;
  try {
    head = files.head(file);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return { kind: 'skipped', outcome: 'unreadable', error: PERMISSION_DENIED };
  }
  if (head.length < ehdrSize) return fatal(`${path}: file too short`);
  const problem = identProblem(head, own, multiarch) ?? headerProblem(head, own);
  if (problem !== undefined) {
    if (problem.startsWith('wrong ELF class'))
      return { kind: 'skipped', outcome: 'wrong-target', error: problem };
    return problem === FOREIGN ? WRONG_TARGET : fatal(`${path}: ${problem}`);
  }
  const elf = files.findElf(file);
  if (elf === undefined) return damaged(files, file, path);
  if (minor <= 35 && elf.abiTag !== undefined && elf.abiTag.os !== 0) return WRONG_TARGET;
  if (elf.header.type === c.ET_EXEC)
    return fatal(`${requested}: cannot dynamically load executable`);
  if (elf.dynamic === undefined) return fatal(`${requested}: object file has no dynamic section`);
  if (minor >= 30 && elf.dynamic.flags1 & c.DF_1_PIE)
    return fatal(`${requested}: cannot dynamically load position-independent executable`);
  return { kind: 'accepted', elf };
}

/** Without all of its program headers a file is refused; one that lacks more is mapped. */
function damaged(files: RootFiles, file: ResolvedPath, path: string): Verdict {
  const truncation = files.truncation(file);
  return truncation === undefined
    ? fatal(`${path}: cannot read file data`)
    : { ...fatal(`${path}: ${truncation}`), signal: 'SIGBUS' };
}

export const NOT_FOUND = 'cannot open shared object file: No such file or directory';
export const PERMISSION_DENIED = 'cannot open shared object file: Permission denied';
const FOREIGN = 'foreign machine';

/** e_ident against what a file of this process has, byte by byte as memcmp would find it. */
function identProblem(head: Uint8Array, own: ElfFile, multiarch: boolean): string | undefined {
  const [, , , , elfClass, data, version, osabi = 0, abiVersion = 0] = head;
  if (head[0] !== 0x7f || head[1] !== 0x45 || head[2] !== 0x4c || head[3] !== 0x46)
    return 'invalid ELF header';
  if (elfClass !== own.header.class / 32)
    return `wrong ELF class: ELFCLASS${elfClass === 1 ? '32' : '64'}`;
  const isForeign = multiarch && !matchesHost(machineOf(head, own), flagsOf(head, own), own);
  const foreign = isForeign ? FOREIGN : undefined;
  if (data !== (own.header.endian === 'little' ? 1 : 2))
    return foreign ?? `ELF file data encoding not ${own.header.endian}-endian`;
  if (version !== 1) return foreign ?? 'ELF file version ident does not match current one';
  const isArm = own.header.machine === c.EM_ARM;
  const isMips = own.header.machine === c.EM_MIPS;
  if (
    osabi !== c.ELFOSABI_SYSV &&
    osabi !== c.ELFOSABI_GNU &&
    !(isArm && osabi === c.ELFOSABI_ARM_AEABI)
  )
    return foreign ?? 'ELF file OS ABI invalid';
  const abiMax = isMips ? 5 : osabi === c.ELFOSABI_GNU ? GNU_ABI_MAX : 0;
  if (abiVersion > abiMax) return foreign ?? 'ELF file ABI version invalid';
  if (head.subarray(9, 16).some((byte) => byte !== 0))
    return foreign ?? 'nonzero padding in e_ident';
  return undefined;
}

function headerProblem(head: Uint8Array, own: ElfFile): string | undefined {
  const fields = new FieldReader(head, own.header.endian === 'little');
  if (fields.u32(20) !== 1) return 'ELF file version does not match current one';
  const is64 = own.header.class === 64;
  if (!matchesHost(machineOf(head, own), flagsOf(head, own), own)) return FOREIGN;
  const type = fields.u16(16);
  if (type !== c.ET_DYN && type !== c.ET_EXEC) return 'only ET_DYN and ET_EXEC can be loaded';
  if (fields.u16(is64 ? 54 : 42) !== PHDR_SIZE[own.header.class])
    return "ELF file's phentsize not the expected size";
  return undefined;
}

/** e_machine and e_flags as the loader reads them: in its own byte order. */
function machineOf(head: Uint8Array, own: ElfFile): number {
  return new FieldReader(head, own.header.endian === 'little').u16(18) ?? 0;
}

function flagsOf(head: Uint8Array, own: ElfFile): number {
  const at = own.header.class === 64 ? 48 : 36;
  return new FieldReader(head, own.header.endian === 'little').u32(at) ?? 0;
}

/** elf_machine_matches_host of each port, with the program in the place of the host. */
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
      // Debian's loaders pass over the other float ABI; a file that does not say fits both.
      const float = c.EF_ARM_ABI_FLOAT_HARD | c.EF_ARM_ABI_FLOAT_SOFT;
      const [mine, theirs] = [header.flags & float, flags & float];
      return mine === 0 || theirs === 0 || mine === theirs;
    }
    default:
      return true;
  }
}
