/**
 * The public API of elfdeps, and nothing else: the rooms' functions with the lists of the registry, and
 * every type that they mention. Functions that look into files take a trace, and a closure of it where
 * they are about one program. Importing this file has no side effects.
 */
import type { CheckOptions } from './check/check.js';
import { type CheckedClosure as Checked, Checker, checkEach } from './check/check-closure.js';
import { type LddOption, lddLines as linesOf } from './check/symbols/ldd-lines.js';
import {
  type MinimumVersions,
  minimumVersions as minimumOf,
} from './check/symbols/minimum-versions.js';
import {
  type LoaderMessages,
  loaderMessages as messagesOf,
} from './check/symbols/symbol-versions.js';
import {
  type UndefinedSymbol,
  listUndefinedSymbols as undefinedOf,
} from './check/symbols/undefined-symbols.js';
import { type UnusedNeed, listUnusedNeeds as unusedOf } from './check/symbols/unused-needs.js';
import { type VersionRow, versionTable } from './check/symbols/version-table.js';
import {
  requireClosure,
  requireLists,
  requirePrograms,
  requireRoot,
  requireTrace,
} from './closure/arguments.js';
import type { Closure } from './closure/closure.js';
import { type Trace, type TraceOptions, trace } from './closure/trace.js';
import { type ByteSource, bytesSource } from './elf/byte-source.js';
import type { ElfFile } from './elf/elf-file.js';
import { type ElfSymbol, parseSymbols as symbolsOf } from './elf/symbols.js';
import type { SymbolVersions } from './elf/versions.js';
import type { Finding as AnyFinding } from './finding.js';
import type { ImagePlan } from './image/image-plan.js';
import { type PlanOptions, planImage as plan } from './image/plan-image.js';
import { detectNeeds, publicNeed } from './needs/detect-needs.js';
import type { RuntimeNeed } from './needs/need.js';
import type { NeedOptions } from './needs/program-facts.js';
import { type ImageNeedOptions, type TraceWithNeeds, traceNeeds } from './needs/trace-needs.js';
import { checks, type FindingCode, loaders, needDetectors, startChecks } from './registry.js';
import type { Root } from './root/root.js';

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

/**
 * Works out which files the loader of each program would map, in which order and why. `programs`
 * are absolute paths in `root`. Programs that cannot be read are in `errors`; what is missing is
 * data in the closures, never thrown. Reads no environment variables: pass `libraryPath` and
 * `preload` for the values of LD_LIBRARY_PATH and LD_PRELOAD.
 */
export function traceDependencies(
  root: Root,
  programs: readonly string[],
  options: TraceOptions = {},
): Trace {
  requireRoot(root);
  requirePrograms(programs);
  requireLists(options);
  return trace(root, programs, options, loaders);
}

/**
 * What the programs of a trace need at run time that no DT_NEEDED shows, with the evidence and the files
 * of the root. Reads more bytes than a trace: symbol tables, and the data of the programs.
 */
export function detectRuntimeNeeds(trace: Trace, options: NeedOptions = {}): RuntimeNeed[] {
  requireTrace(trace);
  const needs = detectNeeds(trace, options, needDetectors);
  return needs.map((need) => publicNeed(need, trace.files));
}

/**
 * Traces again with what the programs open and start at run time, for {@link planImage}, which takes
 * the needs that were chosen: those that are sure, and those that the options add. Throws UsageError
 * for an unknown kind or package, and FILE_NOT_FOUND when `include` matches nothing.
 */
export function traceRuntimeNeeds(trace: Trace, options: ImageNeedOptions = {}): TraceWithNeeds {
  requireTrace(trace);
  requireLists(options);
  return traceNeeds(trace, options, needDetectors);
}

/**
 * Plans an image that holds what the traced programs need, and proves the plan by tracing them
 * again in it. Throws PlanError when something is missing or would not be found, or when the loader
 * would not start a program with these files.
 */
export function planImage(trace: Trace, options: PlanOptions): ImagePlan {
  requireTrace(trace);
  return plan(trace, options, startChecks);
}

/** What {@link planTrace} plans with: how an image is laid out, and which needs it serves. */
export interface PlanTraceOptions
  extends Omit<ImageNeedOptions, 'environment' | 'user'>,
    Omit<PlanOptions, 'layout' | 'needs'> {
  /** As in {@link PlanOptions}; `links` without it. */
  readonly layout?: PlanOptions['layout'];
}

/** A plan, and what it was made from. */
export interface PlannedPrograms extends TraceWithNeeds {
  readonly plan: ImagePlan;
}

