/**
 * How many bytes files add to an image: their own, and those of the libraries that ELF files among
 * them need and the program has not loaded. An estimate: the trace resolves them later.
 */
import type { Closure, Library } from '../closure/closure.js';
import type { RootElf } from '../files/root-elf.js';
import type { LoadedObject } from '../loader/loader.js';
import { addTo } from '../root/multimap.js';
import { directoryOf } from '../root/path-text.js';
import type { Entry } from '../root/root.js';
import type { TreeFile } from './named-tree.js';
import type { ProgramFacts } from './program-facts.js';

/** Bytes of libraries that are never much. */
const MUCH = 4 << 20;
/** The part of a directory's plug-ins that is few of them. */
const FEW = 1 / 4;

/** Costs for one program; what is taken costs nothing any more. */
export class LibraryCosts {
  /** Bytes of the program and the libraries that are loaded when it starts. */
  readonly startBytes: number;
  readonly #facts: ProgramFacts;
  readonly #taken: Set<string>;

  constructor(facts: ProgramFacts) {
    this.#facts = facts;
    this.#taken = new Set(facts.closure.objects.map(({ entry }) => entry.id));
    this.startBytes = bytesAtStart(facts.closure);
  }

  /** The bytes that these files add; once they are more than `limit`, nothing more is looked at. */
  bytesOf(files: readonly TreeFile[], limit: number): number {
    const counted = new Set<string>();
    let bytes = files.reduce((sum, { id, size }) => sum + this.#new(counted, id, size), 0);
    for (const file of files) {
      if (bytes > limit) return bytes;
      if (file.isCode) bytes += this.#needed(file.realPath, counted);
    }
    return bytes;
  }

  /**
   * Whether the libraries that files need beside the loaded ones are larger than the program with its own, and
   * than `few` bytes.
   */
  needMuch(files: readonly TreeFile[], few = MUCH): boolean {
    const own = files.reduce((sum, { size }) => sum + size, 0);
    const limit = own + Math.max(this.startBytes, few);
    return this.bytesOf(files, limit) > limit;
  }

  /**
   * Those of plug-ins of one directory that need libraries of more than `limit` bytes that few of the others
   * need. What most of them need is needed for any of them.
   */
  costlyOf(files: readonly TreeFile[], limit: number): TreeFile[] {
    const code = files.filter(({ isCode, isProgram }) => isCode && !isProgram);
    const needers = new Map<string, { readonly size: number; readonly places: Set<string> }>();
    for (const { realPath } of code)
      for (const { id, size } of this.#reached(realPath, new Set())) {
        const places = needers.get(id)?.places ?? new Set<string>();
        needers.set(id, { size, places: places.add(realPath) });
      }
    const bytes = new Map<string, number>();
    const most = new Set(code.map(({ realPath }) => realPath)).size * FEW;
    for (const { size, places } of needers.values())
      if (places.size <= most)
        for (const place of places) bytes.set(place, (bytes.get(place) ?? 0) + size);
    return code.filter(({ realPath }) => (bytes.get(realPath) ?? 0) > limit);
  }

  /** Each library that a file needs and that is neither counted nor part of the image yet; it is counted then. */
  *#reached(start: string, counted: Set<string>): Generator<Entry> {
    const pending = [this.#facts.fileAt(start)];
    for (let elf = pending.pop(); elf !== undefined; elf = pending.pop())
      for (const library of this.#libraries(elf)) {
        if (library === undefined) continue;
        const { id } = library.entry;
        if (counted.has(id) || this.#taken.has(id)) continue;
        counted.add(id);
        yield library.entry;
        pending.push(library);
      }
  }

  /** Counts the files, and what they need, as part of the image. */
  take(files: readonly TreeFile[]): void {
    for (const { realPath, id, isCode } of files) {
      this.#taken.add(id);
      if (isCode) this.#needed(realPath, this.#taken);
    }
  }

  /**
   * Whether all that a file needs is in the root; true for what is no ELF file, false for one that is for
   * another CPU.
   */
  isWhole(realPath: string): boolean {
    const elf = this.#facts.fileAt(realPath);
    const { program } = this.#facts;
    if (
      elf !== undefined &&
      program !== undefined &&
      elf.elf.header.machine !== program.elf.header.machine
    )
      return false;
    return elf === undefined || this.#libraries(elf).every((path) => path !== undefined);
  }

  #new(counted: Set<string>, id: string, size: number): number {
    if (this.#taken.has(id) || counted.has(id)) return 0;
    counted.add(id);
    return size;
  }

  #needed(start: string, counted: Set<string>): number {
    let bytes = 0;
    for (const { size } of this.#reached(start, counted)) bytes += size;
    return bytes;
  }

  /** What a file needs, as the program's loader finds it for the program, or for the file. */
  #libraries(file: RootElf): (RootElf | undefined)[] {
    const { program } = this.#facts;
    if (program === undefined) return [];
    const { needed = [], rpath, runpath = rpath } = file.elf.dynamic ?? {};
    // What the program finds too is looked for once for all files.
    const own = runpath === undefined ? undefined : asLibrary(file, program);
    return needed.map((name) => {
      const path = this.#facts.pathOf(name, program) ?? (own && this.#facts.pathOf(name, own));
      return path === undefined ? undefined : this.#facts.fileAt(path);
    });
  }
}

/** A file as the loader has it once the program opened it by its real path. */
function asLibrary({ elf, realPath, entry }: RootElf, program: LoadedObject): LoadedObject {
  return {
    role: 'library',
    name: realPath,
    path: realPath,
    realPath,
    links: [],
    entry,
    origin: directoryOf(realPath),
    elf,
    requester: program,
  };
}

/** Bytes of the program and of what is needed without a call of dlopen(). */
function bytesAtStart(closure: Closure): number {
  return startedObjects(closure).reduce((sum, { entry }) => sum + entry.size, 0);
}

/** The program and what is loaded without a call of dlopen(). */
export function startedObjects({ objects, libraries, program }: Closure): LoadedObject[] {
  const started = new Set<string>([program.path, ...objects.slice(0, 1).map(({ path }) => path)]);
  const needs = new Map<LoadedObject, Library[]>();
  for (const library of libraries)
    if (library.object !== undefined && library.kind !== 'dlopen')
      addTo(needs, library.object, library);
  const isNeeded = (object: LoadedObject) =>
    needs
      .get(object)
      ?.some(({ neededBy }) => neededBy.length === 0 || neededBy.some((path) => started.has(path)));
  return objects.filter((object) => {
    if (object.role === 'library' && !isNeeded(object)) return false;
    started.add(object.path);
    return true;
  });
}
