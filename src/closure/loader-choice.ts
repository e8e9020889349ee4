/**
 * Chooses the loader that runs a file, and finds the loader's own file in the root. The choice depends on
 * the program and the root, never on the machine that elfdeps runs on.
 */

import type { ElfFile } from '../elf/elf-file.js';
import { compatibleTargets, describeTarget, type Target, targetKey } from '../elf/target.js';
import { ElfdepsError } from '../errors.js';
import type { RootFiles } from '../files/root-files.js';
import { USUAL_PROGRAMS } from '../files/usual-programs.js';
import type { LoadedObject, Loader, LoaderName } from '../loader/loader.js';
import { loaderAt } from '../loader/loaders-in-root.js';
import { baseName, directoryOf, pathFrom } from '../root/path-text.js';
import { nearbyInterpreters } from './nearby-interpreters.js';

/** A loader, and the path of its own file: the text of PT_INTERP, or the usual path. */
export interface ChosenLoader {
  readonly loader: Loader;
  readonly path: string;
}

export class LoaderChoice {
  readonly #files: RootFiles;
  readonly #loaders: readonly Loader[];
  readonly #forced: Loader | undefined;
  readonly #cwd: string;
  readonly #objects = new Map<string, LoadedObject | undefined>();
  readonly #near = new Map<string, readonly string[]>();
  #inUse: readonly string[] | undefined;

  /** `forced` names a loader to use for every file; `cwd` is the working directory in the root. */
  constructor(
    files: RootFiles,
    loaders: readonly Loader[],
    forced: LoaderName | undefined,
    cwd: string,
  ) {
    this.#files = files;
    this.#loaders = loaders;
    this.#forced = loaders.find((loader) => loader.name === forced);
    this.#cwd = cwd;
  }

  /**
   * The loader that runs a file, and the path of that loader's own file. Undefined if the file needs
   * nothing. Throws LOADER_UNKNOWN if no loader is known for it.
   */
  choose(path: string, elf: ElfFile): ChosenLoader | undefined {
    return elf.interpreter === undefined
      ? this.#forLibrary(path, elf)
      : this.#forProgram(path, elf, elf.interpreter);
  }

  #forProgram(path: string, elf: ElfFile, interpreter: string): ChosenLoader | undefined {
    const place = this.absolute(interpreter);
    const loader = this.#forced ?? loaderAt(this.#files, this.#loaders, place);
    if (loader !== undefined) return { loader, path: interpreter };
    // Part of a path, which the kernel refuses, names no loader.
    if (elf.startFault !== undefined) return this.#forLibrary(path, elf);
    const known = `known: ${this.#names()}; --loader takes one of them anyway, or loader in the library`;
    const isRelative = place !== interpreter && !this.#files.resolve(place).found;
    throw new ElfdepsError('LOADER_UNKNOWN', `no rules for interpreter ${interpreter}`, {
      path,
      hint: isRelative
        ? `there is no ${place}: --workdir says where the program starts, or cwd in the library`
        : known,
    });
  }

  /** A library has the loader of the program that loads it: its needed names tell which, or the root. */
  #forLibrary(path: string, elf: ElfFile): ChosenLoader | undefined {
    const needed = elf.dynamic?.needed ?? [];
    const byNeeds = this.#loaders.filter((loader) => loader.recognizesNeeds(needed));
    const candidates =
      this.#forced === undefined ? [...new Set([...byNeeds, ...this.#loaders])] : [this.#forced];
    const chosen = this.#present(candidates, elf.target, path) ?? usual(candidates, elf.target);
    if (chosen !== undefined || needed.length === 0) return chosen;
    throw new ElfdepsError('LOADER_UNKNOWN', `no loader for ${describeTarget(elf.target)}`, {
      path,
      hint: `known: ${this.#names()}`,
    });
  }

  /** The first of the loaders whose file for the target is near the library or in the root. */
  #present(
    candidates: readonly Loader[],
    target: Target,
    library: string,
  ): ChosenLoader | undefined {
    const near = this.#nearby(library, target);
    for (const loader of candidates)
      for (const path of [
        ...near,
        ...loader.interpreterPaths(target),
        ...this.#interpretersInUse(),
      ])
        if (loader.recognizesInterpreter([baseName(path)]) && this.object(path, target))
          return { loader, path };
    return undefined;
  }

  /** The interpreters that the programs of the library's own installation name. */
  #nearby(library: string, target: Target): readonly string[] {
    const key = `${directoryOf(library)}\0${targetKey(target)}`;
    let found = this.#near.get(key);
    if (found === undefined) {
      found = nearbyInterpreters(this.#files, library, target);
      this.#near.set(key, found);
    }
    return found;
  }

  /** The interpreters that the root's own programs name. They may be in unusual places. */
  #interpretersInUse(): readonly string[] {
    this.#inUse ??= [
      ...new Set(USUAL_PROGRAMS.flatMap((path) => this.elfAt(path)?.interpreter ?? [])),
    ];
    return this.#inUse;
  }

  /** The loader's file as an object of the process; undefined if it is missing or for another target. */
  object(path: string, target: Target): LoadedObject | undefined {
    const key = `${path}\0${targetKey(target)}`;
    if (this.#objects.has(key)) return this.#objects.get(key);
    const file = this.#files.resolve(this.absolute(path));
    const elf = file.found && file.entry.kind === 'file' ? this.#files.findElf(file) : undefined;
    let object: LoadedObject | undefined;
    if (file.found && elf !== undefined && compatibleTargets(elf.target, target))
      object = {
        role: 'interpreter',
        name: path,
        path,
        realPath: file.path,
        links: file.links,
        entry: file.entry,
        origin: directoryOf(this.absolute(path)),
        elf,
        rule: 'interpreter',
      };
    this.#objects.set(key, object);
    return object;
  }

  /** The ELF file at a path, links followed; undefined if there is none. */
  elfAt(path: string): ElfFile | undefined {
    const file = this.#files.resolve(path);
    return file.found && file.entry.kind === 'file' ? this.#files.findElf(file) : undefined;
  }

  /** The path that the process opens; a relative one starts from its working directory. */
  absolute(path: string): string {
    return pathFrom(this.#cwd, path);
  }

  #names(): string {
    return this.#loaders.map((loader) => loader.name).join(', ');
  }
}

/** The first of the loaders that has a usual path for the target, even if the root has no such file. */
function usual(candidates: readonly Loader[], target: Target): ChosenLoader | undefined {
  for (const loader of candidates) {
    const path = loader.interpreterPaths(target)[0];
    if (path !== undefined) return { loader, path };
  }
  return undefined;
}
