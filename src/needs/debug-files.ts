/**
 * The symbols of the loader in a file of their own, for a program that cannot work without: Valgrind looks for
 * functions of the loader by their names. Its package depends on that with the symbols then.
 * Source: GDB manual, "Debugging Information in Separate Files" (build ID).
 */
import { baseName } from '../root/path-text.js';
import type { ProgramFacts } from './program-facts.js';
import { ofSameSource } from './related-packages.js';

const DIRECTORY = '/usr/lib/debug/.build-id';
const LOADER = /^ld[-.\w]*\.so(?:\.\d+)*$/;

/** Paths of those of the root; none of a program that names no such directory. */
export function debugFiles(facts: ProgramFacts): string[] {
  const { program, files, closure } = facts;
  if (program === undefined || !files.texts.paths(program).includes(DIRECTORY)) return [];
  const { packages } = facts;
  const owner = packages?.ownerOf(closure.program.realPath);
  if (packages === undefined || owner === undefined) return [];
  const symbols = packages
    .dependenciesOf(owner)
    .filter((each) => packages.filesOf(each).some((path) => path.startsWith(`${DIRECTORY}/`)));
  const loaders = symbols
    .flatMap((each) => ofSameSource(packages, each))
    .flatMap((each) => packages.filesOf(each))
    .filter((path) => LOADER.test(baseName(path)));
  return [...new Set(loaders)].flatMap((path) => {
    const id = facts.fileAt(path)?.elf.buildId;
    return id === undefined
      ? []
      : facts.existing(`${DIRECTORY}/${id.slice(0, 2)}/${id.slice(2)}.debug`);
  });
}
