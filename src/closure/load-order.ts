/**
 * The objects of a process in load order, and which of them comes next to be looked at. Filtees
 * (DT_FILTER, DT_AUXILIARY) may stand before the object that names them.
 * Source: glibc elf/dl-deps.c (_dl_map_object_deps).
 */
import type { LoadedObject } from '../loader/loader.js';

/** A list that only grows; each object is in it once. */
export class LoadOrder {
  readonly #objects: LoadedObject[];
  readonly #done = new Set<LoadedObject>();
  readonly #mapped: Set<LoadedObject>;
  readonly #byPath: Map<string, LoadedObject>;
  /** Everything before this index is done. */
  #cursor = 0;

  constructor(program: LoadedObject) {
    this.#objects = [program];
    this.#mapped = new Set([program]);
    this.#byPath = new Map([[program.path, program]]);
  }

  /** The first object that was not given out, or undefined when all were. */
  next(): LoadedObject | undefined {
    for (; this.#cursor < this.#objects.length; this.#cursor++) {
      const object = this.#objects[this.#cursor] as LoadedObject;
      if (this.#done.has(object)) continue;
      this.#done.add(object);
      return object;
    }
    return undefined;
  }

  has(object: LoadedObject): boolean {
    return this.#mapped.has(object);
  }

  /** The first object that was loaded by a path; undefined where there is none. */
  find(path: string | undefined): LoadedObject | undefined {
    return path === undefined ? undefined : this.#byPath.get(path);
  }

  /** Puts a new object at the end, or directly before another one. */
  add(object: LoadedObject, before: LoadedObject | undefined): void {
    this.#mapped.add(object);
    if (!this.#byPath.has(object.path)) this.#byPath.set(object.path, object);
    if (before === undefined) this.#objects.push(object);
    else this.#insertAt(this.#objects.indexOf(before), object);
  }

  /** Moves an object before one that stands earlier; false, and nothing moves, where it is earlier. */
  moveBefore(object: LoadedObject, other: LoadedObject): boolean {
    const from = this.#objects.indexOf(object);
    const to = this.#objects.indexOf(other);
    if (from <= to) return false;
    this.#objects.splice(from, 1);
    this.#insertAt(to, object);
    return true;
  }

  /** A copy of the list as it stands. */
  objects(): LoadedObject[] {
    return [...this.#objects];
  }

  #insertAt(index: number, object: LoadedObject): void {
    this.#objects.splice(index, 0, object);
    this.#cursor = Math.min(this.#cursor, index);
  }
}
