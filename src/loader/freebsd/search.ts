/**
 * FreeBSD's search for one needed name. The loader takes the first file that it can open. If that file
 * is not suitable, the search fails.
 * Source: FreeBSD libexec/rtld-elf/rtld.c (load_object, digest_dynamic2, load_preload_objects,
 * do_load_object).
 */

import { baseName, directoryOf } from '../../root/path-text.js';
import type { Diagnostic } from '../diagnostic.js';
import type {
  Attempt,
  LoadedObject,
  LoaderAnswer,
  LoaderContext,
  LoaderSession,
  Request,
  SearchRule,
} from '../loader.js';
import { type Candidate, newObject, openCandidate } from '../open-candidate.js';
import { preloadNames, preloadRequests } from '../preload-list.js';
import type { Refusal } from '../refusal.js';
import type { FreebsdConfig } from './config.js';
import type { Libmap } from './libmap.js';
import { FOREIGN, messageOf, refusedBy } from './refusal-words.js';
import { elementsOf, type SearchPath, SearchPaths } from './search-paths.js';

type Hit = Candidate & {
  readonly outcome: 'opened';
  readonly path: string;
  readonly rule: SearchRule;
};

export class FreebsdSession implements LoaderSession {
  readonly alwaysListsItself = false;
  readonly #context: LoaderContext;
  readonly #config: FreebsdConfig;
  readonly #program: LoadedObject;
  readonly #libmap: Libmap;
  readonly #paths: SearchPaths;
  /** Objects and their places in load order; without the loader itself. */
  readonly #loaded = new Map<LoadedObject, number>();
  /** The first object in load order that answers to a name. */
  readonly #byName = new Map<string, LoadedObject>();
  /** By device and inode; the kernel mapped the program, so the loader does not know those of it. */
  readonly #identities = new Map<string, LoadedObject>();
  readonly #needed = new Set<LoadedObject>();

  constructor(context: LoaderContext, config: FreebsdConfig, program: LoadedObject) {
    this.#context = context;
    this.#config = config;
    this.#program = program;
    this.#libmap = config.libmap.copy();
    this.#paths = new SearchPaths(context, config, program);
    this.#add(program);
  }

  /** Required, since the loader ends if one of them is missing, even if it only lists. */
  preloads(): readonly Request[] {
    const names = preloadNames(this.#context.options.preload, /[ \t:;]/);
    return preloadRequests(names, { source: 'LD_PRELOAD', required: true });
  }

  /**
   * Needed names, then filtees that are not loaded otherwise. A filtee is loaded at the first look-up of
   * a symbol in its filter (load_filtees), so it never moves ahead in the load order.
   */
  requests({ elf }: LoadedObject): readonly Request[] {
    const { needed = [], needs = [] } = elf.dynamic ?? {};
    const wanted = new Set(needed);
    return [
      ...needed.map((name): Request => ({ name, kind: 'needed' })),
      ...needs.filter(
        ({ kind, name }) => kind !== 'needed' && !wanted.has(name) && !this.#byName.has(name),
      ),
    ];
  }

  locate(request: Request, requester: LoadedObject): LoaderAnswer {
    const { name, source } = request;
    // A preload has no requester, so no rpath, tokens, constraints or standard directories apply.
    const owner = source === undefined ? requester : undefined;
    const tried: Attempt[] = [];
    const location = this.#locate(request, requester, owner, tried);
    if (location.outcome === 'missing' && source !== undefined)
      return { ...location, outcome: 'fatal' };
    if ('object' in location && location.object !== undefined) {
      this.#add(location.object, name);
      if (source === undefined) this.#needed.add(location.object);
    }
    return location;
  }

  /** trace_loaded_objects: preloads that no object needs come last. */
  arrange<T extends { readonly object?: LoadedObject }>(rows: readonly T[]): readonly T[] {
    const isExtra = ({ object }: T) => object?.role === 'preload' && !this.#needed.has(object);
    return [...rows.filter((row) => !isExtra(row)), ...rows.filter(isExtra)];
  }

  diagnose(missing: readonly string[]): readonly Diagnostic[] {
    return this.#config.diagnose(missing);
  }

  #locate(
    request: Request,
    requester: LoadedObject,
    owner: LoadedObject | undefined,
    tried: Attempt[],
  ): LoaderAnswer {
    const { name } = request;
    const known = this.#byName.get(name);
    if (known !== undefined) return { outcome: 'loaded', object: known, tried };
    const mapped = owner === undefined ? name : (this.#libmap.find(owner.path, name) ?? name);
    const hit = mapped.includes('/')
      ? this.#try({ rule: 'path', text: '' }, this.#paths.substitute(mapped, owner), tried)
      : this.#search(mapped, owner, tried);
    if (hit === undefined) return this.#notFound(mapped, owner, tried);
    const { path, file } = hit;
    const same = this.#identities.get(file.entry.id);
    if (same === undefined) return this.#load(request, requester, hit, tried);
    const opened = { path, realPath: file.path, links: file.links };
    return { outcome: 'loaded', object: same, opened, tried };
  }

  #notFound(
    name: string,
    owner: LoadedObject | undefined,
    tried: readonly Attempt[],
  ): LoaderAnswer {
    const requirer = owner === undefined ? '' : `, required by "${baseName(owner.path)}"`;
    const error = name.includes('/')
      ? `Cannot open "${this.#paths.substitute(name, owner)}"`
      : `Shared object "${name}" not found${requirer}`;
    return { outcome: 'missing', refusal: { code: 'cannot-open', file: name }, error, tried };
  }

