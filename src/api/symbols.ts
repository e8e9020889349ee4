/**
 * Symbols and versions of files, and what the loader makes of those of a closure.
 */
import { type LddOption, lddLines as linesOf } from '../check/symbols/ldd-lines.js';
import {
  type MinimumVersions,
  minimumVersions as minimumOf,
} from '../check/symbols/minimum-versions.js';
import {
  type LoaderMessages,
  loaderMessages as messagesOf,
} from '../check/symbols/symbol-versions.js';
import {
  type UndefinedSymbol,
  listUndefinedSymbols as undefinedOf,
} from '../check/symbols/undefined-symbols.js';
import { type UnusedNeed, listUnusedNeeds as unusedOf } from '../check/symbols/unused-needs.js';
import { type VersionRow, versionTable } from '../check/symbols/version-table.js';
import { requireClosure, requireTrace } from '../closure/arguments.js';
import type { Closure } from '../closure/closure.js';
import type { Trace } from '../closure/trace.js';
import { type ByteSource, bytesSource } from '../elf/byte-source.js';
import type { ElfFile } from '../elf/elf-file.js';
import { type ElfSymbol, parseSymbols as symbolsOf } from '../elf/symbols.js';
import type { SymbolVersions } from '../elf/versions.js';

/** The dynamic symbols of one file. Damaged tables make the methods throw ElfFormatError. */
export interface FileSymbols {
  /** What the file takes from others, weak references included. */
  imports(): readonly ElfSymbol[];
  /** What others can take from the file. */
  exports(): readonly ElfSymbol[];
  /** The definitions of a name, in any version. */
  definitions(name: string): readonly ElfSymbol[];
  /** DT_VERNEED and DT_VERDEF. */
  readonly versions: SymbolVersions;
}

/** The dynamic symbols of a file that was parsed; undefined when it has none. */
export function parseSymbols(
  bytes: Uint8Array | ByteSource,
  elf: ElfFile,
): FileSymbols | undefined {
  return symbolsOf(bytes instanceof Uint8Array ? bytesSource(bytes) : bytes, elf);
}

/** What the loader says about versions before it starts or lists each program, by its path. */
export function loaderMessages(trace: Trace): ReadonlyMap<string, LoaderMessages> {
  requireTrace(trace);
  return messagesOf(trace.closures, trace.files.symbols);
}

/**
 * The lines that `ldd -r`, `ldd -u` or `ldd -v` would print beside the list of libraries, without
 * addresses. Throws ElfFormatError for an object whose tables are damaged.
 */
export function lddLines(trace: Trace, closure: Closure, option: LddOption): readonly string[] {
  requireTrace(trace);
  requireClosure(closure);
  return linesOf(closure, trace.files.symbols, option);
}

/** The symbols that no object of a closure defines, in the order in which the loader meets them. */
export function listUndefinedSymbols(trace: Trace, closure: Closure): readonly UndefinedSymbol[] {
  requireTrace(trace);
  requireClosure(closure);
  return undefinedOf(closure, trace.files.symbols);
}

/** The direct needs of a program that its relocations never lead to, in their order. */
export function listUnusedNeeds(trace: Trace, closure: Closure): readonly UnusedNeed[] {
  requireTrace(trace);
  requireClosure(closure);
  return unusedOf(closure, trace.files.symbols);
}

/** The versions that each object of a closure asks for, and the file that defines each. */
export function listNeededVersions(trace: Trace, closure: Closure): readonly VersionRow[] {
  requireTrace(trace);
  requireClosure(closure);
  return versionTable(closure, trace.files.symbols);
}

/** The lowest versions of glibc, GCC's libraries and the kernel that a program runs with. */
export function minimumVersions(trace: Trace, closure: Closure): MinimumVersions {
  requireTrace(trace);
  requireClosure(closure);
  return minimumOf(closure, trace.files.symbols);
}
