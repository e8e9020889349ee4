/**
 * The closed lists of what elfdeps knows: the only file that names every loader, check,
 * report and writer.
 */

import { checkCapabilities } from './check/capabilities.js';
import type { Check } from './check/check.js';
import { checkCpuLevel } from './check/cpu-level.js';
import { checkDereferencedLinks } from './check/dereferenced-links.js';
import { checkDlopenNotes, checkDlopenTexts } from './check/dlopen-notes.js';
import { checkInterpreter } from './check/interpreter.js';
import { checkKernel } from './check/kernel.js';
import { checkLibcFamily } from './check/libc-family.js';
import { checkLibraries, checkPreloads } from './check/libraries.js';
import { checkLoaderBuild } from './check/loader-build.js';
import { checkExecutableStack, checkStaticTls, checkTextRelocations } from './check/memory.js';
import { checkMinimumVersions } from './check/minimum-versions.js';
import {
  checkGoNameServices,
  checkNameServices,
  checkStaticProgram,
} from './check/name-services.js';
import { checkPacked } from './check/packed.js';
import { checkPermissions } from './check/permissions.js';
import { checkRuntimeFiles } from './check/runtime-files.js';
import { checkScript } from './check/script.js';
import { checkShell } from './check/shell.js';
import { checkSymbolVersions } from './check/symbol-versions.js';
import { checkObjectTargets, checkTarget } from './check/target.js';
import { checkTruncated } from './check/truncated.js';
import { checkUndefinedSymbols } from './check/undefined-symbols.js';
import { checkUnusedNeeds } from './check/unused-needs.js';
import { freebsd } from './loader/freebsd/freebsd.js';
import { glibc } from './loader/glibc/glibc.js';
import type { Loader } from './loader/loader.js';
import { musl } from './loader/musl/musl.js';
import { uclibc } from './loader/uclibc/uclibc.js';
import { writeDirectory } from './output/directory.js';
import { formatDockerfile, formatPlatformStages } from './output/dockerfile.js';
import { writeImage } from './output/image-archive.js';
import { writeTar } from './output/tar.js';
import { checkJson } from './report/check-json.js';
import type { CheckReport } from './report/check-report.js';
import { checkText } from './report/check-text.js';
import { dot } from './report/dot.js';
import { html } from './report/html.js';
import { json, ndjson } from './report/json.js';
import { ldd } from './report/ldd.js';
import { list } from './report/list.js';
import { mermaid } from './report/mermaid.js';
import type { Report } from './report/report.js';
import { sarif } from './report/sarif.js';
import { text } from './report/text.js';
import { tree } from './report/tree.js';
import { type WhyReport, whyText } from './report/why.js';
import { whyJson } from './report/why-json.js';
import { certificates } from './runtime/certificates.js';
import { data } from './runtime/data.js';
import { dlopenNotes } from './runtime/dlopen-notes.js';
import { dlopenTexts } from './runtime/dlopen-texts.js';
import { gconv, gconvAll } from './runtime/gconv.js';
import { hostLibraries } from './runtime/host-libraries.js';
import { hosts } from './runtime/hosts.js';
import { internationalNames } from './runtime/international-names.js';
import { java } from './runtime/java.js';
import { libgcc } from './runtime/libgcc.js';
import { locale } from './runtime/locale.js';
import { nss } from './runtime/nss.js';
import { opensslModules } from './runtime/openssl-modules.js';
import { packed } from './runtime/packed.js';
import { pam } from './runtime/pam.js';
import type { NeedDetector } from './runtime/runtime-need.js';
import { services } from './runtime/services.js';
import { shell } from './runtime/shell.js';
import { staticDlopen } from './runtime/static-dlopen.js';
import { staticGconv } from './runtime/static-gconv.js';
import { staticNameServices } from './runtime/static-name-services.js';
import { temporaryDirectory } from './runtime/temporary-directory.js';
import { terminfo } from './runtime/terminfo.js';
import { timeZones } from './runtime/time-zones.js';
import { toolkitPlugins } from './runtime/toolkit-plugins.js';
import { users } from './runtime/users.js';

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
