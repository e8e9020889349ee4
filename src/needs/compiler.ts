/**
 * What compilers start and read. A driver of GCC starts the passes in its own directory, an assembler and a
 * linker; a compiler reads headers in /usr/include, and its linker start files and archives: of packages that
 * the compiler's own ones depend on or recommend. Static libraries beside shared ones are left out.
 * Sources: GCC manual, "Environment Variables" (GCC_EXEC_PREFIX); ld(1), -l.
 */

import { listed } from '../errors.js';
import type { Package, PackageDatabase } from '../packages/package.js';
import { baseName } from '../root/path-text.js';
import { isExecutableFile } from './executable-file.js';
import { filesBelow } from './files-below.js';
import { execCalls, startCalls } from './libc-functions.js';
import { bears, stemsOf } from './name-stems.js';
import { defineNeed } from './need.js';
import type { ProgramFacts } from './program-facts.js';
import { areOfOneSource, ofSameSource } from './related-packages.js';
import { commandOf } from './script-commands.js';

const HEADERS = '/usr/include';
/** Bytes of a library that is linked with only where a program asks for it, such as those of sanitizers. */
const MOST_LIBRARY = 1 << 20;
/** Bytes of an archive. */
const MOST_ARCHIVE = 1 << 22;

export const compiler = defineNeed({
  kind: 'compiler',
  summary: 'what a compiler starts and reads: its passes, assembler, linker and headers',
  documentation: {
    evidence:
      'the directory of the passes of GCC (`/usr/lib/gcc`) in the data of a program that starts others; `/usr/include` in the data of a program, or of a library of its source, whose package, or one of the same source, depends on or recommends packages with headers; options for a linker (`-Wl,`) in the data of a program that starts others, whose package depends on that of `cc`',
    added:
      'the passes of the packages that the driver needs but `lto1`, `as`, `ld` and their plug-ins; the linker or `cc` that its package depends on; headers, start files, and libraries to link with but large ones',
    confidence: ['sure'],
  },
  detect(facts) {
    const { program } = facts;
    const places = program === undefined ? [] : facts.files.texts.paths(program).filter(isOfPasses);
    const isDriver = places.length > 0 && facts.findOwnImport(execCalls) !== undefined;
    const readers = facts.outsideOfLibc.filter((object) =>
      facts.files.texts.paths(object).includes(HEADERS),
    );
    // Packages are asked about compilers alone.
    if (program === undefined || !(isDriver || readers.length > 0 || startsCompiler(facts)))
      return undefined;
    const { packages } = facts;
    const owner = packages?.ownerOf(program.realPath);
    if (packages === undefined || owner === undefined) return undefined;
    // A library of others may have a compiler in it that the program never asks for.
    const readsHeaders = readers.some(({ realPath }) =>
      areOfOneSource(packages, program.realPath, realPath),
    );
    const passes = isDriver ? passesOf(facts, places, packages, owner) : [];
    const linkers = neededLinkers(facts, packages, owner, readsHeaders ? 'ld' : 'cc');
    const isCompiler = readsHeaders || linkers.length > 0;
    const files = [...passes, ...(isCompiler ? headersOf(facts, packages, owner) : [])];
    const [first] = files;
    if (first === undefined) return undefined;
    const starts = passes.filter((path) => isExecutableFile(facts, path));
    const tools = starts.length === 0 ? linkers : ['as', 'ld'];
    return {
      because: `${program.path} is a compiler that needs ${listed(files, 'and', 1)}`,
      files,
      starts: [...starts, ...tools.flatMap((name) => commandOf(facts, name) ?? [])],
    };
  },
});

/** Whether a program may give options to a compiler that links for it: `-Wl,-z,relro`. */
function startsCompiler(facts: ProgramFacts): boolean {
  const { closure, outsideOfLibc } = facts;
  if (facts.findImport(startCalls) === undefined) return false;
  if (commandOf(facts, 'cc') === undefined) return false;
  const stems = stemsOf(closure.program.realPath);
  return outsideOfLibc.some(
    (object) =>
      (object.role === 'program' || bears(baseName(object.realPath).replace(/^lib/, ''), stems)) &&
      facts.findText(object, '-Wl,') !== undefined,
  );
}

