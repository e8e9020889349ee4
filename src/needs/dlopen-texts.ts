/**
 * Names of libraries in the data of an object that imports dlopen: what it may open, where they are
 * found as its dlopen would find them. Likely for the program itself; libraries name many that
 * no program opens.
 */

import type { DlopenCall } from '../closure/dlopen-call.js';
import { PROGRAM_DIRECTORIES } from '../files/path-search.js';
import type { Fact } from '../finding.js';
import type { LoadedObject } from '../loader/loader.js';
import { askedPackages } from '../packages/find-packages.js';
import { baseName, directoryOf } from '../root/path-text.js';
import { evidenceText } from './evidence.js';
import { isHostProvided } from './host-provided.js';
import { introspectedLibraries } from './introspection.js';
import { moduleTexts } from './languages/module-texts.js';
import { dlopenCalls, libraryCalls } from './libc-functions.js';
import { LibraryCosts } from './library-costs.js';
import { dlopenMissing, missingLibrary } from './missing-library.js';
import { namedTree } from './named-tree.js';
import { defineNeed, type FoundNeed } from './need.js';
import type { ProgramFacts } from './program-facts.js';
import { isRelated, relationOfModule } from './relation.js';

const NAME = /^(?:\/[\w./+-]*\/)?[\w+-][\w.+-]*\.so(?:\.\d+)*$/;
/** No program opens a loader, the C library that it has loaded, or the kernel's own object. */
const IN_PROCESS = /^(?:ld(?:x?\d+|-[\w.-]+)?|libc(?:\.musl[\w.-]*)?|linux-(?:gate|vdso\d*))\.so/;
/** More than these are no list of libraries any more. */
const MOST = 64;

export const dlopenTexts = defineNeed({
  kind: 'dlopen-texts',
  values: ['all'],
  summary: 'libraries whose names stand in what imports dlopen',
  documentation: {
    evidence:
      "names of libraries in the data of a program that imports `dlopen` (of its libraries: possible), without the loader and libc; sure where the name is a path of its own package, where a module of a script names a library of a package that its own depends on, a format (`liba.so.%s`, `liba-%s.so.0`) leads to one of a package that the object's own depends on, or the library is beside the program in a directory of its own",
    added: 'those that are found as its dlopen would find them',
    confidence: ['sure', 'likely', 'possible'],
  },
  detect(facts) {
    const { program } = facts;
    const needs: FoundNeed[] = [];
    const own = program && ownLibraries(facts, program);
    if (own !== undefined) needs.push(own);
    const taken = new Set(own?.opens?.map(({ name }) => name));
    const modules = program && ofModules(facts, program);
    if (modules !== undefined) needs.push(modules);
    if (program !== undefined) needs.push(...ofTypelibs(facts, program));
    const completed = ofPackages(facts);
    if (completed !== undefined) needs.push(completed);
    const costs = new LibraryCosts(facts);
    const isMuch = (name: string, object: LoadedObject) => {
      const path = facts.pathOf(name, object);
      return path !== undefined && costs.needMuch(namedTree(facts.files, path).files);
    };
    const named =
      program && needOf(facts, [program], (name) => !taken.has(name) && !isMuch(name, program));
    if (named !== undefined) needs.push({ ...named, confidence: 'likely' });
    const large =
      program && needOf(facts, [program], (name) => !taken.has(name) && isMuch(name, program));
    const theirs = named === undefined ? (large ?? needOf(facts, facts.libraries)) : large;
    if (theirs !== undefined) needs.push({ ...theirs, confidence: 'possible' });
    return needs;
  },
  absent: { rules: [dlopenMissing], check: missingNames },
});

/** Libraries of the program's own, by their paths, or by their names where they are beside it. */
function ownLibraries(facts: ProgramFacts, program: LoadedObject): FoundNeed | undefined {
  const call = facts.findImportOf(program, dlopenCalls);
  const directory = directoryOf(program.realPath);
  const isCommon = PROGRAM_DIRECTORIES.includes(directory);
  const names = namesIn(facts, program)
    .filter((name) => (name.startsWith('/') ? isRelated(facts, name) : !isCommon))
    .map((name) => (name.startsWith('/') ? name : `${directory}/${name}`))
    .filter((path) => facts.finds(path, program) && !facts.isOpen(path, program));
  const [first] = names;
  if (call === undefined || first === undefined) return undefined;
  const opens = names.map((name) => ({ name, from: program.path }));
  return { because: `${evidenceText(call)}, and names ${first}`, opens };
}

