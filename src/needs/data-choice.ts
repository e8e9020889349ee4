/**
 * Which of the files that a program names go into an image unasked: what is small beside the program
 * and its libraries. What is large, by itself or by the libraries that it needs, is left to the user.
 */
import { madeOncePerPath } from '../files/made-once-per-path.js';
import type { LoadedObject } from '../loader/loader.js';
import { compareBytes } from '../root/byte-order.js';
import { baseName } from '../root/path-text.js';
import { LibraryCosts } from './library-costs.js';
import { stemsOf, stemsOfEither } from './name-stems.js';
import { namedFiles } from './named-files.js';
import { type NamedTree, namedTree, type TreeFile, wholePaths } from './named-tree.js';
import type { ProgramFacts } from './program-facts.js';

/** Paths of the root, in byte order; directories count with all below them. */
export interface DataChoice {
  readonly chosen: readonly string[];
  /** The others: as they are named, or large files below what is chosen. */
  readonly rest: readonly string[];
}

/** Bytes that a program's data may have in any case. */
const ALWAYS = 4 << 20;
/** Bytes that the data of a script may have, which is beside the interpreter and its modules. */
const OF_SCRIPT = 32 << 20;
/** Bytes of a file that is named itself: the program means this file, and no part of a directory. */
const MOST_FILE = 64 << 20;
/** How many times the size of the program and its libraries its data may have. */
const TIMES = 2;
/** The part of that from which on a single file is large. */
const LARGE = 1 / 8;

/** Bytes that the data may have that a library of so many bytes names. */
export function limitOfLibrary(bytes: number): number {
  return Math.max(ALWAYS, bytes * TIMES_OF_LIBRARY);
}

/** At most one of so many files may be a large program where the others are taken without it. */
const FEW = 8;

/** How many times its size a library's own data may have that only the package database connects with it. */
const TIMES_OF_LIBRARY = 16;

/** More files than these that a program names in a directory are a list of what there may be. */
export const MOST_NAMED = 4;

/**
 * The few files of a directory that a loaded object names too, by a text or by two that it puts together
 * (`tool` and `amd64-linux`) or that have its name, and that are no larger than a single file may be.
 */
function namedInside(facts: ProgramFacts, { path, files }: NamedTree): readonly TreeFile[] {
  const all = wordsOfTree(facts.files, path);
  // What names the directory knows its files; others may have one of the names as a word.
  const by = namedFiles(facts).find((file) => file.path === path)?.by;
  const isNaming = (object: LoadedObject) => object.path === by;
  const others = facts.outsideOfLibc.filter((object) => !isNaming(object));
  for (const object of [...facts.outsideOfLibc.filter(isNaming), ...others]) {
    const texts = facts.wordsAmong(object, all);
    const inTexts = files.filter((file) =>
      partsOf(file).some((parts) => parts.every((part) => texts.has(part))),
    );
    // A data file with the object's name is its database. Code may put that name together: `proj.db` of libproj.
    const stems = stemsOfEither({ ...object, isProgram: object.role === 'program' });
    const isOwn = (file: TreeFile) =>
      isNaming(object) &&
      facts.fileAt(file.path) === undefined &&
      stems.includes(baseName(file.path).replace(/\..*/, ''));
    const named = files.filter(
      (file) => isOwn(file) || (inTexts.length <= MOST_NAMED && inTexts.includes(file)),
    );
    if (inTexts.length + named.length === 0) continue;
    const bytes = named.reduce((sum, { size }) => sum + size, 0);
    return named.length <= MOST_NAMED && bytes <= MOST_FILE ? named : [];
  }
  return [];
}

/** The name of a file, and each pair of texts that it may be put together of. */
function partsOf({ path }: TreeFile): string[][] {
  const name = baseName(path);
  const cuts = [...name.matchAll(/-/g)].map(({ index }) => index);
  return [[name], ...cuts.map((at) => [name.slice(0, at), name.slice(at + 1)])];
}

const wordsOfTree = madeOncePerPath(
  (files, path): ReadonlySet<string> =>
    new Set(namedTree(files, path).files.flatMap(partsOf).flat()),
);

/** Bytes that a file or directory may have at most, and that libraries of its plug-ins are a part of. */
export interface DataLimits {
  readonly all: number;
  readonly libraries: number;
  /** The whole directory is taken, whatever its size. */
  readonly isWhole?: boolean;
}

