/**
 * File arguments into programs in a root: each is taken apart (file-argument.ts), expanded into files
 * (expand-argument.ts), and its files get their places here. A bad argument is an error among others.
 */
import nodePath from 'node:path';
import { isLibraryName } from '../elf/library-name.js';
import { ElfdepsError, UsageError } from '../errors.js';
import type { RootFiles } from '../files/root-files.js';
import { directoryRoot } from '../root/directory-root.js';
import { memoryRoot } from '../root/memory-root.js';
import { overlayRoot, type Placement } from '../root/overlay-root.js';
import { resolvePath } from '../root/resolve-path.js';
import type { RealPath, Root } from '../root/root.js';
import { expandArgument, type NamedPath, type UnreadablePath } from './expand-argument.js';
import {
  type ArgumentPlaces,
  type FileArgument,
  parseFileArgument,
  placeOf,
  requireFileName,
  splitDestination,
} from './file-argument.js';
import { toRootPath } from './root-path.js';

/** What the file arguments of a command line stand for. */
export interface Inputs {
  /** The root, with files of this machine laid over it where the arguments ask for that. */
  readonly root: Root;
  /** Absolute paths in `root`. */
  readonly programs: readonly string[];
  /** What the user typed, by path. */
  readonly names: ReadonlyMap<string, string>;
  /** Where programs go in an image, by path. */
  readonly destinations: ReadonlyMap<string, string>;
  /** Programs that are not in the root: what the user typed, by their path in the root. */
  readonly contextFiles: ReadonlyMap<string, string>;
  /** Choices among several files, in words. */
  readonly notes: readonly string[];
  /** Arguments that name nothing. */
  readonly errors: readonly ElfdepsError[];
}

/**
 * Resolves the arguments against the root of `known`, which keeps what is read of it. Relative paths of this
 * machine start at `cwd`. A bare name that is not a file is looked up in the directories of `path`, which
 * colons separate.
 * `onFound` is called with each file that is found below a directory or by a pattern. Of `include`, the values
 * of --include, those that are `FILE:DEST` are laid over the root. Throws {@link UsageError} if FILE
 * is not a file.
 */
export function resolveInputs(
  known: RootFiles,
  files: readonly string[],
  cwd: string,
  path: string,
  onFound: (path: string) => void = () => {},
  more: Pick<ArgumentPlaces, 'findSoname' | 'input'> = {},
  include: readonly string[] = [],
): Inputs {
  const { root } = known;
  const machine = root.isHost ? root : directoryRoot('/');
  const collector = new InputCollector({ root, machine, cwd, path, ...more }, known, onFound);
  for (const file of files) collector.add(file);
  for (const text of include) collector.include(text);
  return collector.result();
}

/** Where the file on standard input goes unless its argument says so. */
const INPUT_PLACE = '/stdin';

class InputCollector {
  readonly #places: ArgumentPlaces;
  readonly #onFound: (path: string) => void;
  readonly #files: RootFiles;
  readonly #programs: string[] = [];
  readonly #names = new Map<string, string>();
  readonly #destinations = new Map<string, string>();
  readonly #contextFiles = new Map<string, string>();
  readonly #placements = new Map<string, Placement>();
  readonly #notes: string[] = [];
  readonly #errors: ElfdepsError[] = [];
  /** Names of files of this machine that are among the errors. */
  readonly #unreadableNames = new Set<string>();

  constructor(places: ArgumentPlaces, files: RootFiles, onFound: (path: string) => void) {
    this.#places = places;
    this.#onFound = onFound;
    this.#files = files;
  }

  add(text: string): void {
    const input = /^-(?::(\/.*))?$/.exec(text);
    if (input !== null) {
      this.#addInput(text, input[1] ?? INPUT_PLACE);
      return;
    }
    const argument = parseFileArgument(this.#places, text);
    const { file, shadowed } = argument;
    if (shadowed !== undefined)
      this.#notes.push(
        `${file} is ./${file} here, and not ${shadowed} (write the path of that one)`,
      );
    try {
      this.#addFiles(argument);
    } catch (error) {
      if (!(error instanceof ElfdepsError)) throw error;
      this.#errors.push(this.#withHint(error, argument));
    }
  }

  /** Lays the file of `FILE:DEST` over the root, so that it is found as it will be in the image. */
  include(text: string): void {
    const { root, machine, cwd } = this.#places;
    const isInRoot = root.isHost || text.startsWith('/');
    const base = isInRoot ? root : machine;
    const { file, destination } = splitDestination(base, text, cwd);
    if (destination === undefined) return;
    const source = resolvePath(base, toRootPath(file, cwd));
    if (!source.found || source.entry.kind !== 'file')
      throw new UsageError(
        `--include '${text}': ${file} ${source.found ? 'is not a file' : 'does not exist'}`,
        { hint: 'FILE of FILE:DEST is one file' },
      );
    const path = placeOf({ file, destination, inRoot: isInRoot }, file, true) ?? destination;
    this.#placements.set(path, { path, root: base, source: source.path });
    if (!isInRoot) this.#contextFiles.set(path, file);
  }