/** Libraries that modules of a script open by their sonames, of packages that theirs depend on. */
function ofModules(facts: ProgramFacts, program: LoadedObject): FoundNeed | undefined {
  const names = new Map<string, string>();
  for (const { module, libraries } of moduleTexts(facts)) {
    const found = libraries.flatMap((name) => {
      const path = isHostProvided(name) ? undefined : facts.pathOf(name, program);
      return path === undefined ? [] : [{ name, path }];
    });
    // A module that opens what its package depends on names what that depends on, too.
    if (found.some(({ path }) => relationOfModule(facts.files, module, path)))
      for (const { name } of found) if (!names.has(name)) names.set(name, module);
  }
  const [first] = names;
  if (first === undefined) return undefined;
  const opens = [...names.keys()].map((name) => ({ name, from: program.path }));
  return { because: `${first[1]} names ${first[0]}`, opens };
}

/** `libicuuc.so.%s`: the object tries one release after the other; `libdriver-%s.so.0`: a user names the driver. */
const FORMAT =
  /^(?:.*\/)?(lib[\w+-]+\.so\.|lib[\w+-]+[-_](?=%[a-z]+\.so))%[a-z]+((?:\.so[.\d]*)?)$/;

/** What stands before and behind the open part of such a name. */
interface Format {
  readonly start: string;
  readonly end: string;
}

/**
 * Libraries whose release a format leaves open, of packages that the object's own depends on, and those that
 * another library has in its own package.
 */
function ofPackages(facts: ProgramFacts): FoundNeed | undefined {
  const opens: DlopenCall[] = [];
  for (const object of facts.outsideOfLibc) {
    if (facts.findImportOf(object, libraryCalls) === undefined) continue;
    const texts = facts.findTexts(object, '.so');
    const formats = texts.flatMap((text) => {
      const [, start, end] = FORMAT.exec(text) ?? [];
      return start === undefined ? [] : { start, end: end ?? '' };
    });
    const names = object.role === 'program' ? [] : texts.filter((text) => OWN.test(text));
    const found = [...ofFormats(facts, object, formats), ...ofSamePackage(facts, object, names)]
      .filter((name) => !isHostProvided(name))
      .filter((name) => facts.finds(name, object) && !facts.isOpen(name, object));
    opens.push(...found.map((name) => ({ name, from: object.path })));
  }
  const [first] = opens;
  return first && { because: `${first.from} makes or has the name of ${first.name}`, opens };
}

function ofFormats(facts: ProgramFacts, { realPath }: LoadedObject, formats: readonly Format[]) {
  const owner = formats.length === 0 ? undefined : facts.packages?.ownerOf(realPath);
  if (owner === undefined) return [];
  return (facts.packages?.dependenciesOf(owner) ?? [])
    .flatMap((each) => facts.packages?.filesOf(each) ?? [])
    .map(baseName)
    .filter((name) =>
      formats.some(({ start, end }) => {
        const made = name.slice(start.length, name.length - end.length);
        return (
          name.startsWith(start) && name.endsWith(end) && /^(?:\d+|(?=.*[a-z])[\w-]+)$/.test(made)
        );
      }),
    );
}

/** Bytes of a library, with those that it needs, that another one has in its package. */
const MOST_OF_OWN = 4 << 20;
/** A name alone, which the directories of the system have. */
const OWN = /^lib[\w+.-]+\.so(?:\.\d+)*$/;

function ofSamePackage(facts: ProgramFacts, object: LoadedObject, names: readonly string[]) {
  // Only other questions read the package database, which is large.
  const packages = names.length === 0 ? undefined : askedPackages(facts.files)?.database;
  const owner = packages?.ownerOf(object.realPath);
  if (packages === undefined || owner === undefined) return [];
  const costs = new LibraryCosts(facts);
  return names.filter((name) => {
    const path = facts.pathOf(name, object);
    if (path === undefined || packages.ownerOf(path) !== owner) return false;
    // What is large is for the hardware of some.
    return costs.bytesOf(namedTree(facts.files, path).files, MOST_OF_OWN) <= MOST_OF_OWN;
  });
}

/** Bytes of libraries that typelibs may bring in any case. */
const MOST_OF_TYPELIBS = 1 << 24;

