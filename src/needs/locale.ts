/**
 * Locales: glibc builds in C and POSIX only, even C.UTF-8 is a directory. Sure for a program that looks
 * into the directory itself, and where the image sets a locale.
 * Source: glibc locale/findlocale.c, locale/loadarchive.c.
 */

import type { LoadedObject } from '../loader/loader.js';
import { baseName } from '../root/path-text.js';
import { evidenceText } from './evidence.js';
import { localeCalls, messageCalls } from './libc-functions.js';
import { missingFiles } from './missing-files.js';
import { defineNeed, type FoundNeed } from './need.js';
import type { ProgramFacts } from './program-facts.js';

/** Where glibc looks for locales. */
const LOCALE_DIRECTORY = '/usr/lib/locale';
const ARCHIVE = `${LOCALE_DIRECTORY}/locale-archive`;
/** Bytes: one locale has some 3 MB, all of them more than 200. */
const SMALL_ARCHIVE = 1 << 23;
/** Bytes of translations that cost nothing beside a program. */
const LITTLE = 1 << 16;
/** How a program would look into a directory by itself. */
const LOOKS = ['opendir', 'scandir', 'scandir64'];

export const locale = defineNeed({
  kind: 'locale',
  summary: 'C.UTF-8, and the locale that the image sets',
  documentation: {
    evidence:
      'an import of `setlocale`; sure where the image sets LANG or LC_*, where the program lists locales itself or has the name C.UTF-8, and, with musl, for few translations',
    added:
      '`C.utf8`, the locale of the image with translations of the program, and, for a program that is translated, an archive of few locales; with musl translations in all languages',
    confidence: ['sure', 'likely'],
  },
  detect(facts) {
    const { options, program } = facts;
    const found = facts.findImport(localeCalls);
    if (program === undefined) return undefined;
    if (found === undefined || !facts.libcHas('locales')) return messagesOnly(facts);
    const wanted = Object.entries(options.environment ?? {}).find(([name]) =>
      /^(?:LANG|LC_\w+)$/.test(name),
    );
    const looks = facts.findOwnImport(LOOKS);
    const own = looks && facts.findText(program, LOCALE_DIRECTORY);
    const named = asksFor(facts, program);
    const language = wanted?.[1] ?? 'C.UTF-8';
    const files = localeFiles(facts, language);
    if (files.length === 0) return undefined;
    const because =
      wanted !== undefined
        ? `${evidenceText(found)}, and the image has ${wanted.join('=')}`
        : own !== undefined
          ? `${program.path} reads ${LOCALE_DIRECTORY}`
          : `${evidenceText(found)}${named ? ', and asks for C.UTF-8' : ''}`;
    return {
      because,
      confidence: wanted !== undefined || own !== undefined || named ? 'sure' : 'likely',
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
    evidence: (program) =>
      program.libcHas('locales') ? program.findImport(localeCalls) : undefined,
    paths: () =>
      ['C.utf8', 'locale-archive', 'C.UTF-8'].map((name) => `${LOCALE_DIRECTORY}/${name}`),
    what: 'no locale but C',
    // Programs have words of their own; these are those of shells.
    seen: (facts) =>
      facts.program && facts.findText(facts.program, 'cannot change locale')
        ? 'setlocale: LC_ALL: cannot change locale (C.UTF-8)'
        : undefined,
    remedy: 'put /usr/lib/locale/C.utf8 into the root, or leave LANG and LC_ALL unset',
  }),
});

/** Whether the program has the name of the locale by itself: then it makes no use of C. */
function asksFor(facts: ProgramFacts, program: LoadedObject): boolean {
  if (facts.findOwnImport(localeCalls) === undefined) return false;
  return facts.textsAmong(program, ['C.UTF-8', 'C.utf8']).size > 0;
}

/** A C library without locale files has translations nevertheless, in whichever language the user sets. */
function messagesOnly(facts: ProgramFacts): FoundNeed | undefined {
  const call = facts.findOwnImport(messageCalls);
  const files = call === undefined ? [] : messages(facts);
  if (call === undefined || files.length === 0) return undefined;
  const sizes = files.map((path) => {
    const file = facts.files.resolve(path);
    return file.found ? file.entry.size : 0;
  });
  const isLittle = sizes.reduce((sum, size) => sum + size, 0) <= LITTLE;
  return { because: evidenceText(call), confidence: isLittle ? 'sure' : 'likely', files };
}

/** Files `DIRECTORY/LANGUAGE/LC_MESSAGES/DOMAIN.mo` where the program names directory and domain. */
function messages(facts: ProgramFacts, language?: string): string[] {
  const { program } = facts;
  if (program === undefined || facts.findOwnImport(messageCalls) === undefined) return [];
  const directories = facts.files.texts
    .paths(program)
    .filter((path) => /\/locale$/.test(path) && path !== LOCALE_DIRECTORY);
  const territory = language?.replace(/[.@].*$/, '') ?? '';
  const wanted = new Set([territory, territory.replace(/_.*$/, '')]);
  const found = directories.flatMap((directory) =>
    facts
      .namesIn(directory)
      .filter((name) => language === undefined || wanted.has(name))
      .flatMap((name) =>
        facts
          .namesIn(`${directory}/${name}/LC_MESSAGES`)
          .filter((file) => file.endsWith('.mo'))
          .map((file) => `${directory}/${name}/LC_MESSAGES/${file}`),
      ),
  );
  const domainOf = (path: string) => baseName(path).slice(0, -'.mo'.length);
  const domains = facts.textsAmong(program, found.map(domainOf));
  return found.filter((path) => domains.has(domainOf(path)));
}

/**
 * Whether the program speaks other languages itself, and not only some library. What a helper says is read
 * by programs.
 */
function isTranslated(facts: ProgramFacts): boolean {
  return (
    (facts.isNamed || facts.scripts.length > 0) &&
    facts.findOwnImport(localeCalls) !== undefined &&
    facts.findOwnImport(messageCalls) !== undefined
  );
}

/** Whether the archive has only what the user generated, and not the locales of all languages. */
function isSmall({ files }: ProgramFacts, path: string): boolean {
  const file = files.resolve(path);
  return file.found && file.entry.size <= SMALL_ARCHIVE;
}

/** Directories of locales, the archive of them, and translations of the program. */
function localeFiles(facts: ProgramFacts, language: string): string[] {
  const files = ['C.utf8', 'C.UTF-8', language, normalized(language)].flatMap((name) =>
    facts.existing(`${LOCALE_DIRECTORY}/${name}`),
  );
  if (!isBuiltIn(language) || (files.length > 0 && isTranslated(facts) && isSmall(facts, ARCHIVE)))
    files.push(...facts.existing(ARCHIVE));
  if (!isBuiltIn(language)) files.push(...messages(facts, language));
  return files;
}

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
