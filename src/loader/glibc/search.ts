/**
 * glibc's search for one needed name, stage by stage, and its record of what is loaded.
 * Source: glibc elf/dl-load.c (_dl_map_object, open_path, _dl_map_object_from_fd), elf/dl-deps.c
 * (the order of filters), elf/rtld.c (preloads, the place of the loader in the list).
 */

import * as c from '../../elf/constants.js';
import type { ElfFile } from '../../elf/elf-file.js';
import { pathFrom } from '../../root/path-text.js';
import type { ResolvedPath, UnresolvedPath } from '../../root/resolve-path.js';
import { SET_USER_ID } from '../../root/user.js';
import type {
  Attempt,
  Diagnostic,
  LoadedObject,
  LoaderAnswer,
  LoaderContext,
  LoaderSession,
  Request,
  SearchRule,
} from '../loader.js';
import { newObject } from '../open-candidate.js';
import { preloadNames, preloadRequests } from '../preload-list.js';
import type { Refusal } from '../refusal.js';
import { RequesterChain } from '../requester-chain.js';
import type { GlibcConfig } from './config.js';
import { messageOf } from './refusal-words.js';
import { isSecureName } from './secure-name.js';
import { expandTokens, hasToken, splitSearchPath, type TokenValues } from './tokens.js';
import { type Verdict, verifyCandidate } from './verify.js';

/** The directories of one search rule. Each ends with a slash; an empty one is the working directory. */
interface SearchList {
  readonly rule: SearchRule;
  readonly directories: readonly string[];
  readonly from?: string;
}

/** The state of one search: the requested name, and why nothing was found so far. */
interface SearchState {
  /** The errno of the last failure, which replaces those before it. */
  errno: string;
  /** Set if a file of another class was found. The loader then prints this instead of the errno. */
  otherClass?: Refusal;
  readonly requested: string;
  /** A preload in secure-execution mode: the cache is not asked, and files need the set-user-ID bit. */
  readonly mustBeMarked: boolean;
}

/** A file that ends the search, because it is loaded. */
export interface FoundFile {
  readonly kind: 'found';
  readonly path: string;
  readonly file: ResolvedPath;
  readonly elf: ElfFile;
  readonly rule: SearchRule;
}

/** The same, or one that is fatal. */
type Hit = FoundFile | (Verdict & { readonly kind: 'fatal' });

/** The result of one candidate. A file that was skipped has neither field. */
interface Trial {
  readonly hit?: Hit;
  /** Why the candidate could not be opened. */
  readonly problem?: UnresolvedPath['problem'];
}

export class GlibcSession implements LoaderSession {
  readonly #context: LoaderContext;
  readonly #config: GlibcConfig;
  readonly #program: LoadedObject;
  /** Loaded objects in load order. */
  readonly #loaded = new Map<LoadedObject, number>();
  /** The first loaded object that answers to a name. */
  readonly #byName = new Map<string, LoadedObject>();
  /** By device and inode; the program and the loader itself are not compared. */
  readonly #identities = new Map<string, LoadedObject>();
  readonly #paths = new Map<string, readonly string[]>();
  readonly #rpathOwners = new RequesterChain((object) => rpathOf(object) !== undefined);
  readonly #libraryPath: readonly string[];
  readonly #interpreter: LoadedObject | undefined;
  readonly #isSecure: boolean;
  readonly #isAudit: boolean;

  /** With `isAudit`, for an audit module of the program, which is not in its namespace. */
  constructor(context: LoaderContext, config: GlibcConfig, program: LoadedObject, isAudit = false) {
    this.#context = context;
    this.#config = config;
    this.#program = program;
    this.#isAudit = isAudit;
    if (!isAudit) this.#add(program, ['', ...sonameOf(program)]);
    const interpreter = context.interpreter.object;
    // If the program is the loader itself, it is not loaded a second time.
    if (interpreter !== undefined && interpreter.realPath !== program.realPath) {
      this.#interpreter = interpreter;
      this.#add(interpreter, [interpreter.path, ...sonameOf(interpreter)]);
    }
    this.#isSecure = context.rights.secure !== undefined;
    const libraryPath = this.#isSecure ? '' : (context.options.libraryPath ?? '');
    this.#libraryPath = this.#expand(libraryPath, /[:;]/, program);
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
    const name = this.#expandName(request, requester);
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
    const state: SearchState = { errno: 'ENOENT', requested: name, mustBeMarked };
    const hit = path.includes('/')
      ? this.#try(path, 'path', tried, state).hit
      : this.#search(name, requester, tried, state);
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

  #expandName(request: Request, requester: LoadedObject): string | undefined {
    if (!request.name.includes('$')) return request.name;
    // Tokens of a preload are replaced only if it is a path.
    if (request.kind === 'preload' && !request.name.includes('/')) return request.name;
    const expanded = expandTokens(request.name, this.#tokens(requester), this.#config.minor);
    return expanded === '' && request.name !== '' ? undefined : expanded;
  }

  /** Whether the cache and the system directories are all that is searched for names that an object needs. */
  #searchesNoList(requester: LoadedObject): boolean {
    const noDefault = ((requester.elf.dynamic?.flags1 ?? 0) & c.DF_1_NODEFLIB) !== 0;
    return !noDefault && this.#listsBeforeCache(requester).next().done === true;
  }

