/**
 * The closed lists of what elfdeps knows: the only file that names every loader, check,
 * report and writer.
 */

import { absentNeeds } from './check/absent-needs.js';
import { capabilities } from './check/capabilities.js';
import type { Check } from './check/check.js';
import { dereferencedLinks } from './check/dereferenced-links.js';
import { excludedLibraries } from './check/excluded-libraries.js';
import { oldestSystem } from './check/oldest-system.js';
import { auditModules } from './check/start/audit-modules.js';
import { cpuLevel } from './check/start/cpu-level.js';
import { executableStack } from './check/start/executable-stack.js';
import { interpreter } from './check/start/interpreter.js';
import { kernelVersion } from './check/start/kernel-version.js';
import { libcFamily } from './check/start/libc-family.js';
import { libraries } from './check/start/libraries.js';
import { loaderBuild } from './check/start/loader-build.js';
import { missingVersions } from './check/start/missing-versions.js';
import { packedRelocations } from './check/start/packed-relocations.js';
import { permissions } from './check/start/permissions.js';
import { preloads } from './check/start/preloads.js';
import { programHeaders } from './check/start/program-headers.js';
import { relocationTypes } from './check/start/relocation-types.js';
import { script } from './check/start/script.js';
import { scriptChain } from './check/start/script-chain.js';
import { secureExecution } from './check/start/secure-execution.js';
import { segmentPages } from './check/start/segment-pages.js';
import { straySoname } from './check/start/stray-soname.js';
import { target } from './check/start/target.js';
import { textRelocations } from './check/start/text-relocations.js';
import { truncatedFiles } from './check/start/truncated-files.js';
import { undefinedSymbols } from './check/start/undefined-symbols.js';
import { staticTls } from './check/static-tls.js';
import { unusedNeeds } from './check/symbols/unused-needs.js';
import type { FindingRule } from './finding.js';
import { freebsd } from './loader/freebsd/freebsd.js';
import { glibc } from './loader/glibc/glibc.js';
import type { Loader } from './loader/loader.js';
import { musl } from './loader/musl/musl.js';
import { uclibc } from './loader/uclibc/uclibc.js';
import { certificates } from './needs/certificates.js';
import { commands } from './needs/commands.js';
import { configuration } from './needs/configuration.js';
import { dlopenNotes } from './needs/dlopen-notes.js';
import { dlopenTexts } from './needs/dlopen-texts.js';
import { fonts } from './needs/fonts/fonts.js';
import { gconv, gconvAll } from './needs/gconv.js';
import { hostLibraries } from './needs/host-libraries.js';
import { hosts } from './needs/hosts.js';
import { internationalNames } from './needs/international-names.js';
import { java } from './needs/java.js';
import { libgcc } from './needs/libgcc.js';
import { locale } from './needs/locale.js';
import { modules } from './needs/modules.js';
import type { NeedDetector } from './needs/need.js';
import { nss } from './needs/nss.js';
import { opensslModules } from './needs/openssl-modules.js';
import { otherModules } from './needs/other-modules.js';
import { data } from './needs/own-data.js';
import { packed } from './needs/packed.js';
import { pam } from './needs/pam.js';
import { services } from './needs/services.js';
import { shell } from './needs/shell.js';
import { state } from './needs/state.js';
import { staticDlopen } from './needs/static-dlopen.js';
import { staticGconv } from './needs/static-gconv.js';
import { staticNameServices } from './needs/static-name-services.js';
import { temporaryDirectory } from './needs/temporary-directory.js';
import { terminfo } from './needs/terminfo.js';
import { timeZones } from './needs/time-zones.js';
import { toolkitPlugins } from './needs/toolkit-plugins.js';
import { users } from './needs/users.js';
import { writeDirectory } from './output/directory.js';
import { formatDockerfile, formatPlatformStages } from './output/dockerfile.js';
import { writeImage, writeImageTo } from './output/image-archive.js';
import { writeTar } from './output/tar.js';
import type { CheckReport } from './report/check/check-report.js';
import { checkJson } from './report/check/json.js';
import { sarif } from './report/check/sarif.js';
import { checkText } from './report/check/text.js';
import { html } from './report/html/html.js';
import { slimJson } from './report/slim/json.js';
import type { SlimReport } from './report/slim/slim-report.js';
import { slimText } from './report/slim/text.js';
import { dot } from './report/trace/dot.js';
import { json, ndjson } from './report/trace/json.js';
import { ldd } from './report/trace/ldd.js';
import { list } from './report/trace/list.js';
import { mermaid } from './report/trace/mermaid.js';
import type { Report } from './report/trace/report.js';
import { text } from './report/trace/text.js';
import { tree } from './report/trace/tree.js';
import { whyJson } from './report/why/json.js';
import { type WhyReport, whyText } from './report/why/why.js';

/** Every loader, in the order in which a library without other signs is tried for. */
export const loaders: readonly Loader[] = [glibc, musl, uclibc, freebsd];

/** Every report format, the default first. */
export const reports: readonly Report[] = [text, ldd, list, tree, json, ndjson, dot, mermaid, html];

/** Every need that no DT_NEEDED shows, in the order in which it is told. */
export const needDetectors = [
  dlopenNotes,
  libgcc,
  nss,
  users,
  hosts,
  services,
  gconv,
  locale,
  timeZones,
  certificates,
  temporaryDirectory,
  terminfo,
  pam,
  shell,
  java,
  modules,
  otherModules,
  data,
  configuration,
  state,
  commands,
  fonts,
  opensslModules,
  toolkitPlugins,
  internationalNames,
  gconvAll,
  staticNameServices,
  staticGconv,
  dlopenTexts,
  staticDlopen,
  packed,
  hostLibraries,
] as const satisfies readonly NeedDetector[];

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
  ...new Set([...checks, scriptChain].flatMap<FindingRule>(({ rules }) => rules)),
];

/** Every code that a finding can have. */
export type FindingCode = ((typeof checks)[number] | typeof scriptChain)['rules'][number]['code'];

/** Every format of what checks find, the default first. */
export const checkReports: readonly CheckReport[] = [checkText, checkJson, sarif(findingRules)];

/** Every format of the answer to why, the default first. */
export const whyReports: readonly WhyReport[] = [whyText, whyJson];

/** Every format of what slim kept and dropped, the default first. */
export const slimReports: readonly SlimReport[] = [slimText, slimJson];

/** Every form a plan can be written in. */
export const writers = {
  dockerfile: formatDockerfile,
  dockerfileForPlatforms: formatPlatformStages,
  directory: writeDirectory,
  tar: writeTar,
  image: writeImage,
  imageTo: writeImageTo,
} as const;
