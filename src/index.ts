/**
 * The public API of elfdeps, and nothing else. Importing it has no side effects.
 */
import type { CheckOptions } from './check/check.js';
import { type CheckedClosure, Checker, checkEach } from './check/check-closure.js';
import { versionMessages } from './check/symbols/symbol-versions.js';
import type { Closure } from './closure/closure.js';
import { type Trace, type TraceOptions, trace } from './closure/trace.js';
import { ElfSymbols } from './files/elf-symbols.js';
import type { Finding } from './finding.js';
import type { ImagePlan } from './image/image-plan.js';
import { type PlanOptions, planImage as plan } from './image/plan-image.js';
import { detectNeeds } from './needs/detect-needs.js';
import type { RuntimeNeed } from './needs/need.js';
import type { NeedOptions } from './needs/program-facts.js';
import { type ImageNeedOptions, type TraceWithNeeds, traceNeeds } from './needs/trace-needs.js';
import { checks, loaders, needDetectors, startChecks } from './registry.js';
import type { Root } from './root/root.js';

/**
 * Works out which files the loader of each program would map, in which order and why. `programs`
 * are absolute paths in `root`. Programs that cannot be read are in `errors`; what is missing is
 * data in the closures, never thrown. Reads no environment variables: pass `libraryPath` and
 * `preload` for what LD_LIBRARY_PATH and LD_PRELOAD shall be.
 */
export function traceDependencies(
  root: Root,
  programs: readonly string[],
  options: TraceOptions = {},
): Trace {
  return trace(root, programs, options, loaders);
}

/**
 * Plans an image that holds what the traced programs need, and proves the plan by tracing them
 * again in it. Throws PlanError when something is missing or would not be found, or when the loader
 * would not start a program with these files.
 */
export function planImage(trace: Trace, options: PlanOptions): ImagePlan {
  return plan(trace, options, traceDependencies, { all: checkTrace, atStart: checkStart });
}

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
  return new Checker(trace, options, checks, loaders).check(closure);
}

/** {@link checkClosure} for every closure of a trace, with the verdicts; the root is read once. */
export function checkTrace(trace: Trace, options: CheckOptions = {}): readonly CheckedClosure[] {
  return checkEach(trace, new Checker(trace, options, checks, loaders));
}

/** Only what the loader itself looks at when a program starts, beside files. */
function checkStart(trace: Trace): readonly CheckedClosure[] {
  return checkEach(trace, new Checker(trace, {}, startChecks, loaders));
}

/** What the loader says of versions before it starts or lists each program, by its path. */
export function loaderMessages(trace: Trace): ReadonlyMap<string, readonly string[]> {
  const files = new ElfSymbols(trace.root);
  return new Map(
    trace.closures.map((closure) => [closure.program.path, versionMessages(closure, files)]),
  );
}

/**
 * What the programs of a trace need at run time and no DT_NEEDED shows, with the evidence and the files
 * of the root. Reads more bytes than a trace: symbol tables, and the data of the programs.
 */
export function detectRuntimeNeeds(trace: Trace, options: NeedOptions = {}): RuntimeNeed[] {
  return detectNeeds(trace, options, needDetectors);
}

/**
 * Traces again with what the programs open and start at run time, for {@link planImage}, which takes
 * the needs that were chosen: those that are sure, and as the options say. Throws UsageError for a
 * kind that is not known, and FILE_NOT_FOUND for an `include` of nothing.
 */
export function traceRuntimeNeeds(trace: Trace, options: ImageNeedOptions = {}): TraceWithNeeds {
  return traceNeeds(trace, options, traceDependencies, needDetectors);
}