/** A linker that the package depends on; none for a compiler that links by itself. */
function neededLinkers(
  facts: ProgramFacts,
  packages: PackageDatabase,
  owner: Package,
  name: string,
): string[] {
  const path = commandOf(facts, name);
  if (path === undefined) return [];
  const { files } = facts;
  const gcc = commandOf(facts, 'gcc');
  // Packages have the links on the way: that of GCC has gcc, which cc leads to.
  const isGcc = gcc !== undefined && files.realPathOf(path) === files.realPathOf(gcc);
  const its = packages.ownerOf(isGcc ? gcc : path);
  return its && packages.dependenciesOf(owner).includes(its) ? [name] : [];
}

/** `/usr/lib/gcc`, `/usr/libexec/gcc` */
function isOfPasses(path: string): boolean {
  return /^\/usr\/.*\/gcc$/.test(path);
}

/** Programs and plug-ins in directories of GCC that the driver's own package or one that it needs has. */
function passesOf(
  facts: ProgramFacts,
  places: readonly string[],
  packages: PackageDatabase,
  owner: Package,
): string[] {
  const known = new Set<Package | undefined>([owner, ...packages.dependenciesOf(owner)]);
  return (
    [...new Set(places)]
      .flatMap((path) => filesBelow(facts.files, path).map((file) => file.path as string))
      .filter((path) =>
        path.endsWith('.so')
          ? packages.ownerOf(path) === owner
          : isExecutableFile(facts, path) && known.has(packages.ownerOf(path)),
      )
      // For -flto alone, and as large as the compiler.
      .filter((path) => baseName(path) !== 'lto1')
  );
}

/** Files of packages with headers. */
function headersOf(facts: ProgramFacts, packages: PackageDatabase, owner: Package): string[] {
  const isWithHeaders = (each: Package) =>
    packages.filesOf(each).some((path) => path.includes('/include/') || path.endsWith('.rlib'));
  const own = ofSameSource(packages, owner);
  const found = new Set(
    own
      .flatMap((each) => [each, ...packages.dependenciesOf(each), ...packages.suggestionsOf(each)])
      .filter(isWithHeaders),
  );
  for (const each of found)
    for (const needed of packages.dependenciesOf(each))
      if (isWithHeaders(needed)) found.add(needed);
  const all = new Set([...found].flatMap((each) => packages.filesOf(each)));
  const files = [...all].filter((path) => isForCompiler(facts, path, all));
  return [...new Set([...files, ...files.flatMap((path) => librariesOf(facts, path))])];
}

/** Libraries that a script of the linker names: `GROUP ( libgcc_s.so.1 -lgcc )`. */
function librariesOf(facts: ProgramFacts, path: string): string[] {
  const { program } = facts;
  if (program === undefined || !path.endsWith('.so')) return [];
  const text = facts.fileAt(path) === undefined ? (facts.readText(path) ?? '') : '';
  return [...text.matchAll(/(?<![\w+.-])lib[\w+.-]+\.so[.\d]*/g)].flatMap(
    ([name]) => facts.pathOf(name, program) ?? [],
  );
}

/** Whether a compiler or its linker reads a file. */
function isForCompiler(facts: ProgramFacts, path: string, all: ReadonlySet<string>): boolean {
  const file = facts.files.resolve(path);
  if (!file.found || file.entry.kind !== 'file' || path.includes('/plugin/')) return false;
  const { size } = file.entry;
  if (path.endsWith('.a')) return size <= MOST_ARCHIVE && !all.has(path.replace(/a$/, 'so'));
  if (path.endsWith('.so')) return size <= MOST_LIBRARY;
  return path.includes('/include/') || /\.(?:o|spec|rlib)$/.test(baseName(path));
}
