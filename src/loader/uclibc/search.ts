/**
 * uClibc's search for one needed name. The loader knows files only by device and inode, never by name.
 * It skips every unsuitable file, and the search goes on.
 * Source: uClibc ldso/ldso/dl-elf.c (_dl_load_shared_library, search_for_named_library,
 * _dl_load_elf_shared_library), ldso/ldso/ldso.c (_dl_get_ready_to_run), ldso/include/dl-elf.h.
 */

import { ET_DYN, PT_LOAD } from '../../elf/constants.js';
import type { ElfFile } from '../../elf/elf-file.js';
import { hasElfMagic } from '../../elf/header.js';
import { baseName } from '../../root/path-text.js';
import type { ResolvedPath } from '../../root/resolve-path.js';
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
import { newObject, openCandidate } from '../open-candidate.js';
import { preloadNames, preloadRequests } from '../preload-list.js';
import type { UclibcConfig } from './config.js';

/** A list of directories. `$ORIGIN` is replaced only if the list has an owner. */
interface SearchPath {
  readonly rule: SearchRule;
  readonly text: string;
  readonly from?: string;
  readonly owner?: LoadedObject;
}

/** A path to try, and the search rule that gives it. */
interface Candidate {
  readonly rule: SearchRule;
  readonly path: string;
  readonly from?: string;
}

/** Longer names are not searched for (_dl_load_shared_library). */
const NAME_MAX = 1024;
const ORIGIN = '$ORIGIN';

export class UclibcSession implements LoaderSession {
  readonly alwaysListsItself = false;
  readonly #context: LoaderContext;
  readonly #config: UclibcConfig;
  readonly #program: LoadedObject;
  /** By device and inode; without the program, which the kernel mapped. */
  readonly #byIdentity = new Map<string, LoadedObject>();
  #listedItself = false;

  constructor(context: LoaderContext, config: UclibcConfig, program: LoadedObject) {
    this.#context = context;
    this.#config = config;
    this.#program = program;
  }

