/**
 * Which of the objects that requested each other have a list of directories, nearest first. Several loaders
 * search the lists of the requester, of what requested it, and so on up to the program; most objects have
 * no list. A chain of libraries may be as long as a file system holds, so each object remembers the next
 * one with a list, and no chain is walked twice.
 */
import type { LoadedObject } from './loader.js';

/** The chains of one process. */
export class RequesterChain {
  readonly #hasList: (object: LoadedObject) => boolean;
  /** The nearest object with a list: the object itself, or one that requested it. */
  readonly #nearest = new Map<LoadedObject, LoadedObject | undefined>();

  /** `hasList` says whether an object has a list; its answer for an object must not change. */
  constructor(hasList: (object: LoadedObject) => boolean) {
    this.#hasList = hasList;
  }

  /** The objects with a list from `object` upwards, itself included. */
  *from(object: LoadedObject | undefined): Generator<LoadedObject> {
    for (let o = this.#find(object); o !== undefined; o = this.#find(o.requester)) yield o;
  }

  #find(object: LoadedObject | undefined): LoadedObject | undefined {
    const passed: LoadedObject[] = [];
    let found: LoadedObject | undefined;
    for (let o = object; o !== undefined; o = o.requester) {
      if (this.#nearest.has(o)) {
        found = this.#nearest.get(o);
        break;
      }
      passed.push(o);
      if (this.#hasList(o)) {
        found = o;
        break;
      }
    }
    for (const o of passed) this.#nearest.set(o, found);
    return found;
  }
}
