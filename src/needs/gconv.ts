/**
 * Character sets that glibc converts by modules: all but ASCII, UTF-8 and UCS. The cache names the
 * modules; those of the usual sets are taken, the others (8 MB) on demand.
 * Source: glibc iconv/gconv_cache.c, iconv/gconv_conf.c.
 */

import { madeOncePerPath } from '../files/made-once-per-path.js';
import type { FindingRule } from '../finding.js';
import type { LoadedObject } from '../loader/loader.js';
import { evidenceText, type Import } from './evidence.js';
import { conversionCalls } from './libc-functions.js';
import { missingFiles } from './missing-files.js';
import { libraryStems, stemsOf } from './name-stems.js';
import { defineNeed, type FoundNeed } from './need.js';
import type { ProgramFacts } from './program-facts.js';

const USUAL = /^(?:ISO8859-1|ISO8859-15|CP1252|UTF-16|UTF-32|UNICODE)\.so$/;

const ABSENT = {
  evidence: (facts: ProgramFacts) => facts.findImport(conversionCalls),
  seen: 'iconv_open: Invalid argument',
  cause: 'glibc itself converts only between ASCII, UTF-8 and the UCS forms',
  remedy: 'put the gconv directory of the same glibc into the root',
} as const;

const NONE = missingFiles({
  rule: {
    code: 'GCONV_MISSING',
    levels: ['note'],
    summary: 'The root has no modules to convert between character sets.',
    cause: 'The C library itself converts only between ASCII, UTF-8 and the UCS forms.',
    remedy:
      'Put the gconv directory of the same glibc into the root; elfdeps copy --with gconv adds it.',
  },
  ...ABSENT,
  paths: (facts) => inDirectory(facts, (directory) => [directory]),
  what: 'no gconv modules',
});
const [RULE] = NONE.rules as readonly [FindingRule<'GCONV_MISSING'>];
/** Without it glibc finds no module. */
const NO_LIST = missingFiles({
  rule: RULE,
  ...ABSENT,
  paths: (facts) => inDirectory(facts, (directory) => Object.values(listsIn(directory))),
  what: 'no list of its gconv modules (gconv-modules.cache)',
});
const INCOMPLETE = missingFiles({
  rule: RULE,
  ...ABSENT,
  paths(facts) {
    const missing = missingModule(facts);
    return missing === undefined ? undefined : [missing];
  },
  what: (facts) => `no ${missingModule(facts)}, which its list of gconv modules has`,
});

export const gconv = defineNeed({
  kind: 'gconv',
  summary: 'character sets for iconv: Latin-1, Latin-9, CP1252, UTF-16, UTF-32',
  documentation: {
    evidence: 'an import of `iconv_open` in the program (in a library: likely)',
    added: 'the cache of modules, and those for Latin-1, Latin-9, CP1252, UTF-16 and UTF-32',
    confidence: ['sure', 'likely'],
  },
  detect: (facts) => detect(facts, isUsualModule, 'sure'),
  absent: {
    rules: NONE.rules,
    check: (facts: ProgramFacts) =>
      [NONE, NO_LIST, INCOMPLETE].flatMap(({ check }) => check(facts)).slice(0, 1),
  },
});

export const gconvAll = defineNeed({
  kind: 'gconv-all',
  summary: 'every character set for iconv',
  documentation: {
    evidence: 'an import of `iconv_open`',
    added: 'every module of iconv',
    confidence: ['possible'],
  },
  detect: (facts) => detect(facts, (name) => name.endsWith('.so'), 'possible'),
});

function detect(
  facts: ProgramFacts,
  accept: (module: string) => boolean,
  confidence: 'sure' | 'possible',
): FoundNeed | undefined {
  const own = facts.findOwnImport(conversionCalls) ?? ofOwnLibrary(facts);
  const found = own ?? facts.findImport(conversionCalls);
  const { libc } = facts;
  if (found === undefined || libc === undefined || !facts.libcHas('character-sets'))
    return undefined;
  const directory = gconvDirectory(facts, libc);
  if (directory === undefined) return undefined;
  const { cache, text, texts } = listsIn(directory);
  const modules = facts.namesIn(directory).filter(accept);
  if (modules.length === 0) return undefined;
  // The texts are read only where there is no cache.
  const configuration = facts.files.resolve(cache).found ? [cache] : [text, texts];
  return {
    because: evidenceText(found),
    // A library that converts may never be asked to.
    confidence: own === undefined && confidence === 'sure' ? 'likely' : confidence,
    files: configuration.flatMap((path) => facts.existing(path)),
    opens: modules.map((name) => ({ name: `${directory}/${name}`, from: libc.path })),
  };
}

/** An import of the library that is the program but for its name: libguile of guile. */
function ofOwnLibrary(facts: ProgramFacts): Import | undefined {
  const stems = stemsOf(facts.closure.program.realPath);
  const library = facts.libraries.find(({ realPath }) =>
    libraryStems(realPath).some((stem) => stems.includes(stem)),
  );
  return library && facts.findImportOf(library, conversionCalls);
}

function inDirectory(facts: ProgramFacts, paths: (directory: string) => string[]) {
  const directory = facts.libc && gconvDirectory(facts, facts.libc);
  return directory === undefined ? undefined : paths(directory);
}

/** The cache of modules, and what it is made from, which glibc reads where there is no cache. */
function listsIn(directory: string) {
  const list = `${directory}/gconv-modules`;
  return { cache: `${list}.cache`, text: list, texts: `${list}.d` };
}

/** The first module of a usual set that glibc would open and that is not there. */
function missingModule(facts: ProgramFacts): string | undefined {
  return inDirectory(facts, (directory) =>
    listedModules(facts.files, directory)
      .filter(isUsualModule)
      .map((name) => `${directory}/${name}`)
      .filter((path) => facts.existing(path).length === 0),
  )?.[0];
}

/** Files that the lists of a directory name. */
const listedModules = madeOncePerPath((files, directory): readonly string[] => {
  const { cache, text, texts } = listsIn(directory);
  const cached = files.readText(cache);
  if (cached !== undefined) return cached.match(/(?<![\w-])[\w-]+\.so(?=\0)/g) ?? [];
  return [text, ...files.namesIn(texts).map((name) => `${texts}/${name}`)].flatMap((path) =>
    [...(files.readText(path) ?? '').matchAll(/^module\s+\S+\s+\S+\s+(\S+)/gm)].map(
      ([, name]) => `${name}.so`,
    ),
  );
});

/** Whether a module converts one of the usual sets. */
export function isUsualModule(name: string): boolean {
  return USUAL.test(name);
}

/** Where a libc looks for modules; the variable GCONV_PATH stands beside it. */
export function gconvDirectory(facts: ProgramFacts, libc: LoadedObject): string | undefined {
  const name = '/gconv/gconv-modules.cache';
  const cache = facts.findText(libc, name, (text) => text.startsWith('/'));
  return cache?.slice(0, cache.lastIndexOf('/'));
}