  preloads(): readonly Request[] {
    const { preloadFile, preloadPath } = this.#config;
    return [
      ...preloadRequests(preloadNames(this.#context.options.preload, /[: \t]/)),
      // No program starts without a library that this file names.
      ...preloadRequests(preloadFile, { source: preloadPath, required: true }),
    ];
  }

  requests(object: LoadedObject): readonly Request[] {
    return (object.elf.dynamic?.needed ?? []).map((name) => ({ name, kind: 'needed' }));
  }

  locate(request: Request, requester: LoadedObject): LoaderAnswer {
    const tried: Attempt[] = [];
    const { name, source } = request;
    if (source === undefined && baseName(name) === this.#config.ownName) return this.#itself(tried);
    // A preload has no requester, so no rpath applies.
    const owner = source === undefined ? requester : undefined;
    if (name.length <= NAME_MAX)
      for (const candidate of this.#candidates(name, owner)) {
        const { outcome, location } = this.#try(candidate, request, requester, tried);
        tried.push({ ...candidate, outcome });
        if (location !== undefined) return location;
      }
    return missing(name, tried);
  }

  arrange<T>(rows: readonly T[]): readonly T[] {
    return rows;
  }

  diagnose(missing: readonly string[]): readonly Diagnostic[] {
    const { runpath } = this.#program.elf.dynamic ?? {};
    if (missing.length === 0 || !this.#config.modern || !runpath?.includes(ORIGIN)) return [];
    const { path } = this.#program;
    return [
      {
        code: 'ORIGIN_IGNORED',
        path,
        message: `${path}: uClibc's loader passes over $ORIGIN in a DT_RUNPATH`,
        hint: 'link with --disable-new-dtags: in a DT_RPATH it is replaced',
      },
    ];
  }

  /** add_ldso: any path that ends in the loader's name means the running loader. */
  #itself(tried: Attempt[]): LoaderAnswer {
    const { object } = this.#context.interpreter;
    if (object === undefined) return missing(this.#config.ownName, tried);
    this.#byIdentity.set(object.entry.id, object);
    if (this.#listedItself) return { outcome: 'loaded', object, tried };
    this.#listedItself = true;
    return { outcome: 'loaded', object, listedAs: 'built-in', tried };
  }

  /** A name with a slash is tried as a path, then the part after the last slash is searched for. */
  *#candidates(name: string, owner: LoadedObject | undefined): Generator<Candidate> {
    const base = baseName(name);
    if (base !== name) yield { rule: 'path', path: name };
    for (const path of this.#pathsBeforeCache(owner)) yield* this.#candidatesIn(path, base);
    for (const path of this.#config.cache?.(base) ?? []) yield { rule: 'cache', path };
    for (const path of this.#builtInPaths()) yield* this.#candidatesIn(path, base);
  }

  /** dl-elf.h: if an object has a RUNPATH, its RPATH is ignored. */
  *#pathsBeforeCache(owner: LoadedObject | undefined): Generator<SearchPath> {
    const { rpath, runpath } = owner?.elf.dynamic ?? {};
    if (owner !== undefined && rpath && runpath === undefined)
      yield { rule: 'rpath', text: rpath, from: owner.path, owner };
    const { libraryPath } = this.#context.options;
    if (libraryPath !== undefined) yield { rule: 'library-path', text: libraryPath };
    if (owner !== undefined && runpath) yield { rule: 'runpath', text: runpath, from: owner.path };
  }

  *#builtInPaths(): Generator<SearchPath> {
    const { multilibPath, ownDirectory, standardPath } = this.#config;
    if (multilibPath !== undefined) yield { rule: 'default', text: multilibPath };
    if (ownDirectory !== undefined) yield { rule: 'default', text: ownDirectory };
    yield { rule: 'default', text: standardPath };
  }

  *#candidatesIn({ rule, text, from, owner }: SearchPath, name: string): Generator<Candidate> {
    const { modern } = this.#config;
    for (const element of modern ? splitFromSecond(text) : text.split(':')) {
      const directory = modern ? expandOrigin(element, owner) : element || '.';
      if (directory === undefined || (modern && !directory.startsWith('/'))) continue;
      const slash = modern && directory.endsWith('/') ? '' : '/';
      yield { rule, path: `${directory}${slash}${name}`, from };
    }
  }

  #try(
    { path, rule }: Candidate,
    request: Request,
    requester: LoadedObject,
    tried: readonly Attempt[],
  ): { outcome: Attempt['outcome']; location?: LoaderAnswer } {
    const opened = openCandidate(this.#context, path);
    if (opened.outcome !== 'opened') return { outcome: opened.outcome };
    const { file } = opened;
    const same = this.#byIdentity.get(file.entry.id);
    if (same !== undefined)
      return {
        outcome: 'found',
        location: {
          outcome: 'loaded',
          object: same,
          opened: { path, realPath: file.path, links: file.links },
          tried,
        },
      };
    const isForeign = opened.elf !== undefined;
    const elf = this.#asOwn(file);
    if (elf === undefined) return { outcome: isForeign ? 'wrong-target' : 'not-elf' };
    if (elf.header.machine !== this.#program.elf.header.machine) return { outcome: 'wrong-target' };
    // A file without a dynamic section is mapped too: the loader adds the base before it checks.
    if (elf.header.type !== ET_DYN) return { outcome: 'not-elf' };
    const { cwd } = this.#context.options;
    const object = newObject(request, requester, { path, file, elf, rule }, cwd);
    this.#byIdentity.set(file.entry.id, object);
    return { outcome: 'found', location: { outcome: 'found', object, rule, tried } };
  }

  /**
   * _dl_load_elf_shared_library compares the magic, e_type and e_machine, and reads all fields as those
   * of its own class and byte order. A file of another class then has no segments to map.
   */
  #asOwn(file: ResolvedPath): ElfFile | undefined {
    const { files } = this.#context;
    if (file.entry.kind !== 'file' || !hasElfMagic(files.head(file))) return undefined;
    const elf = files.elfAs(this.#program.elf.header, file);
    return elf?.segments.some(({ type }) => type === PT_LOAD) ? elf : undefined;
  }
}

/** The loader prints the same message for every failure. */
function missing(name: string, tried: readonly Attempt[]): LoaderAnswer {
  const refusal = { code: 'cannot-open', file: name } as const;
  return { outcome: 'missing', refusal, error: `can't load library '${name}'`, tried };
}

/**
 * Splits as releases since 1.0 do: they look for the next colon from the second character of an element
 * on. An empty element at the start or in the middle is therefore joined with the one after it.
 */
function splitFromSecond(text: string): string[] {
  const elements: string[] = [];
  for (let start = 0; ; ) {
    const colon = text.indexOf(':', start + 1);
    elements.push(text.slice(start, colon < 0 ? undefined : colon));
    if (colon < 0) return elements;
    start = colon + 1;
  }
}

/**
 * Replaces `$ORIGIN` at the start of an element; other places and forms are not known. Undefined means
 * that the element is skipped: in every list but an RPATH, and for a file directly below `/`.
 */
function expandOrigin(element: string, owner: LoadedObject | undefined): string | undefined {
  if (!element.startsWith(ORIGIN)) return element || '.';
  const path = owner?.role === 'program' ? owner.realPath : (owner?.path ?? '');
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? undefined : path.slice(0, slash) + element.slice(ORIGIN.length);
}
