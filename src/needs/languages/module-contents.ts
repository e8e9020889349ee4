/**
 * What is in the directories of an environment: extension modules, which the interpreter opens,
 * programs, which it starts, and what no program reads when it runs.
 */

import type { DlopenCall } from '../../closure/dlopen-call.js';
import { isLibraryName } from '../../elf/library-name.js';
import type { RootElf } from '../../files/root-elf.js';
import { baseName, directoryOf, rebased } from '../../root/path-text.js';
import { isExecutable } from '../../root/user.js';
import { type FileBelow, filesBelow } from '../files-below.js';
import { LibraryCosts } from '../library-costs.js';
import { namedTree } from '../named-tree.js';
import type { ProgramFacts } from '../program-facts.js';
import { areOfOneSource } from '../related-packages.js';

/** Of the directories of an environment. */
export interface ModuleContents {
  readonly opens: readonly DlopenCall[];
  readonly starts: readonly string[];
  /** Real paths that an image leaves out. */
  readonly except: readonly string[];
  /** Extension modules of a standard library that need large libraries, which an image leaves out too. */
  readonly costly: readonly DlopenCall[];
}

/** Bytes of libraries that a module of a standard library may need beside those that are loaded. */
const MOST_LIBRARIES = 1 << 24;

/** Directories for those who develop or read: none of them is a module of a standard library. */
const DEVELOPMENT_DIRECTORY = /^(?:tests?|idle_test|idlelib|turtledemo|include|CORE|man|doc)$/;
/** These stand in a standard library and are decided about on their own. */
const INSTALLED_DIRECTORY = /^(?:(?:site|dist)-packages|(?:site|vendor)_(?:perl|ruby))$/;
const DEVELOPMENT_FILE = /\.(?:a|h|hpp|o|pod|exe|dSYM)$/;
/** Unit tests of modules: a directory of this name with files of the other. */
const TESTS = 'tests';
const PACKAGES = /\/(?:site|dist)-packages\//;
const TEST_FILE = /^test_.*\.py$|(?:^|_)testcase\.py$/;
/** Scripts that may be started, and are no ELF file. */
const TEXT = /\.(?:py|rb|p[lm]|[cm]?js|sh|lua|tcl|t|R)$/;

/**
 * Looks through `standard` directories, of which development files stay behind, and `own` ones, which
 * are complete but for the unit tests and manuals of packages.
 */
export function moduleContents(
  facts: ProgramFacts,
  trees: { readonly standard?: readonly string[]; readonly own?: readonly string[] },
): ModuleContents {
  const except = new Set<string>();
  const kept: KeptFile[] = [];
  const visit = (path: string, isLeftOut: (file: FileBelow) => boolean) => {
    // Own modules may be inside of the standard library, which leaves them out.
    const left = new Set<string>();
    const start = facts.files.resolve(path);
    if (!start.found) return;
    if (start.entry.kind === 'file') {
      kept.push({ path: start.path, name: baseName(path), entry: start.entry, shown: path });
      return;
    }
    for (const file of filesBelow(facts.files, path))
      if (left.has(directoryOf(file.path))) left.add(file.path);
      else if (isLeftOut(file)) {
        left.add(file.path);
        // What is below is left out with it.
        except.add(file.path);
      } else kept.push({ ...file, shown: rebased(file.path, start.path, path) });
  };
  for (const path of trees.standard ?? []) visit(path, isDevelopment);
  for (const path of trees.own ?? [])
    visit(path, (file) => isTests(facts, file) || isManual(facts, file));
  const { opens, starts } = loadable(facts, kept);
  const costs = new LibraryCosts(facts);
  const costly = opens.filter(({ name }) => {
    const isBelow = (tree: string) => name.startsWith(`${tree}/`) || name === tree;
    const isStandard = trees.standard?.some(isBelow) === true && !trees.own?.some(isBelow);
    if (!isStandard && !isOfInterpreter(facts, name)) return false;
    const { files } = namedTree(facts.files, name);
    return costs.bytesOf(files, MOST_LIBRARIES) > MOST_LIBRARIES;
  });
  for (const { name } of costly) {
    const file = facts.files.resolve(name);
    if (file.found) except.add(file.path);
  }
  return {
    opens: opens.filter((call) => !costly.includes(call)),
    starts,
    except: [...except],
    costly,
  };
}

