/**
 * Locales: glibc builds in C and POSIX only, even C.UTF-8 is a directory. Sure for a program that looks
 * into the directory itself, and where the image sets a locale.
 * Source: glibc locale/findlocale.c, locale/loadarchive.c.
 */

import { evidenceText } from './evidence.js';
import { localeCalls } from './libc-functions.js';
import { missingFiles } from './missing-files.js';
import { defineNeed } from './need.js';

/** Where glibc looks for locales. */
const LOCALE_DIRECTORY = '/usr/lib/locale';
/** How a program would look into a directory by itself. */
const LOOKS = ['opendir', 'scandir', 'scandir64'];

export const locale = defineNeed({
  kind: 'locale',
  summary: 'C.UTF-8, and the locale that the image sets',
  documentation: {
    evidence:
      'an import of `setlocale`; sure where the image sets LANG or LC_*, and where the program lists locales itself',
    added: '`C.utf8`, and the locale of the image',
    confidence: ['sure', 'likely'],
  },
  detect(facts) {
    const { options, program } = facts;
    const found = facts.findImport(localeCalls);
    if (found === undefined || program === undefined || !facts.libcHas('locales')) return undefined;
    const wanted = Object.entries(options.environment ?? {}).find(([name]) =>
      /^(?:LANG|LC_\w+)$/.test(name),
    );
    const looks = facts.findOwnImport(LOOKS);
    const own = looks && facts.findText(program, LOCALE_DIRECTORY);
    const language = wanted?.[1] ?? 'C.UTF-8';
    const files = ['C.utf8', 'C.UTF-8', language, normalized(language)]
      .flatMap((name) => facts.existing(`${LOCALE_DIRECTORY}/${name}`))
      .concat(isBuiltIn(language) ? [] : facts.existing(`${LOCALE_DIRECTORY}/locale-archive`));
    if (files.length === 0) return undefined;
    const because =
      wanted !== undefined
        ? `${evidenceText(found)}, and the image has ${wanted.join('=')}`
        : own !== undefined
          ? `${program.path} reads ${LOCALE_DIRECTORY}`
          : evidenceText(found);
    return {
      because,
      confidence: wanted !== undefined || own !== undefined ? 'sure' : 'likely',
      files: [...new Set(files)],
    };
  },
  absent: missingFiles({
    rule: {
      code: 'LOCALES_MISSING',
      levels: ['note'],
      summary: 'The root has no locale but C.',
      cause: 'Locales are files, C.UTF-8 too, and setlocale fails without them.',
      remedy:
        'Put the locale into the root (elfdeps copy --with locale), or leave LANG and LC_ALL unset.',
    },
    evidence: (facts) => (facts.libcHas('locales') ? facts.findImport(localeCalls) : undefined),
    paths: () =>
      ['C.utf8', 'locale-archive', 'C.UTF-8'].map((name) => `${LOCALE_DIRECTORY}/${name}`),
    what: 'no locale but C',
    seen: 'setlocale: LC_ALL: cannot change locale (C.UTF-8)',
    cause: 'locales are files, C.UTF-8 too, and setlocale fails without them',
    remedy: 'put /usr/lib/locale/C.utf8 into the root, or leave LANG and LC_ALL unset',
  }),
});

function isBuiltIn(language: string): boolean {
  return /^(?:C|POSIX)(?:\.|$)/.test(language);
}

/** `en_US.UTF-8` is the directory en_US.utf8. */
function normalized(language: string): string {
  return language.replace(
    /\.(.*)$/,
    (_all, codeset: string) => `.${codeset.toLowerCase().replaceAll(/[^a-z0-9]/g, '')}`,
  );
}
