/**
 * The objects of a process by every name that the loader knows them by: a needed name, the path
 * that it led to, and of the loader itself its soname.
 * Source: glibc elf/dl-misc.c (_dl_name_match_p), elf/rtld.c.
 */
import type { Closure } from '../../closure/closure.js';
import type { LoadedObject } from '../../loader/loader.js';

/** Names of one closure. */
export class NamedObjects {
  readonly #found = new Map<string, LoadedObject>();
  readonly #missing = new Set<string>();

  constructor({ objects, libraries }: Closure) {
    for (const { name, object } of libraries)
      if (object === undefined) this.#missing.add(name);
      else this.#add(name, object);
    for (const object of objects) {
      if (object.role === 'program') continue;
      this.#add(object.path, object);
      this.#add(object.name, object);
      if (object.role === 'interpreter') this.#add(object.elf.dynamic?.soname, object);
    }
  }

  /** The first object that has a name keeps it. */
  #add(name: string | undefined, object: LoadedObject): void {
    if (name !== undefined && !this.#found.has(name)) this.#found.set(name, object);
  }

  find(name: string): LoadedObject | undefined {
    return this.#found.get(name);
  }

  /** Whether the name was asked for, and nothing was found. */
  isMissing(name: string): boolean {
    return !this.#found.has(name) && this.#missing.has(name);
  }
}