/** Whether a file is documentation that came with a package. */
function isManual({ packages }: ProgramFacts, { path, name }: FileBelow): boolean {
  return name.endsWith('.pod') && packages?.ownerOf(path) !== undefined;
}

/** Whether a module comes from the same source package as the interpreter. */
function isOfInterpreter({ packages, closure }: ProgramFacts, path: string): boolean {
  return areOfOneSource(packages, closure.program.realPath, path);
}

interface KeptFile extends FileBelow {
  /** As the interpreter leads to it. */
  readonly shown: string;
}

/** A link for linkers beside the makefile of Python: `config-3.11-x86_64-linux-gnu/libpython3.11.so`. */
const LINKER_NAME = /\/config-\d[^/]*\/lib\w[\w.-]*\.so$/;

function isDevelopment({ path, name, entry }: FileBelow): boolean {
  if (entry.kind === 'directory')
    return DEVELOPMENT_DIRECTORY.test(name) || INSTALLED_DIRECTORY.test(name);
  return DEVELOPMENT_FILE.test(name) || LINKER_NAME.test(path);
}

function isTests({ files }: ProgramFacts, { path, name, entry }: FileBelow): boolean {
  return (
    entry.kind === 'directory' &&
    name === TESTS &&
    PACKAGES.test(path) &&
    files.namesIn(path).some((each) => TEST_FILE.test(each))
  );
}

/** ELF files for the program's own machine and C library; others are for other systems. */
function loadable(
  facts: ProgramFacts,
  found: readonly KeptFile[],
): Pick<ModuleContents, 'opens' | 'starts'> {
  const opens: DlopenCall[] = [];
  const starts: string[] = [];
  const places = new Set<string>(found.map(({ path }) => path));
  for (const candidate of found) {
    const { path, shown } = candidate;
    if (!isCode(candidate) || path === facts.program?.realPath) continue;
    const place = facts.files.resolve(path);
    // What a link beside it leads to is opened by its own name.
    if (!place.found || (place.path !== path && places.has(place.path))) continue;
    const file = facts.fileAt(place.path);
    if (file === undefined || !isForProgram(facts, file)) continue;
    if (file.elf.kind === 'shared-library') opens.push({ name: shown, from: facts.program?.path });
    else if (isStartable(facts, file)) starts.push(shown);
  }
  return { opens, starts };
}

/** A library or a link to one by its name, or an executable file that is not named like a script. */
function isCode({ name, entry }: FileBelow): boolean {
  if (entry.kind === 'symlink') return isLibraryName(name);
  if (entry.kind !== 'file') return false;
  return isLibraryName(name) || (isExecutable({ entry }) && !TEXT.test(name));
}

function isForProgram({ program, closure }: ProgramFacts, { elf }: RootElf): boolean {
  const { header } = program?.elf ?? closure.program.elf ?? {};
  if (header === undefined || elf.header.machine !== header.machine) return false;
  if (elf.header.class !== header.class || elf.debugOnly === true) return false;
  // A module for another C library would bring that one in.
  const libc = (elf.dynamic?.needed ?? []).find((name) => /^libc\./.test(name));
  const names = closure.libraries.flatMap(({ name, object }) => [
    name,
    object?.elf.dynamic?.soname ?? name,
  ]);
  return libc === undefined || !names.some((name) => /^libc\./.test(name)) || names.includes(libc);
}

function isStartable({ files }: ProgramFacts, { elf }: RootElf): boolean {
  if (elf.kind !== 'executable') return false;
  return elf.interpreter === undefined || files.resolve(elf.interpreter).found;
}
