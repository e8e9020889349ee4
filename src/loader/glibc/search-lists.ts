/**
 * The directories that glibc searches for what an object needs, before its cache: DT_RPATH, LD_LIBRARY_PATH and
 * DT_RUNPATH in the loader's order, with their tokens replaced.
 * Source: glibc elf/dl-load.c (_dl_map_object, decompose_rpath), elf/rtld.c (load_audit_module).
 */
import type { LoadedObject, LoaderContext, Request, SearchRule } from '../loader.js';
import { RequesterChain } from '../requester-chain.js';
import type { GlibcConfig } from './config.js';
import { expandTokens, splitSearchPath, type TokenValues } from './tokens.js';

/** The directories of one search rule. Each ends with a slash; an empty one is the working directory. */
export interface SearchList {
  readonly rule: SearchRule;
  readonly directories: readonly string[];
  readonly from?: string;
}

/** The lists of one program and of what it loads. */
export class SearchLists {
  readonly #context: LoaderContext;
  readonly #config: GlibcConfig;
  readonly #program: LoadedObject;
  readonly #isSecure: boolean;
  readonly #isAudit: boolean;
  readonly #paths = new Map<string, readonly string[]>();
  readonly #rpathOwners = new RequesterChain((object) => rpathOf(object) !== undefined);
  readonly #libraryPath: readonly string[];

  /** With `isAudit`, of an audit module of the program. */
  constructor(
    context: LoaderContext,
    config: GlibcConfig,
    program: LoadedObject,
    isAudit: boolean,
  ) {
    this.#context = context;
    this.#config = config;
    this.#program = program;
    this.#isAudit = isAudit;
    this.#isSecure = context.rights.secure !== undefined;
    const libraryPath = this.#isSecure ? '' : (context.options.libraryPath ?? '');
    this.#libraryPath = this.#expand(libraryPath, /[:;]/, program);
  }

  /** RPATH of the requester and of the objects that requested it, LD_LIBRARY_PATH, then RUNPATH. */
  *beforeCache(requester: LoadedObject): Generator<SearchList> {
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

  /** The name with its tokens replaced; undefined where nothing is left of it. */
  expandName(request: Request, requester: LoadedObject): string | undefined {
    if (!request.name.includes('$')) return request.name;
    // Tokens of a preload are replaced only if it is a path.
    if (request.kind === 'preload' && !request.name.includes('/')) return request.name;
    const expanded = expandTokens(request.name, this.#tokens(requester), this.#config.minor);
    return expanded === '' && request.name !== '' ? undefined : expanded;
  }

  /** What the loader ignores in secure-execution mode: variables, and elements of the program's list. */
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

/** The DT_RPATH that counts: none beside a DT_RUNPATH, and none that is empty. */
function rpathOf({ elf }: LoadedObject): string | undefined {
  const { rpath, runpath } = elf.dynamic ?? {};
  return runpath === undefined && rpath !== '' ? rpath : undefined;
}
