/**
 * Time zones: without their files every zone is UTC, and no message says so. Sure for a program that
 * prints or loads zones by name, and where the image sets TZ; then only that zone.
 * Source: tzfile(5); glibc time/tzset.c, time/tzfile.c; musl src/time/__tz.c; Go time/zoneinfo_unix.go.
 */

import { goFunctions } from '../files/go-build.js';
import { evidenceText } from './evidence.js';
import { environmentOf } from './languages/environment.js';
import { moduleTexts } from './languages/module-texts.js';
import { zoneCalls } from './libc-functions.js';
import { missingFiles } from './missing-files.js';
import { defineNeed, type FoundNeed } from './need.js';
import type { ProgramFacts } from './program-facts.js';
import { relationOfModule } from './relation.js';

const DIRECTORY = '/usr/share/zoneinfo';
/** The same zones by other rules (leap seconds), which programs do not ask for. */
const DUPLICATES = ['posix', 'right', 'posixrules'];

export const timeZones = defineNeed({
  kind: 'tz',
  summary: '/etc/localtime and /usr/share/zoneinfo',
  documentation: {
    evidence:
      "an import of `localtime` and its like; sure where the image sets TZ, where the program prints the zone, for `time.LoadLocation` of Go without `time/tzdata`, where a module of a script has the directory and depends on the package of the zones, where the package of a standard library does (Tcl), and where the program's data has `/usr/share/zoneinfo/%s` (PHP of Debian)",
    added: '`/etc/localtime` and `/usr/share/zoneinfo`, or the one zone of TZ',
    confidence: ['sure', 'likely', 'possible'],
  },
  detect(facts) {
    const evidence = evidenceFor(facts);
    if (evidence === undefined) return undefined;
    const zone = facts.options.environment?.TZ?.replace(/^:/, '');
    const isOne = zone !== undefined && /^[\w+-]+(?:\/[\w+-]+)*$/.test(zone);
    const files = ['/etc/localtime', isOne ? `${DIRECTORY}/${zone}` : DIRECTORY].flatMap((path) =>
      facts.existing(path),
    );
    if (files.length === 0) return undefined;
    const common = { files, except: DUPLICATES };
    if (zone === undefined) return { ...evidence, ...common };
    const because = `${evidence.because}, and the image has TZ=${zone}`;
    return { because, confidence: 'sure', ...common };
  },
  absent: missingFiles({
    rule: {
      code: 'ZONEINFO_MISSING',
      levels: ['note'],
      summary: 'The root has no time zones.',
      cause:
        'TZ names a file there. Without it, times are in UTC, and C programs print no message.',
      remedy: 'Put /usr/share/zoneinfo into the root (elfdeps copy --with tz), if TZ will be set.',
    },
    evidence: (facts) => facts.findCall([...zoneCalls, 'strftime'], goFunctions.zones),
    paths: (facts) =>
      facts.findInGo(goFunctions.ownZones) === undefined
        ? [DIRECTORY, '/share/zoneinfo', '/etc/zoneinfo']
        : undefined,
    what: 'no time zones',
    // A C library uses UTC instead and says nothing.
    seen: (facts) => (facts.isGo ? 'unknown time zone Europe/Paris' : undefined),
    cause: 'a zone such as Europe/Paris is a file there, and without it times are in UTC',
    remedy: 'put /usr/share/zoneinfo into the root, if TZ will be set',
  }),
});

function evidenceFor(facts: ProgramFacts): Pick<FoundNeed, 'because' | 'confidence'> | undefined {
  const { closure, program } = facts;
  // PHP of Debian; a libc in a static program joins the directory and the name otherwise.
  const byPath = program && facts.findText(program, `${DIRECTORY}/%s`);
  if (byPath !== undefined)
    return { because: `${program?.path} opens zones by their names, '${byPath}'` };
  const module = moduleTexts(facts).find(
    (each) =>
      each.paths.includes(DIRECTORY) && relationOfModule(facts.files, each.module, DIRECTORY),
  )?.module;
  if (module !== undefined) return { because: `${module} names ${DIRECTORY}` };
  const library = zonedLibrary(facts);
  if (library !== undefined)
    return { because: `the package of ${library} depends on that of ${DIRECTORY}` };
  const found = facts.findImport(zoneCalls);
  if (found !== undefined) {
    const because = evidenceText(found);
    const format =
      program && facts.findOwnImport(zoneCalls) && facts.findText(program, '%Z', isZoneFormat);
    if (format === undefined) return { because, confidence: 'likely' };
    return { because: `${because}, and prints the zone ('${format}')` };
  }
  const asked = facts.isAsked('tz') ? { because: '--with tz' } : undefined;
  if (program === undefined || facts.findInGo(goFunctions.ownZones) !== undefined) return asked;
  const byName = facts.findInGo(goFunctions.zones);
  if (byName !== undefined) return { because: evidenceText(byName) };
  // A dynamic program leaves zones to libc; a static one has the directory in itself.
  if (closure.linkage === 'dynamic' || facts.findText(program, DIRECTORY) === undefined)
    return asked;
  return {
    because: `${program.path} has the text ${DIRECTORY}`,
    // Every program of Go has it.
    confidence: facts.isGo ? 'possible' : 'likely',
  };
}

/** The standard library of an interpreter whose package depends on the zones: that of Tcl. */
function zonedLibrary(facts: ProgramFacts): string | undefined {
  const { standard = [], isEmbedded } = environmentOf(facts) ?? {};
  // Only then are packages asked: the database is large.
  const packages = standard.length === 0 || isEmbedded ? undefined : facts.packages;
  if (packages === undefined) return undefined;
  const zones = packages.ownersOf(DIRECTORY);
  const dependsOnZones = (path: string) =>
    packages
      .ownersOf(path)
      .some((owner) => packages.dependenciesOf(owner).some((each) => zones.includes(each)));
  return zones.length === 0 ? undefined : standard.find(dependsOnZones);
}

/**
 * A format of strftime(3) with a time and the name of its zone: no table of all conversions, nor what
 * stands beside such a text where texts have no end, as in Rust.
 */
function isZoneFormat(text: string): boolean {
  const count = text.split('%').length - 1;
  const known = text.match(/%[-_0^#EO]*\d*[a-zA-Z%]/g)?.length ?? 0;
  // `%ghlp` is an option and its values.
  const isOfTimes = count === known && count < 10 && !/%[a-zA-Z][a-z]{2}/.test(text);
  return isOfTimes && /%[HTRXcr].*%Z/.test(text);
}