  #search(
    name: string,
    requester: LoadedObject,
    tried: Attempt[],
    state: SearchState,
  ): Hit | undefined {
    for (const list of this.#listsBeforeCache(requester)) {
      const hit = this.#tryList(name, list, tried, state);
      if (hit !== undefined) return hit;
    }
    const noDefault = ((requester.elf.dynamic?.flags1 ?? 0) & c.DF_1_NODEFLIB) !== 0;
    const cached = state.mustBeMarked ? undefined : this.#config.lookupCache(name);
    if (cached !== undefined && !(noDefault && this.#isBelowSystemDirectory(cached))) {
      const { hit } = this.#try(cached, 'cache', tried, state);
      if (hit !== undefined) return hit;
    }
    if (noDefault) return undefined;
    return this.#tryList(name, this.#config.systemList, tried, state);
  }

  /** RPATH of the requester and of the objects that requested it, LD_LIBRARY_PATH, then RUNPATH. */
  *#listsBeforeCache(requester: LoadedObject): Generator<SearchList> {
    if (this.#isAudit) {
      yield* this.#auditLists(requester);
      return;
    }
    const own = requester.elf.dynamic;
    if (own?.runpath === undefined) {
      let passedProgram = false;
      for (const o of this.#rpathOwners.from(requester)) {
        yield* this.#rpathOf(o);
        passedProgram ||= o === this.#program;
      }
      if (!passedProgram) yield* this.#rpathOf(this.#program);
    }
    if (this.#libraryPath.length > 0)
      yield { rule: 'library-path', directories: this.#libraryPath };
    yield* this.#runpathOf(requester);
  }

  /**
   * The same for an audit module and what it needs. The program requests the module, but only lends its
   * lists, at first only its RPATH.
   */
  *#auditLists(requester: LoadedObject): Generator<SearchList> {
    const own = requester === this.#program ? undefined : requester;
    if (own?.elf.dynamic?.runpath === undefined) {
      for (const o of this.#rpathOwners.from(own)) {
        if (o === this.#program) break;
        yield* this.#rpathOf(o);
      }
      yield* this.#rpathOf(this.#program);
      if (this.#config.minor >= 35) yield* this.#runpathOf(this.#program);
    }
    if (this.#libraryPath.length > 0)
      yield { rule: 'library-path', directories: this.#libraryPath };
    if (own !== undefined) yield* this.#runpathOf(own);
  }

  *#runpathOf(object: LoadedObject): Generator<SearchList> {
    const { runpath } = object.elf.dynamic ?? {};
    if (runpath === undefined || runpath === '') return;
    yield {
      rule: 'runpath',
      from: object.path,
      directories: this.#expand(runpath, /:/, object),
    };
  }

  *#rpathOf(object: LoadedObject): Generator<SearchList> {
    const rpath = rpathOf(object);
    if (rpath === undefined) return;
    yield { rule: 'rpath', from: object.path, directories: this.#expand(rpath, /:/, object) };
  }

  #isBelowSystemDirectory(path: string): boolean {
    return this.#config.systemList.directories.some((directory) => path.startsWith(directory));
  }

  /** open_path: tries every directory, until one of them ends the list. */
  #tryList(name: string, list: SearchList, tried: Attempt[], state: SearchState): Hit | undefined {
    for (const directory of list.directories) {
      const { hit, problem } = this.#tryDirectory(name, directory, list, tried, state);
      if (hit !== undefined || (problem !== undefined && this.#endsList(problem))) return hit;
    }
    return undefined;
  }

  /** Tries the subdirectories for the CPU, then the directory itself. Gives the result of the last. */
  #tryDirectory(
    name: string,
    directory: string,
    { rule, from }: SearchList,
    tried: Attempt[],
    state: SearchState,
  ): Trial {
    let last: Trial = {};
    for (const subdirectory of [...this.#config.subdirectories, '']) {
      const candidate = directory + subdirectory + name;
      if (this.#exists(directory + subdirectory)) {
        last = this.#try(candidate, rule, tried, state, from);
        if (state.mustBeMarked) last = withoutUnmarked(last, tried, state);
        if (last.hit !== undefined) return last;
      } else if (subdirectory === '')
        tried.push({ rule, path: candidate, outcome: 'missing', from });
    }
    return last;
  }

  /** Whether a directory exists. The loader does not check relative ones. */
  #exists(directory: string): boolean {
    if (!directory.startsWith('/')) return true;
    const found = this.#context.files.resolve(directory);
    return found.found && found.entry.kind === 'directory';
  }

  #endsList(problem: UnresolvedPath['problem']): boolean {
    if (problem === 'ENOENT' || problem === 'EACCES') return false;
    return problem !== 'ENOTDIR' || this.#config.minor < 39;
  }

  /** open_verify on one path. */
  #try(
    candidate: string,
    rule: SearchRule,
    tried: Attempt[],
    state: SearchState,
    from?: string,
  ): Trial {
    const file = this.#context.files.resolve(pathFrom(this.#context.options.cwd, candidate));
    if (!file.found) {
      const denied = file.problem === 'EACCES';
      tried.push({ rule, path: candidate, outcome: denied ? 'unreadable' : 'missing', from });
      state.errno = file.problem;
      return { problem: file.problem };
    }
    if (!this.#context.rights.mayRead(file)) {
      tried.push({ rule, path: candidate, outcome: 'denied', from });
      state.errno = 'EACCES';
      return { problem: 'EACCES' };
    }
    const names = { path: candidate, requested: state.requested };
    const { files } = this.#context;
    const { accepted } = this.#config;
    const known = accepted.get(file.path);
    const verdict: Verdict =
      known === undefined
        ? verifyCandidate(files, file, this.#program.elf, names, this.#config)
        : { kind: 'accepted', elf: known };
    if (verdict.kind === 'accepted') {
      accepted.set(file.path, verdict.elf);
      tried.push({ rule, path: candidate, outcome: 'found', from });
      return { hit: { kind: 'found', path: candidate, file, elf: verdict.elf, rule } };
    }
    if (verdict.kind === 'fatal') {
      tried.push({ rule, path: candidate, outcome: 'not-elf', from });
      return { hit: verdict };
    }
    tried.push({ rule, path: candidate, outcome: verdict.outcome, from });
    const { refusal } = verdict;
    state.errno = refusal?.errno ?? 'ENOENT';
    if (refusal?.code === 'wrong-class') state.otherClass = refusal;
    return {};
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

  #expand(path: string, separator: RegExp, owner: LoadedObject): readonly string[] {
    const isProgram = this.#isSecure && owner === this.#program;
    const key = `${isProgram}\0${owner.origin}\0${separator.source}\0${path}`;
    let directories = this.#paths.get(key);
    if (directories === undefined) {
      directories = splitSearchPath(path, separator, this.#tokens(owner), this.#config.minor);
      this.#paths.set(key, directories);
    }
    return directories;
  }

  untrusted(): readonly string[] {
    const { libraryPath, preload = '', audit = '' } = this.#context.options;
    const { rpath, runpath } = this.#program.elf.dynamic ?? {};
    const values = this.#tokens(this.#program);
    const isUntrusted = (element: string) =>
      element !== '' &&
      expandTokens(element, values, this.#config.minor) !==
        expandTokens(element, { ...values, secure: undefined }, this.#config.minor);
    return [
      ...(libraryPath ? ['LD_LIBRARY_PATH'] : []),
      ...(preload === '' ? [] : ['LD_PRELOAD']),
      ...(audit === '' ? [] : ['LD_AUDIT']),
      ...(runpath ?? rpath ?? '').split(':').filter(isUntrusted),
    ];
  }

  #tokens(object: LoadedObject): TokenValues {
    return {
      secure: this.#isSecure
        ? {
            isProgram: object === this.#program,
            trusted: this.#config.systemList.directories,
          }
        : undefined,
      ORIGIN: object.origin,
      LIB: this.#config.lib,
      PLATFORM: this.#config.cpu.platform,
    };
  }
}

const NOT_FOUND: Refusal = { code: 'cannot-open', errno: 'ENOENT' };

function missing(refusal: Refusal, tried: readonly Attempt[]): LoaderAnswer {
  return { outcome: 'missing', refusal, error: messageOf(refusal), tried };
}

/** The DT_RPATH that counts: none beside a DT_RUNPATH, and none that is empty. */
function rpathOf({ elf }: LoadedObject): string | undefined {
  const { rpath, runpath } = elf.dynamic ?? {};
  return runpath === undefined && rpath !== '' ? rpath : undefined;
}

/** Whether the name stands in a file that is loaded at the start (expand_dst in elf/dl-deps.c). */
function isInFile({ kind }: Request): boolean {
  return kind === 'needed' || kind === 'filter' || kind === 'auxiliary';
}

function tokenNotAllowed(name: string): LoaderAnswer {
  const refusal: Refusal = { code: 'token-not-allowed', file: name };
  return { outcome: 'fatal', refusal, error: messageOf(refusal), tried: [] };
}

/** open_path: a preload without the set-user-ID bit is closed again, as if it were not there. */
function withoutUnmarked(trial: Trial, tried: Attempt[], state: SearchState): Trial {
  const { hit } = trial;
  if (hit?.kind !== 'found' || (hit.file.entry.mode & SET_USER_ID) !== 0) return trial;
  tried.push({ ...(tried.pop() as Attempt), outcome: 'untrusted' });
  state.errno = 'ENOENT';
  return { problem: 'ENOENT' };
}

function sonameOf(object: LoadedObject): string[] {
  return object.elf.dynamic?.soname === undefined ? [] : [object.elf.dynamic.soname];
}
