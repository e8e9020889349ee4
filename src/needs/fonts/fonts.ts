/**
 * Fonts, for what draws text through fontconfig: without them text is blank, or the program ends. The
 * library may be loaded, opened by its name (Java), or built into another one (sharp).
 */
import type { LoadedObject } from '../../loader/loader.js';
import { directoryOf } from '../../root/path-text.js';
import { type Evidence, evidenceText } from '../evidence.js';
import { javaHome } from '../java.js';
import { dlopenCalls } from '../libc-functions.js';
import { defineNeed, type FoundNeed } from '../need.js';
import type { ProgramFacts } from '../program-facts.js';
import { fontFiles, preferredFonts } from './chosen-fonts.js';
import { type FontConfiguration, readFontConfiguration } from './font-configuration.js';

const SONAME = 'libfontconfig.so.1';
/** A variable that only fontconfig's own code reads. */
const BUILT_IN = 'FONTCONFIG_FILE';
/** fontconfig locks its cache by a hard link; few libraries make one. */
const LOCKING = ['link'];

/** A small package of fonts, by the kind of package database. */
const PACKAGES: Readonly<Record<string, string>> = {
  dpkg: 'fonts-dejavu-core',
  apk: 'font-dejavu',
  rpm: 'dejavu-sans-fonts',
  pacman: 'ttf-dejavu',
};

const OWN_CACHE_MODE = 0o755;
const SHARED_CACHE_MODE = 0o1777;

export const fonts = defineNeed({
  kind: 'fonts',
  summary: 'fonts, and the configuration of fontconfig',
  values: ['all'],
  documentation: {
    evidence:
      'libfontconfig is loaded, its name stands in what imports `dlopen` (Java), or it is built into an object (sharp)',
    added:
      'one family each for `sans-serif`, `serif` and `monospace`, those that the configuration of fontconfig prefers; those of patterns of the program (`Liberation Sans:style=Bold`), or what stands for them; that configuration; a directory for its cache. With `fonts=all` every font of the root',
    confidence: ['sure'],
  },
  detect(facts): FoundNeed | undefined {
    const evidence = fontconfigIn(facts);
    const because = facts.because('fonts', evidence);
    if (because === undefined) return undefined;
    const configuration = readFontConfiguration(facts.files, facts.options.environment);
    const all = facts.askedValue('fonts') === 'all';
    const found = all
      ? fontFiles(facts.files, configuration)
      : preferredFonts(facts.files, configuration, familiesNamed(facts));
    if (found.length === 0) return { because: `${because}, and ${noFonts(facts, configuration)}` };
    const opens = evidence?.opens ? [{ name: SONAME, from: evidence.object.path }] : [];
    return {
      because,
      files: [...configuration.files, ...found],
      opens,
      directories: [{ path: configuration.cache, mode: cacheMode(facts) }],
    };
  },
  absent: {
    rules: [
      {
        code: 'FONTS_MISSING',
        levels: ['warning', 'note'],
        summary: 'The root has no fonts.',
        cause: 'fontconfig draws text with the fonts of the system, and has none of its own.',
        remedy: 'Install a package of fonts in the root; elfdeps copy adds what it needs of it.',
      },
    ],
    check(facts) {
      const evidence = fontconfigIn(facts);
      const java = evidence === undefined ? javaLibrary(facts) : undefined;
      const path = java ?? evidence?.object.path;
      if (path === undefined) return [];
      const configuration = readFontConfiguration(facts.files);
      if (preferredFonts(facts.files, configuration).length > 0) return [];
      const by = evidence === undefined ? `${path} opens ${SONAME}` : evidenceText(evidence);
      return [
        {
          code: 'FONTS_MISSING',
          // Few programs of Java draw text, and all have the library.
          severity: java === undefined ? 'warning' : 'note',
          path,
          message: `${by}, and ${noFonts(facts, configuration, java && 'no text can be drawn')}`,
          seen: java && 'Fontconfig head is null, check your fonts or fonts configuration',
          remedy: `install ${packageOf(facts)} in the root`,
        },
      ];
    },
  },
});

/** What makes a text of a program a pattern of fontconfig: `Liberation Sans:style=Regular`. */
const PROPERTIES = [':style=', ':size=', ':pixelsize='];

function familiesNamed(facts: ProgramFacts): string[] {
  const { program } = facts;
  if (program === undefined) return [];
  return PROPERTIES.flatMap((property) => facts.findTexts(program, property)).flatMap(
    (text) => /^([A-Za-z][\w ]{1,63}):\w+=/.exec(text)?.[1] ?? [],
  );
}

interface Fontconfig extends Evidence {
  /** The object opens the library itself. */
  readonly opens: boolean;
}

/** What has fontconfig in it; undefined where nothing has. */
function fontconfigIn(facts: ProgramFacts): Fontconfig | undefined {
  const loaded = facts.loaded(/^libfontconfig\.so/);
  if (loaded !== undefined) return { object: loaded, text: 'is loaded', opens: false };
  const objects = [...(facts.program === undefined ? [] : [facts.program]), ...facts.libraries];
  for (const object of objects) {
    if (!opensByName(facts, object)) continue;
    return { object, text: `opens ${SONAME}`, opens: true };
  }
  const builtIn = objects.find((object) => hasBuiltIn(facts, object));
  return builtIn && { object: builtIn, text: 'has fontconfig in it', opens: false };
}

/** A library of the home of Java that opens fontconfig. Source: OpenJDK java.desktop, fontpath.c. */
function javaLibrary(facts: ProgramFacts): string | undefined {
  const directory = directoryOf(javaHome(facts)?.landmark ?? '/');
  return facts
    .namesIn(directory)
    .filter((name) => /^libawt_\w+\.so$/.test(name))
    .map((name) => `${directory}/${name}`)
    .find((path) => {
      const library = facts.fileAt(path);
      return library !== undefined && facts.textsAmong(library, [SONAME]).size > 0;
    });
}

function opensByName(facts: ProgramFacts, object: LoadedObject): boolean {
  if (facts.findImportOf(object, dlopenCalls) === undefined) return false;
  // Asked for in these words by another need, so that the data is searched once.
  const name = facts.findText(object, '.so', (text) => text === SONAME);
  return name !== undefined && facts.finds(SONAME, object);
}

function hasBuiltIn(facts: ProgramFacts, object: LoadedObject): boolean {
  if (facts.closure.linkage === 'dynamic' && facts.findImportOf(object, LOCKING) === undefined)
    return false;
  return facts.findText(object, BUILT_IN) !== undefined;
}

/** A directory that the user of the image can write: of root its own, of others everyone's. */
function cacheMode({ options }: ProgramFacts): number {
  return /^(?:root|0)?(?::|$)/.test(options.user ?? '') ? OWN_CACHE_MODE : SHARED_CACHE_MODE;
}

function noFonts(
  facts: ProgramFacts,
  { directories }: FontConfiguration,
  effect = 'text stays blank',
): string {
  return `the root has no fonts in ${directories.join(' or ')}: ${effect} (install ${packageOf(facts)} there)`;
}

function packageOf({ packages }: ProgramFacts): string {
  return PACKAGES[packages?.kind ?? ''] ?? 'a package of fonts, such as DejaVu';
}
