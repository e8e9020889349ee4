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
/** Bytes that a loader has at most, and the begin of its note: sizes, type 3, `GNU`. */
const MOST_BYTES = 1 << 22;
const NOTE = Buffer.from('040000001400000003000000474e5500', 'hex');

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
    const id = buildId(facts, path);
    return id === undefined
      ? []
      : facts.existing(`${DIRECTORY}/${id.slice(0, 2)}/${id.slice(2)}.debug`);
  });
}

/** Hexadecimal; undefined where the file has none. */
function buildId({ files }: ProgramFacts, path: string): string | undefined {
  const bytes = files.readBytes(path, MOST_BYTES);
  if (bytes === undefined) return undefined;
  const at = Buffer.from(bytes).indexOf(NOTE);
  const start = at + NOTE.length;
  return at < 0 ? undefined : Buffer.from(bytes.subarray(start, start + 20)).toString('hex');
}
