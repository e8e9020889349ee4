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
      else if (!this.#found.has(name)) this.#found.set(name, object);
    for (const object of objects) {
      if (object.role === 'program') continue;
      for (const name of [object.path, object.name])
        if (!this.#found.has(name)) this.#found.set(name, object);
      const { soname } = object.elf.dynamic ?? {};
      if (object.role === 'interpreter' && soname !== undefined && !this.#found.has(soname))
        this.#found.set(soname, object);
    }
  }

  find(name: string): LoadedObject | undefined {
    return this.#found.get(name);
  }

  /** Whether the name was asked for, and nothing was found. */
  isMissing(name: string): boolean {
    return !this.#found.has(name) && this.#missing.has(name);
  }
}
