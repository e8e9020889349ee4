/**
 * The closed lists of what elfdeps knows: the only file that names every loader, check,
 * report and writer.
 */

import { checkCapabilities } from './check/capabilities.js';
import type { Check } from './check/check.js';
import { checkDereferencedLinks } from './check/dereferenced-links.js';
import { checkDlopenNotes, checkDlopenTexts } from './check/dlopen-notes.js';
import {
  checkGoNameServices,
  checkNameServices,
  checkStaticProgram,
} from './check/name-services.js';
import { checkPacked } from './check/packed.js';
import { checkRuntimeFiles } from './check/runtime-files.js';
import { checkShell } from './check/shell.js';
import { checkCpuLevel } from './check/start/cpu-level.js';
import { checkInterpreter } from './check/start/interpreter.js';
import { checkKernel } from './check/start/kernel.js';
import { checkLibcFamily } from './check/start/libc-family.js';
import { checkLibraries, checkPreloads } from './check/start/libraries.js';
import { checkLoaderBuild } from './check/start/loader-build.js';
import {
  checkExecutableStack,
  checkStaticTls,
  checkTextRelocations,
} from './check/start/memory.js';
import { checkPermissions } from './check/start/permissions.js';
import { checkScript } from './check/start/script.js';
import { checkObjectTargets, checkTarget } from './check/start/target.js';
import { checkTruncated } from './check/start/truncated.js';
import { checkMinimumVersions } from './check/symbols/minimum-versions.js';
import { checkSymbolVersions } from './check/symbols/symbol-versions.js';
import { checkUndefinedSymbols } from './check/symbols/undefined-symbols.js';
import { checkUnusedNeeds } from './check/symbols/unused-needs.js';
import { freebsd } from './loader/freebsd/freebsd.js';
import { glibc } from './loader/glibc/glibc.js';
import type { Loader } from './loader/loader.js';
import { musl } from './loader/musl/musl.js';
import { uclibc } from './loader/uclibc/uclibc.js';
import { certificates } from './needs/certificates.js';
import { dlopenNotes } from './needs/dlopen-notes.js';
import { dlopenTexts } from './needs/dlopen-texts.js';
import { gconv, gconvAll } from './needs/gconv.js';
import { hostLibraries } from './needs/host-libraries.js';
import { hosts } from './needs/hosts.js';
import { internationalNames } from './needs/international-names.js';
import { java } from './needs/java.js';
import { libgcc } from './needs/libgcc.js';
import { locale } from './needs/locale.js';
import type { NeedDetector } from './needs/need.js';
import { nss } from './needs/nss.js';
import { opensslModules } from './needs/openssl-modules.js';
import { data } from './needs/own-data.js';
import { packed } from './needs/packed.js';
import { pam } from './needs/pam.js';
import { services } from './needs/services.js';
import { shell } from './needs/shell.js';
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
import { writeImage } from './output/image-archive.js';
import { writeTar } from './output/tar.js';
import type { CheckReport } from './report/check/check-report.js';
import { checkJson } from './report/check/json.js';
import { sarif } from './report/check/sarif.js';
import { checkText } from './report/check/text.js';
import { html } from './report/html/html.js';
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

/** What a loader checks beside files before a program runs. */
export const startChecks: readonly Check[] = [checkSymbolVersions, checkUndefinedSymbols];

/** Every check, in the order in which a start goes wrong: file, interpreter, libraries, process. */
export const checks: readonly Check[] = [
  checkPermissions,
  checkScript,
  checkTarget,
  checkInterpreter,
  checkLibcFamily,
  checkLibraries,
  checkTruncated,
  checkObjectTargets,
  checkPreloads,
  checkLoaderBuild,
  checkSymbolVersions,
  checkUndefinedSymbols,
  checkCpuLevel,
  checkKernel,
  checkExecutableStack,
  checkTextRelocations,
  checkStaticTls,
  checkPacked,
  checkDlopenNotes,
  checkDlopenTexts,
  checkShell,
  checkNameServices,
  checkGoNameServices,
  checkStaticProgram,
  checkRuntimeFiles,
  checkCapabilities,
  checkDereferencedLinks,
  checkUnusedNeeds,
  checkMinimumVersions,
];

/** Every format of what checks find, the default first. */
export const checkReports: readonly CheckReport[] = [checkText, checkJson, sarif];

/** Every format of the answer to why, the default first. */
export const whyReports: readonly WhyReport[] = [whyText, whyJson];

/** Every form a plan can be written in. */
export const writers = {
  dockerfile: formatDockerfile,
  dockerfileForPlatforms: formatPlatformStages,
  directory: writeDirectory,
  tar: writeTar,
  image: writeImage,
} as const;

/** Every need that no DT_NEEDED shows, in the order in which it is told. */
export const needDetectors: readonly NeedDetector[] = [
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
  data,
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
];