/** Libraries that typelibs name: those that cost little beside the program are sure. */
function ofTypelibs(facts: ProgramFacts, program: LoadedObject): FoundNeed[] {
  const costs = new LibraryCosts(facts);
  let left = Math.max(MOST_OF_TYPELIBS, costs.startBytes);
  const small: string[] = [];
  const large: string[] = [];
  for (const name of introspectedLibraries(facts)) {
    const path = facts.pathOf(name, program);
    if (path === undefined || isHostProvided(name)) continue;
    const { files } = namedTree(facts.files, path);
    const bytes = costs.bytesOf(files, left);
    (bytes <= left ? small : large).push(name);
    if (bytes > left) continue;
    left -= bytes;
    costs.take(files);
  }
  const need = (names: readonly string[], confidence: 'sure' | 'likely'): FoundNeed[] =>
    names[0] === undefined
      ? []
      : [
          {
            because: `a typelib names ${names[0]}`,
            confidence,
            opens: names.map((name) => ({ name, from: program.path })),
          },
        ];
  return [...need(small, 'sure'), ...need(large, 'likely')];
}

/** What is found of the names in objects; undefined where nothing is. */
function needOf(
  facts: ProgramFacts,
  objects: readonly LoadedObject[],
  accepts: (name: string) => boolean = () => true,
): FoundNeed | undefined {
  const because: string[] = [];
  const opens: DlopenCall[] = [];
  for (const object of objects) {
    const call = facts.findImportOf(object, dlopenCalls);
    const names = namesIn(facts, object)
      .filter((name) => !isHostProvided(baseName(name)))
      .filter((name) => facts.finds(name, object) && !facts.isOpen(name, object))
      .filter(accepts);
    if (call === undefined || names.length === 0) continue;
    const more = names.length > 3 ? `, and ${names.length - 3} more` : '';
    because.push(`${evidenceText(call)}, and names ${names.slice(0, 3).join(', ')}${more}`);
    opens.push(...names.map((name) => ({ name, from: object.path })));
  }
  return because[0] === undefined ? undefined : { because: because[0], opens };
}

/**
 * Such names in the program itself, found or not, without those that are needed anyway; none where it
 * has no dlopen.
 */
export function dlopenNames(facts: ProgramFacts): string[] {
  return facts.program === undefined ? [] : namesIn(facts, facts.program);
}

function namesIn(facts: ProgramFacts, object: LoadedObject): string[] {
  const { closure } = facts;
  // Every static program of glibc has dlopen, for the modules of libc itself.
  if (closure.linkage !== 'dynamic' || facts.findImportOf(object, dlopenCalls) === undefined)
    return [];
  const names = new Set<string>();
  facts.findText(object, '.so', (text) => NAME.test(text) && names.add(text).size >= MOST);
  const needed = new Set([
    ...closure.libraries.map(({ name }) => name),
    ...closure.objects.flatMap(({ path, elf }) => [path, elf.dynamic?.soname ?? path]),
  ]);
  return [...names].filter((name) => !needed.has(name) && !IN_PROCESS.test(baseName(name)));
}

/** A path, or the soname of a release: what a program that opens it cannot mean otherwise. */
const WHOLE_NAME = /^\/|\.so\.\d/;
/** May be a file of a directory of plug-ins, of development, or of a test. Others are no library. */
const LIBRARY = /^lib/;

/**
 * Names in the program's data that its dlopen would not find. Those of one library (`liba.so.1` and
 * `liba.so`) are alternatives. Most of what a program does not find it can do without, so this is
 * never more than a warning.
 */
function missingNames(facts: ProgramFacts): Fact<'DLOPEN_MISSING'>[] {
  const { program } = facts;
  const call = facts.findOwnImport(dlopenCalls);
  if (program === undefined || call === undefined) return [];
  const noted = new Set(program.elf.dlopenNotes.flatMap(({ sonames }) => sonames));
  return namesByLibrary(facts)
    .filter((names) => names.some((name) => WHOLE_NAME.test(name) || LIBRARY.test(name)))
    .filter((names) => !names.some((name) => noted.has(name) || isHostProvided(baseName(name))))
    .filter((names) => !names.some((name) => facts.finds(name, program)))
    .map((names) =>
      missingLibrary({
        severity: names.some((name) => WHOLE_NAME.test(name)) ? 'warning' : 'note',
        path: program.path,
        names,
        message: `${program.path}: ${call.text} and names ${names.join(' or ')}, which is not in the root`,
        cause: 'what a program opens by dlopen stands in no DT_NEEDED, only in its data',
        remedy: `put ${names.join(' or ')} into the root, if the program cannot do without`,
      }),
    );
}

function namesByLibrary(facts: ProgramFacts): string[][] {
  const byLibrary = new Map<string, string[]>();
  for (const name of dlopenNames(facts)) {
    const library = baseName(name).replace(/\.so[.\d]*$/, '');
    byLibrary.set(library, [...(byLibrary.get(library) ?? []), name]);
  }
  return [...byLibrary.values()];
}
