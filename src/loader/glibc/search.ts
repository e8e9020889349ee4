/**
 * One load by glibc: its record of what is loaded, and the stages of the search for one needed name.
 * Source: glibc elf/dl-load.c (_dl_map_object, _dl_map_object_from_fd), elf/dl-deps.c (the order of
 * filters), elf/rtld.c (preloads, the place of the loader in the list).
 */

import * as c from '../../elf/constants.js';
import type { Diagnostic } from '../diagnostic.js';
import type {
  Attempt,
  LoadedObject,
  LoaderAnswer,
  LoaderContext,
  LoaderSession,
  Request,
} from '../loader.js';
import { newObject } from '../open-candidate.js';
import { preloadNames, preloadRequests } from '../preload-list.js';
import type { Refusal } from '../refusal.js';
import { CandidateSearch, type FoundFile, type Hit, type SearchState } from './candidate-search.js';
import type { GlibcConfig } from './config.js';
import { messageOf } from './refusal-words.js';
import { SearchLists } from './search-lists.js';
import { isSecureName } from './secure-name.js';
import { hasToken } from './tokens.js';

export class GlibcSession implements LoaderSession {
  readonly #context: LoaderContext;
  readonly #config: GlibcConfig;
  /** Loaded objects in load order. */
  readonly #loaded = new Map<LoadedObject, number>();
  /** The first loaded object that answers to a name. */
  readonly #byName = new Map<string, LoadedObject>();
  /** By device and inode; the program and the loader itself are not compared. */
  readonly #identities = new Map<string, LoadedObject>();
  readonly #lists: SearchLists;
  readonly #candidates: CandidateSearch;
  readonly #interpreter: LoadedObject | undefined;
  readonly #isSecure: boolean;
  readonly #isAudit: boolean;

  /** With `isAudit`, for an audit module of the program, which is not in its namespace. */
  constructor(context: LoaderContext, config: GlibcConfig, program: LoadedObject, isAudit = false) {
    this.#context = context;
    this.#config = config;
    this.#isAudit = isAudit;
    if (!isAudit) this.#add(program, ['', ...sonameOf(program)]);
    const interpreter = context.interpreter.object;
    // If the program is the loader itself, it is not loaded a second time.
    if (interpreter !== undefined && interpreter.realPath !== program.realPath) {
      this.#interpreter = interpreter;
      this.#add(interpreter, [interpreter.path, ...sonameOf(interpreter)]);
    }
    this.#isSecure = context.rights.secure !== undefined;
    this.#lists = new SearchLists(context, config, program, isAudit);
    this.#candidates = new CandidateSearch(context, config, program.elf);
  }