/** Chooses among files and directories, none of which is below another. */
export function chooseData(
  facts: ProgramFacts,
  paths: readonly string[],
  limitsOf: (path: string) => DataLimits,
): DataChoice {
  const choice = new Choice(facts, limitsOf);
  const trees = paths.map((path) => namedTree(facts.files, path));
  for (const tree of trees.sort((a, b) => a.bytes - b.bytes)) choice.add(tree);
  const { chosen, rest } = choice;
  return { chosen: chosen.sort(compareBytes), rest: rest.sort(compareBytes) };
}

/** What was chosen so far, and the bytes that are left. */
class Choice {
  readonly chosen: string[] = [];
  readonly rest: string[] = [];
  readonly #facts: ProgramFacts;
  readonly #limitsOf: (path: string) => DataLimits;
  readonly #costs: LibraryCosts;
  readonly #most: number;
  #left: number;

  constructor(facts: ProgramFacts, limitsOf: (path: string) => DataLimits) {
    this.#facts = facts;
    this.#limitsOf = limitsOf;
    this.#costs = new LibraryCosts(facts);
    const isScript = facts.closure.program.kind === 'script';
    this.#most = Math.max(isScript ? OF_SCRIPT : ALWAYS, this.#costs.startBytes * TIMES);
    this.#left = this.#most;
  }

  add(tree: NamedTree): void {
    if (tree.isFile && tree.bytes <= MOST_FILE) this.#choose([tree.path], tree.files);
    else if (this.#limitsOf(tree.path).isWhole)
      this.#choose(wholePaths(tree, tree.files), tree.files);
    else if (!this.#takeWhole(tree)) this.#takePart(tree);
  }

  #choose(paths: readonly string[], files: readonly TreeFile[]): void {
    this.chosen.push(...paths);
    this.#costs.take(files);
  }

  #take(tree: NamedTree, files: readonly TreeFile[]): boolean {
    const limit = Math.min(this.#left, this.#limitsOf(tree.path).all);
    const bytes = this.#costs.bytesOf(files, limit);
    if (bytes > limit) return false;
    this.#left -= bytes;
    this.#choose(wholePaths(tree, files), files);
    return true;
  }

  /** All but the few plug-ins that bring large libraries for themselves. */
  #takeWhole(tree: NamedTree): boolean {
    const { files } = tree;
    const limit = Math.min(this.#most, this.#limitsOf(tree.path).libraries) * LARGE;
    const isSmall = tree.isFile || this.#costs.bytesOf(files, limit) <= limit;
    const costly = new Set(isSmall ? [] : this.#costs.costlyOf(files, limit));
    if (!this.#take(tree, costly.size === 0 ? files : files.filter((file) => !costly.has(file))))
      return false;
    this.rest.push(...[...costly].map(({ path }) => path));
    return true;
  }

  #takePart(tree: NamedTree): void {
    const named = namedInside(this.#facts, tree);
    if (named.length > 0)
      this.#choose(
        named.map(({ path }) => path),
        named,
      );
    const most = this.#most * LARGE;
    const others = tree.files.filter((file) => !named.includes(file));
    const large = others.filter((file) => this.#costs.bytesOf([file], most) > most);
    const isLarge = new Set(large);
    const small = others.filter((file) => !isLarge.has(file));
    const isPart = small.length > 0 && isUsefulInParts(this.#facts, tree, large);
    if ((isPart || named.length > 0) && this.#take(tree, small))
      this.rest.push(...large.map(({ path }) => path));
    else this.rest.push(...wholePaths(tree, others));
  }
}

/** Helper programs of which many are large are no use in parts, unless each is a command of its own: `app-show`. */
function isUsefulInParts(
  { closure }: ProgramFacts,
  { files }: NamedTree,
  large: readonly TreeFile[],
): boolean {
  const stems = stemsOf(closure.program.realPath).map((stem) => `${stem}-`);
  const isCommand = ({ path }: TreeFile) => stems.some((stem) => baseName(path).startsWith(stem));
  return (
    large.filter(({ isProgram }) => isProgram).length * FEW <= files.length ||
    files.every(isCommand)
  );
}