/**
 * {@link traceRuntimeNeeds}, then {@link planImage} with the needs that were chosen. Throws what these
 * throw.
 */
export function planTrace(trace: Trace, options: PlanTraceOptions = {}): PlannedPrograms {
  requireTrace(trace);
  const needs = traceRuntimeNeeds(trace, options);
  trace.exclusions.requireMet(needs.trace.closures, trace.programs);
  const plan = planImage(needs.trace, {
    ...options,
    layout: options.layout ?? 'links',
    libraryPath: options.libraryPath ?? trace.options.libraryPath,
    preload: options.preload ?? trace.options.preload,
    audit: options.audit ?? trace.options.audit,
    needs: needs.chosen,
  });
  return { ...needs, plan };
}

/** What {@link planPrograms} traces and plans with. */
export interface PlanProgramsOptions
  extends PlanTraceOptions,
    Pick<TraceOptions, 'loader' | 'hwcaps' | 'ldconfig' | 'cwd' | 'onProgress'> {}

/**
 * The whole way from programs to an image plan that a writer takes: traces `programs` (absolute paths in
 * `root`), finds what they need at run time, and plans an image for every CPU of their platform. Throws
 * the first error of the trace when a program cannot be read, and what {@link planTrace} throws.
 */
export function planPrograms(
  root: Root,
  programs: readonly string[],
  options: PlanProgramsOptions = {},
): PlannedPrograms {
  const { loader, hwcaps = 'none', ldconfig, cwd, onProgress, ...planned } = options;
  const { libraryPath, preload, audit } = planned;
  const searchPath = planned.environment?.PATH;
  const search = { loader, hwcaps, ldconfig, cwd, searchPath, libraryPath, preload, audit };
  // The user of the image starts the programs, and only there.
  const startedBy = 'trusted';
  const trace = traceDependencies(root, programs, { ...search, startedBy, onProgress });
  const [error] = trace.errors;
  if (error !== undefined) throw error;
  return planTrace(trace, planned);
}

/** What `check` says about one program. `code` is one of a closed list. */
export interface Finding extends AnyFinding<FindingCode> {}

/** A closure and what there is to say about it. */
export interface CheckedClosure extends Checked<FindingCode> {}

/**
 * Everything that keeps one program of a trace from running in its root, or may, errors first; an
 * empty list means that nothing speaks against it. Reads bytes only. Throws UsageError for options
 * that make no sense.
 */
export function checkClosure(
  trace: Trace,
  closure: Closure,
  options: CheckOptions = {},
): readonly Finding[] {
  requireTrace(trace);
  requireClosure(closure);
  return new Checker(trace, options, checks).check(closure);
}