  preloads(): readonly Request[] {
    if (this.#isAudit) return [];
    const { preloadFile, preloadPath } = this.#config;
    const names = preloadNames(this.#context.options.preload, /[ :]/);
    return [
      ...preloadRequests(this.#isSecure ? names.filter(isSecureName) : names),
      ...preloadRequests(preloadFile, { source: preloadPath }),
    ];
  }

  requests(object: LoadedObject): readonly Request[] {
    return object.elf.dynamic?.needs ?? [];
  }

  locate(request: Request, requester: LoadedObject): LoaderAnswer {
    const name = this.#lists.expandName(request, requester);
    if (this.#isSecure && isInFile(request) && hasToken(request.name, this.#config.minor))
      return tokenNotAllowed(request.name);
    if (name === undefined)
      return request.kind === 'auxiliary'
        ? { outcome: 'loaded', object: undefined, tried: [] }
        : missing({ code: 'empty-name' }, []);
    // A preload is listed by its name as given, whatever path is opened.
    if (request.kind === 'preload') return this.#locate(request.name, name, request, requester);
    const location = this.#locate(name, name, request, requester);
    return name === request.name ? location : { ...location, asked: name };
  }

  #locate(name: string, path: string, request: Request, requester: LoadedObject): LoaderAnswer {
    const tried: Attempt[] = [];
    const known = this.#byName.get(name);
    if (known !== undefined) return { outcome: 'loaded', object: known, tried };
    if (name === this.#config.vdso) return { outcome: 'loaded', object: undefined, tried };
    if (name === this.#config.missingInterpreter) return missing(NOT_FOUND, tried);

    const mustBeMarked = this.#isSecure && (request.kind === 'preload' || request.kind === 'audit');
    // Most names lead every program of the target to the same file.
    const isPlain = !mustBeMarked && !path.includes('/') && this.#searchesNoList(requester);
    const same = isPlain ? this.#config.found.get(name) : undefined;
    if (same !== undefined) return this.#load(name, request, requester, same.hit, same.tried);
    const state: SearchState = { tried, errno: 'ENOENT', requested: name, mustBeMarked };
    const hit = path.includes('/')
      ? this.#candidates.try(path, 'path', state).hit
      : this.#search(name, requester, state);
    if (hit === undefined)
      return missing(state.otherClass ?? { code: 'cannot-open', errno: state.errno }, tried);
    if (hit.kind === 'fatal') {
      // The loader catches every error of DT_AUXILIARY.
      if (request.kind === 'auxiliary') return { outcome: 'loaded', object: undefined, tried };
      const { refusal, signal } = hit;
      return { outcome: 'fatal', refusal, error: messageOf(refusal), signal, tried };
    }
    if (isPlain) this.#config.found.set(name, { hit, tried });
    return this.#load(name, request, requester, hit, tried);
  }

  get alwaysListsItself(): boolean {
    return this.#config.minor >= 41;
  }

  /** elf/rtld.c: the loader comes directly after the last object that was found before it. */
  arrange<T extends { readonly object?: LoadedObject }>(rows: readonly T[]): readonly T[] {
    const place = rows.findIndex((row) => row.object === this.#interpreter);
    const own = rows[place];
    if (own?.object === undefined) return rows;
    const before = rows.slice(0, place).findLastIndex((row) => row.object !== undefined) + 1;
    return [...rows.slice(0, before), own, ...rows.slice(before, place), ...rows.slice(place + 1)];
  }

  diagnose(missing: readonly string[]): readonly Diagnostic[] {
    return this.#config.diagnose(missing);
  }

  untrusted(): readonly string[] {
    return this.#lists.untrusted();
  }

  /** A name is compared with each object's path, the names that it was requested by, and its soname. */
  #add(object: LoadedObject, names: readonly string[]): void {
    if (!this.#loaded.has(object)) this.#loaded.set(object, this.#loaded.size);
    const place = this.#loaded.get(object) as number;
    for (const name of names) {
      const other = this.#byName.get(name);
      if (other === undefined || place < (this.#loaded.get(other) as number))
        this.#byName.set(name, object);
    }
  }

  /** Whether the cache and the system directories are all that is searched for names that an object needs. */
  #searchesNoList(requester: LoadedObject): boolean {
    const noDefault = ((requester.elf.dynamic?.flags1 ?? 0) & c.DF_1_NODEFLIB) !== 0;
    return !noDefault && this.#lists.beforeCache(requester).next().done === true;
  }

  #search(name: string, requester: LoadedObject, state: SearchState): Hit | undefined {
    for (const list of this.#lists.beforeCache(requester)) {
      const hit = this.#candidates.tryList(name, list, state);
      if (hit !== undefined) return hit;
    }
    const noDefault = ((requester.elf.dynamic?.flags1 ?? 0) & c.DF_1_NODEFLIB) !== 0;
    const cached = state.mustBeMarked ? undefined : this.#config.lookupCache(name);
    if (cached !== undefined && !(noDefault && this.#isBelowSystemDirectory(cached))) {
      const { hit } = this.#candidates.try(cached, 'cache', state);
      if (hit !== undefined) return hit;
    }
    if (noDefault) return undefined;
    return this.#candidates.tryList(name, this.#config.systemList, state);
  }

  #isBelowSystemDirectory(path: string): boolean {
    return this.#config.systemList.directories.some((directory) => path.startsWith(directory));
  }

  #load(
    name: string,
    request: Request,
    requester: LoadedObject,
    hit: FoundFile,
    tried: readonly Attempt[],
  ): LoaderAnswer {
    const same = this.#identities.get(hit.file.entry.id);
    if (same !== undefined) {
      this.#add(same, [name]);
      const opened = { path: hit.path, realPath: hit.file.path, links: hit.file.links };
      return { outcome: 'loaded', object: same, opened, tried };
    }
    const named = name === request.name ? request : { ...request, name };
    const object = newObject(named, requester, hit, this.#context.options.cwd);
    this.#identities.set(hit.file.entry.id, object);
    this.#add(object, [name, hit.path, ...sonameOf(object)]);
    return { outcome: 'found', object, rule: hit.rule, tried };
  }
}

const NOT_FOUND: Refusal = { code: 'cannot-open', errno: 'ENOENT' };

function missing(refusal: Refusal, tried: readonly Attempt[]): LoaderAnswer {
  return { outcome: 'missing', refusal, error: messageOf(refusal), tried };
}

/** Whether the name stands in a file that is loaded at the start (expand_dst in elf/dl-deps.c). */
function isInFile({ kind }: Request): boolean {
  return kind === 'needed' || kind === 'filter' || kind === 'auxiliary';
}

function tokenNotAllowed(name: string): LoaderAnswer {
  const refusal: Refusal = { code: 'token-not-allowed', file: name };
  return { outcome: 'fatal', refusal, error: messageOf(refusal), tried: [] };
}

function sonameOf(object: LoadedObject): string[] {
  return object.elf.dynamic?.soname === undefined ? [] : [object.elf.dynamic.soname];
}