export type { CheckOptions } from './check/check.js';
export type { CheckedClosure, Verdict } from './check/check-closure.js';
export type { Distribution } from './check/symbols/distributions.js';
export {
  type MinimumVersion,
  type MinimumVersions,
  minimumVersions,
  oldestDistributions,
} from './check/symbols/minimum-versions.js';
export { type Definition, type Reference, SymbolScope } from './check/symbols/symbol-scope.js';
export {
  formatVersionProblem,
  listVersionProblems,
  type VersionProblem,
} from './check/symbols/symbol-versions.js';
export {
  formatUndefinedSymbols,
  listUndefinedSymbols,
  type UndefinedSymbol,
} from './check/symbols/undefined-symbols.js';
export {
  formatUnusedNeeds,
  listUnusedNeeds,
  type UnusedNeed,
} from './check/symbols/unused-needs.js';
export {
  formatVersionTable,
  type VersionRow,
  versionTable,
} from './check/symbols/version-table.js';
export type {
  Closure,
  IgnoredPreload,
  Interpreter,
  Library,
  Program,
} from './closure/closure.js';
export { type ClosureFile, closureFiles, totalSize } from './closure/closure-files.js';
export { editDistance, findNeeded, similarNames } from './closure/find-needed.js';
export { type NeedChains, needChains } from './closure/need-chains.js';
export {
  type Cost,
  type Need,
  type NeedGraph,
  type NeedNode,
  needGraph,
} from './closure/need-graph.js';
export { DEFAULT_PATH } from './closure/script-interpreter.js';
export type { Trace, TraceOptions } from './closure/trace.js';
export type { ByteSource } from './elf/byte-source.js';
export type { DynamicNeed, DynamicSection } from './elf/dynamic.js';
export { type ElfFile, type ElfKind, type Linkage, parseElf } from './elf/elf-file.js';
export type { ElfHeader, ProgramHeader } from './elf/header.js';
export type { AbiTag, DlopenNote } from './elf/notes.js';
export { parseShebang, type Shebang } from './elf/script.js';
export { type DynamicSymbols, type ElfSymbol, parseSymbols } from './elf/symbols.js';
export { describeTarget, type Target } from './elf/target.js';
export type {
  NeededVersion,
  SymbolVersions,
  VersionDefinition,
  VersionNeed,
} from './elf/versions.js';
export {
  describeErrno,
  ElfdepsError,
  ElfFormatError,
  type ErrorCode,
  OutputError,
  PlanError,
  printable,
  RootError,
  UsageError,
  writeError,
} from './errors.js';
export { type FindOptions, findElfFiles } from './files/find-elf-files.js';
export { RootFiles } from './files/root-files.js';
export type { Finding } from './finding.js';
export type { ImagePlan, PlanEntry, Platform } from './image/image-plan.js';
export { adviceOnBase } from './image/known-bases.js';
export { leftOutByCopy } from './image/need-entries.js';
export type { PlanOptions } from './image/plan-image.js';
export { planRoot } from './image/plan-root.js';
export type {
  Attempt,
  Diagnostic,
  HwcapsChoice,
  LoadedObject,
  Loader,
  LoaderName,
  SearchRule,
} from './loader/loader.js';
export { addsNothing, type NeedChoice } from './needs/detect-needs.js';
export { needFiles } from './needs/dlopen-probe.js';
export type { Confidence, NeedDetector, RuntimeNeed } from './needs/need.js';
export type { NeedOptions } from './needs/program-facts.js';
export type { ImageNeedOptions, TraceWithNeeds } from './needs/trace-needs.js';
export type { ByteSink } from './output/byte-sink.js';
export type { DirectoryOptions } from './output/directory.js';
export type { DockerfileOptions, PlatformStage } from './output/dockerfile.js';
export type { Compression, ImageArchiveOptions, PlannedImage } from './output/image-archive.js';
export type { TarOptions } from './output/tar.js';
export { type WholeFileOptions, writeWholeFile } from './output/whole-file.js';
export { checkReports, loaders, needDetectors, reports, whyReports, writers } from './registry.js';
export type { CheckReport, CheckReportInput } from './report/check/check-report.js';
export { formatPlanSummary, type PlanSummaryOptions } from './report/plan-summary.js';
export type { Report, ReportInput } from './report/trace/report.js';
export type { WhyInput, WhyReport } from './report/why/why.js';
export { directoryRoot } from './root/directory-root.js';
export { compareBytes, globRoot, hasWildcard } from './root/glob.js';
export { type MemoryNode, memoryRoot } from './root/memory-root.js';
export { type OpenRootOptions, openRoot } from './root/open-root.js';
export { overlayRoot, type Placement } from './root/overlay-root.js';
export {
  type ResolvedPath,
  resolvePath,
  type SymlinkHop,
  type UnresolvedPath,
} from './root/resolve-path.js';
export type { Entry, PathProblem, RealPath, Root } from './root/root.js';
export { totalBytes } from './root/total-bytes.js';
export { ElfSymbols };