/** {@link checkClosure} for every closure of a trace, with the verdicts; the root is read once. */
export function checkTrace(trace: Trace, options: CheckOptions = {}): readonly CheckedClosure[] {
  requireTrace(trace);
  return checkEach(trace, new Checker(trace, options, checks));
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

/** A kind of need that `with` and `without` take. */
export interface NeedKind {
  readonly kind: string;
  /** What is missing without it, in a few words. */
  readonly summary: string;
}

/** Every kind of need that elfdeps looks for. */
export const needKinds: readonly NeedKind[] = needDetectors;

export type { CheckOptions } from './check/check.js';
export type { Verdict } from './check/check-closure.js';
export type { Distribution } from './check/symbols/distributions.js';
export type { LddOption } from './check/symbols/ldd-lines.js';
export {
  type MinimumVersion,
  type MinimumVersions,
  oldestDistributions,
  type VersionFamily,
} from './check/symbols/minimum-versions.js';
export type { LoaderMessages } from './check/symbols/symbol-versions.js';
export type { UndefinedSymbol } from './check/symbols/undefined-symbols.js';
export type { UnusedNeed } from './check/symbols/unused-needs.js';
export type { VersionRow } from './check/symbols/version-table.js';
export type {
  AuditModule,
  Closure,
  IgnoredPreload,
  Interpreter,
  Library,
  LibraryStatus,
  Program,
  SecureExecution,
} from './closure/closure.js';
export { type ClosureFile, closureFiles } from './closure/closure-files.js';
export type { DlopenCall } from './closure/dlopen-call.js';
export type { FailingDlopens } from './closure/failing-dlopens.js';
export { findNeeded } from './closure/find-needed.js';
export { type NeedChains, needChains } from './closure/need-chains.js';
export {
  type Cost,
  type Need,
  type NeedGraph,
  type NeedNode,
  needGraph,
} from './closure/need-graph.js';
export type { Trace, TraceOptions } from './closure/trace.js';
export type { Address } from './elf/address.js';
export type { ByteSource } from './elf/byte-source.js';
export type { DynamicNeed, DynamicSection } from './elf/dynamic.js';
export { type ElfFile, type ElfKind, type Linkage, parseElf } from './elf/elf-file.js';
export type { ElfHeader, ProgramHeader } from './elf/header.js';
export type { AbiTag, DlopenNote } from './elf/notes.js';
export type { Shebang } from './elf/script.js';
export type { StartFault } from './elf/start-headers.js';
export type { ElfSymbol } from './elf/symbols.js';
export { describeTarget, type Target } from './elf/target.js';
export type {
  NeededVersion,
  SymbolVersions,
  VersionDefinition,
  VersionNeed,
} from './elf/versions.js';
export {
  ArchiveError,
  ElfdepsError,
  ElfFormatError,
  type ErrorCode,
  type ErrorDetails,
  OutputError,
  type PlanAdvice,
  PlanError,
  printable,
  RootError,
  UsageError,
} from './errors.js';
export { type FindOptions, findElfFiles } from './files/find-elf-files.js';
export type { Severity } from './finding.js';
export type {
  ImageNote,
  PathNote,
  PathNoteCode,
  PathsNote,
  PathsNoteCode,
  VariableNote,
  VariableNoteCode,
} from './image/image-note.js';
export type {
  ImagePlan,
  PlanEntry,
  PlannedDirectory,
  PlannedFile,
  PlannedLink,
  PlannedOwner,
  PlannedText,
  PlannedTree,
  Platform,
} from './image/image-plan.js';
export type { PlanOptions } from './image/plan-image.js';
export type { PlanProblem } from './image/plan-problem.js';
export { planRoot } from './image/plan-root.js';
export type {
  Attempt,
  AttemptOutcome,
  Diagnostic,
  FatalSignal,
  HwcapsChoice,
  LoadedObject,
  Loader,
  LoaderName,
  LoaderOptions,
  NamedLibrary,
  ReachedFile,
  Request,
  SearchRule,
} from './loader/loader.js';
export type { SecureCause } from './loader/process-rights.js';
export type { Refusal, RefusalCode } from './loader/refusal.js';
export type { OpenedDifferences } from './needs/compare-opened.js';
export type { NeedChoice } from './needs/detect-needs.js';
export { needFiles } from './needs/dlopen-probe.js';
export type { Confidence, NeededDirectory, RuntimeNeed } from './needs/need.js';
export type { NeedOptions } from './needs/program-facts.js';
export type { ImageNeedOptions, TraceWithNeeds } from './needs/trace-needs.js';
export type { OpenedEvent, OpenedLog, ShownPath } from './opened/opened-log.js';
export { LogReader } from './opened/read-log.js';
export type { ByteSink } from './output/byte-sink.js';
export type { DirectoryOptions } from './output/directory.js';
export type { DockerfileOptions, PlatformStage } from './output/dockerfile.js';
export type { CopyOptions } from './output/dockerfile-copy.js';
export type { ImageArchiveOptions, PlannedImage } from './output/image-archive.js';
export type { Compression } from './output/image-layer.js';
export type { TarOptions } from './output/tar.js';
export { type WholeFileOptions, writeWholeFile } from './output/whole-file.js';
export {
  checkReports,
  type FindingCode,
  loaders,
  reports,
  whyReports,
  writers,
} from './registry.js';
export type { CheckReport, CheckReportInput } from './report/check/check-report.js';
export { formatNote } from './report/notes.js';
export type {
  ReasonOf,
  Report,
  ReportInput,
  ReportOrder,
  StartReason,
} from './report/trace/report.js';
export type { WhyInput, WhyReport } from './report/why/why-report.js';
export { directoryRoot } from './root/directory-root.js';
export { type MemoryNode, memoryRoot } from './root/memory-root.js';
export { type OpenRootOptions, openRoot } from './root/open-root.js';
export { overlayRoot, type Placement } from './root/overlay-root.js';
export {
  type ResolvedPath,
  resolvePath,
  type SymlinkHop,
  type UnresolvedPath,
} from './root/resolve-path.js';
export type {
  Entry,
  FileOrigin,
  ImageConfiguration,
  PathProblem,
  RealPath,
  Root,
} from './root/root.js';
export type { User } from './root/user.js';
