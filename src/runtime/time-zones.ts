/**
 * Time zones: without their files, every zone is UTC, and nobody says so. Sure for a program that
 * prints or knows zone names, and where the image sets TZ; then only that zone.
 * Source: tzfile(5); glibc time/tzset.c, time/tzfile.c; musl src/time/__tz.c; Go time/zoneinfo_unix.go.
 */
import { importText } from './need-context.js';
import type { NeedDetector } from './runtime-need.js';

const DIRECTORY = '/usr/share/zoneinfo';
const CALLS = ['tzset', 'localtime_r', 'localtime', 'mktime', '__localtime64_r', '__mktime64'];
/** The same zones by other rules (leap seconds): nobody asks for these. */
const DUPLICATES = ['posix', 'right', 'posixrules'];

export const timeZones: NeedDetector = {
  kind: 'tz',
  summary: '/etc/localtime and /usr/share/zoneinfo',
  detect(context) {
    const { closure, options, program } = context;
    if (program === undefined) return undefined;
    const found = context.findImport(CALLS);
    const isStatic = closure.linkage !== 'dynamic';
    const named = context.findText(program, found === undefined ? DIRECTORY : '%Z', (text) =>
      found === undefined ? text.includes(DIRECTORY) : isZoneFormat(text),
    );
    const asked = context.because('tz', undefined);
    if (found === undefined && asked === undefined && (named === undefined || !isStatic))
      return undefined;
    const zone = options.environment?.TZ?.replace(/^:/, '');
    const zones =
      zone !== undefined && /^[\w+-]+(?:\/[\w+-]+)*$/.test(zone)
        ? [`${DIRECTORY}/${zone}`]
        : [DIRECTORY];
    const present = ['/etc/localtime', ...zones].flatMap((path) => context.existing(path));
    if (present.length === 0) return undefined;
    const evidence =
      found !== undefined
        ? importText(found)
        : named !== undefined
          ? `${program.path} reads ${DIRECTORY}`
          : (asked ?? '');
    return {
      because:
        zone !== undefined
          ? `${evidence}, and the image has TZ=${zone}`
          : named === undefined || found === undefined
            ? evidence
            : `${evidence}, and prints the zone ('${named}')`,
      confidence: zone !== undefined || named !== undefined ? 'sure' : 'likely',
      files: present,
      except: DUPLICATES,
    };
  },
};

/** A format of strftime(3) with a time and the name of its zone, and no table of all conversions. */
function isZoneFormat(text: string): boolean {
  return text.split('%').length <= 10 && /%[HTRXcr].*%Z/.test(text);
}