  result(): Inputs {
    const root = overlayRoot(this.#places.root, [...this.#placements.values()]);
    // The links of the root may lead a file that is laid over it to another path.
    for (const [path, name] of [...this.#contextFiles]) {
      const file = resolvePath(root, path);
      if (file.found) this.#contextFiles.set(file.path, name);
    }
    return {
      root,
      programs: this.#programs,
      names: this.#names,
      destinations: this.#destinations,
      contextFiles: this.#contextFiles,
      notes: this.#notes,
      errors: this.#errors,
    };
  }

  #addFiles(argument: FileArgument): void {
    const { root, machine, cwd } = this.#places;
    const { file, inRoot } = argument;
    const base = inRoot ? root : machine;
    requireFileName(base, file, cwd);
    const expanded = expandArgument(base, file, cwd, this.#files, this.#onFound);
    for (const unreadable of expanded.unreadable) this.#addUnreadable(unreadable, inRoot);
    for (const found of expanded.found) {
      const place = placeOf(argument, found.name, expanded.isOneFile);
      if (inRoot) this.#addProgram(found, place);
      else this.#addMachineFile(found, place);
    }
  }

  /** The file on standard input, at its place. */
  #addInput(name: string, place: string): void {
    const bytes = this.#places.input;
    if (bytes === undefined)
      throw new UsageError('standard input is not read here', { path: name });
    const file = nodePath.posix.normalize(
      place.endsWith('/') ? `${place}${nodePath.posix.basename(INPUT_PLACE)}` : place,
    );
    if (this.#placements.has(file))
      throw new UsageError(`${file} is taken already`, { path: name });
    const root = memoryRoot({ [INPUT_PLACE]: { bytes, mode: 0o755 } });
    this.#placements.set(file, { path: file, root, source: INPUT_PLACE as RealPath });
    this.#contextFiles.set(file, '-');
    this.#addProgram({ path: file, name: '-' }, undefined);
  }

  /** A file that is named twice is one error. */
  #addUnreadable({ path, name, error }: UnreadablePath, inRoot: boolean): void {
    if (inRoot ? this.#names.has(path) : this.#unreadableNames.has(name)) return;
    if (inRoot) this.#names.set(path, name);
    else this.#unreadableNames.add(name);
    this.#errors.push(inRoot ? error : new ElfdepsError(error.code, error.fact, { path: name }));
  }

  #addProgram({ path, name }: NamedPath, destination: string | undefined): void {
    const other = this.#destinations.get(path);
    if (destination !== undefined && other !== undefined && destination !== other)
      throw new UsageError(`named twice, for ${other} and for ${destination}`, { path: name });
    if (destination !== undefined) this.#moveTo(path, destination);
    if (this.#names.has(path)) return;
    this.#programs.push(path);
    this.#names.set(path, name);
  }

  /** A library is found at its place in the image, as are those that a program looks for there. */
  #moveTo(path: string, destination: string): void {
    const { root } = this.#places;
    this.#destinations.set(path, destination);
    const source = resolvePath(root, path);
    if (source.found && source.path !== destination && isLibraryName(destination))
      this.#placements.set(destination, { path: destination, root, source: source.path });
  }

  /** Lays a file of this machine over the root: at its place, or at `/` and its base name. */
  #addMachineFile({ path, name }: NamedPath, place: string | undefined): void {
    const { machine } = this.#places;
    const target = place ?? `/${nodePath.posix.basename(name)}`;
    const source = resolvePath(machine, path);
    if (!source.found)
      throw new ElfdepsError('FILE_NOT_FOUND', 'no such file or directory', { path: name });
    const other = this.#placements.get(target);
    if (other !== undefined && other.source !== source.path)
      throw new UsageError(`${this.#names.get(target)} is at ${target} already`, {
        path: name,
        hint: 'FILE:DEST puts a file at another place',
      });
    this.#placements.set(target, { path: target, root: machine, source: source.path });
    this.#contextFiles.set(target, name);
    this.#addProgram({ path: target, name }, undefined);
  }

  /** A relative path is a file of this machine; it may be meant for a file of the root. */
  #withHint(error: ElfdepsError, { file, inRoot }: FileArgument): ElfdepsError {
    if (inRoot || !resolvePath(this.#places.root, `/${file}`).found) return error;
    return new ElfdepsError(error.code, error.fact, {
      path: error.path,
      hint: `a relative path is a file of this machine; the one in the root is /${file}`,
    });
  }
}
