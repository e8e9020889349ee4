/**
 * The public API of elfdeps, and nothing else: the functions of `src/api`, those of rooms that need no
 * registry, and every type that they mention. Functions that look into files take a trace, and a closure of
 * it where they are about one program. Importing this file has no side effects.
 */

export { type CheckedClosure, checkClosure, checkTrace, type Finding } from './api/check-trace.js';
export {
  type PlannedPrograms,
  type PlanProgramsOptions,
  type PlanTraceOptions,
  planImage,
  planPrograms,
  planTrace,
} from './api/plan-programs.js';
export {
  detectRuntimeNeeds,
  type NeedKind,
  needKinds,
  traceRuntimeNeeds,
} from './api/runtime-needs.js';
export {
  type FileSymbols,
  lddLines,
  listNeededVersions,
  listUndefinedSymbols,
  listUnusedNeeds,
  loaderMessages,
  minimumVersions,
  parseSymbols,
} from './api/symbols.js';
export { traceDependencies } from './api/trace-dependencies.js';
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
export type { Diagnostic, NamedLibrary } from './loader/diagnostic.js';
export type {
  Attempt,
  AttemptOutcome,
  FatalSignal,
  HwcapsChoice,
  LoadedObject,
  Loader,
  LoaderName,
  LoaderOptions,
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