  #load(
    request: Request,
    requester: LoadedObject,
    { path, file, elf, rule }: Hit,
    tried: Attempt[],
  ): LoaderAnswer {
    const code = elf === undefined ? 'not-elf' : refusedBy(elf, this.#program.elf);
    if (elf === undefined || code !== undefined) {
      const refusal: Refusal = { code: code ?? 'not-elf', file: path };
      const outcome = FOREIGN.has(refusal.code) ? 'wrong-target' : 'not-elf';
      tried[tried.length - 1] = { ...(tried.at(-1) as Attempt), outcome };
      return { outcome: 'missing', refusal, error: messageOf(refusal), tried };
    }
    const { cwd } = this.#context.options;
    const opened = newObject(request, requester, { path, file, elf, rule }, cwd);
    const object = { ...opened, origin: directoryOf(opened.realPath) };
    return { outcome: 'found', object, rule, tried };
  }

  /** object_match_name: an object answers to its soname and to all names that it was requested by. */
  #add(object: LoadedObject, name?: string): void {
    if (!this.#loaded.has(object)) {
      this.#loaded.set(object, this.#loaded.size);
      const { id } = object.entry;
      if (object !== this.#program && !this.#identities.has(id)) this.#identities.set(id, object);
      this.#answerTo(object.elf.dynamic?.soname, object);
    }
    this.#answerTo(name, object);
  }

  #answerTo(name: string | undefined, object: LoadedObject): void {
    if (name === undefined) return;
    const other = this.#byName.get(name);
    if (other === undefined || this.#placeOf(object) < this.#placeOf(other))
      this.#byName.set(name, object);
  }

  #placeOf(object: LoadedObject): number {
    return this.#loaded.get(object) ?? this.#loaded.size;
  }

  #search(name: string, owner: LoadedObject | undefined, tried: Attempt[]): Hit | undefined {
    for (const path of this.#paths.of(owner))
      for (const element of elementsOf(path.text)) {
        const directory = this.#libmap.find(owner?.path, element) ?? element;
        const hit = this.#try(path, `${directory}/${name}`, tried);
        if (hit !== undefined) return hit;
      }
    return undefined;
  }

  #try({ rule, from }: SearchPath, path: string, tried: Attempt[]): Hit | undefined {
    const opened = openCandidate(this.#context, path);
    const outcome = opened.outcome === 'opened' ? 'found' : opened.outcome;
    tried.push({ rule, path, outcome, from });
    return opened.outcome === 'opened' ? { ...opened, path, rule } : undefined;
  }
}
