/**
 * The checks, in the order in which findings are told, and what their codes mean.
 */
import { absentNeeds } from '../check/absent-needs.js';
import { capabilities } from '../check/capabilities.js';
import type { Check } from '../check/check.js';
import { dereferencedLinks } from '../check/dereferenced-links.js';
import { excludedLibraries } from '../check/excluded-libraries.js';
import { type ImageDifferenceCode, imageDifferences } from '../check/image-differences.js';
import { oldestSystem } from '../check/oldest-system.js';
import { auditModules } from '../check/start/audit-modules.js';
import { cpuLevel } from '../check/start/cpu-level.js';
import { executableStack } from '../check/start/executable-stack.js';
import { interpreter } from '../check/start/interpreter.js';
import { kernelVersion } from '../check/start/kernel-version.js';
import { libcFamily } from '../check/start/libc-family.js';
import { libraries } from '../check/start/libraries.js';
import { loaderBuild } from '../check/start/loader-build.js';
import { missingVersions } from '../check/start/missing-versions.js';
import { packedRelocations } from '../check/start/packed-relocations.js';
import { permissions } from '../check/start/permissions.js';
import { preloads } from '../check/start/preloads.js';
import { programHeaders } from '../check/start/program-headers.js';
import { relocationTypes } from '../check/start/relocation-types.js';
import { script } from '../check/start/script.js';
import { type ScriptChainCode, scriptChain } from '../check/start/script-chain.js';
import { secureExecution } from '../check/start/secure-execution.js';
import { segmentPages } from '../check/start/segment-pages.js';
import { straySoname } from '../check/start/stray-soname.js';
import { target } from '../check/start/target.js';
import { textRelocations } from '../check/start/text-relocations.js';
import { truncatedFiles } from '../check/start/truncated-files.js';
import { undefinedSymbols } from '../check/start/undefined-symbols.js';
import { staticTls } from '../check/static-tls.js';
import { unusedNeeds } from '../check/symbols/unused-needs.js';
import type { FindingRule } from '../finding.js';
import type { CheckReport } from '../report/check/check-report.js';
import { checkJson } from '../report/check/json.js';
import { sarif } from '../report/check/sarif.js';
import { checkText } from '../report/check/text.js';
import { needDetectors } from './needs.js';

/**
 * What stops a program at its start, in the order in which a start goes wrong: file, interpreter,
 * libraries, process. A program with an error of one of these does not start; every command that
 * promises a working image applies them.
 */
export const startChecks = [
  permissions,
  script,
  target,
  programHeaders,
  interpreter,
  libcFamily,
  secureExecution,
  libraries,
  truncatedFiles,
  straySoname,
  preloads,
  auditModules,
  loaderBuild,
  missingVersions,
  packedRelocations,
  relocationTypes,
  segmentPages,
  undefinedSymbols,
  cpuLevel,
  kernelVersion,
  executableStack,
  textRelocations,
] as const satisfies readonly Check[];

/** Every check, those of the start first. */
export const checks = [
  ...startChecks,
  staticTls,
  absentNeeds(needDetectors),
  capabilities,
  dereferencedLinks,
  excludedLibraries,
  unusedNeeds,
  oldestSystem,
] as const satisfies readonly Check[];

/** What each code means, every code that a finding can have once. */
export const findingRules: readonly FindingRule[] = [
  ...new Set([...checks, scriptChain, imageDifferences].flatMap<FindingRule>(({ rules }) => rules)),
];

/** Every code that a finding can have. */
export type FindingCode =
  | (typeof checks)[number]['rules'][number]['code']
  | ScriptChainCode
  | ImageDifferenceCode;

/** Every format of what checks find, the default first. */
export const checkReports: readonly CheckReport[] = [checkText, checkJson, sarif(findingRules)];
