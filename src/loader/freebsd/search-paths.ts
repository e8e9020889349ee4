/**
 * The directories that FreeBSD's loader searches for what an object needs, in its order, with tokens replaced.
 * Source: FreeBSD libexec/rtld-elf/rtld.c (find_library, path_enumerate, origin_subst).
 */
import { DF_1_NODEFLIB } from '../../elf/constants.js';
import { directoryOf } from '../../root/path-text.js';
import type { LoadedObject, LoaderContext, SearchRule } from '../loader.js';
import type { FreebsdConfig } from './config.js';

/** The directories of one search rule, separated by colons, with tokens replaced. */
export interface SearchPath {
  readonly rule: SearchRule;
  readonly text: string;
  readonly from?: string;
}

/** What `uname -m` prints, if that is not our name for the machine. */
const PLATFORMS: Readonly<Record<string, string>> = {
  'x86-64': 'amd64',
  aarch64: 'arm64',
  ppc: 'powerpc',
  ppc64: 'powerpc',
};

/** The search paths of one program and of what it loads. */
export class SearchPaths {
  readonly #context: LoaderContext;
  readonly #config: FreebsdConfig;
  readonly #program: LoadedObject;

  constructor(context: LoaderContext, config: FreebsdConfig, program: LoadedObject) {
    this.#context = context;
    this.#config = config;
    this.#program = program;
  }

  /** All of them, for what `owner` needs; a preload has no owner. */
  *of(owner: LoadedObject | undefined): Generator<SearchPath> {
    if (owner !== undefined) yield* this.#rpathOf(owner);
    if (owner?.elf.dynamic?.runpath === undefined && owner !== undefined && owner !== this.#program)
      yield* this.#rpathOf(this.#program);
    const { libraryPath } = this.#context.options;
    if (libraryPath !== undefined) yield { rule: 'library-path', text: libraryPath };
    const runpath = owner?.elf.dynamic?.runpath;
    if (owner !== undefined && runpath !== undefined)
      yield { rule: 'runpath', text: this.substitute(runpath, owner), from: owner.path };

    const noDefault = ((owner?.elf.dynamic?.flags1 ?? 0) & DF_1_NODEFLIB) !== 0;
    const { hints, standardPath } = this.#config;
    const standard = elementsOf(standardPath);
    const others = elementsOf(hints).filter((directory) => !standard.includes(directory));
    yield { rule: 'configured', text: noDefault ? others.join(':') : hints };
    if (owner !== undefined && !noDefault) yield { rule: 'default', text: standardPath };
  }

  *#rpathOf(object: LoadedObject): Generator<SearchPath> {
    const { rpath, runpath } = object.elf.dynamic ?? {};
    if (rpath !== undefined && runpath === undefined)
      yield { rule: 'rpath', text: this.substitute(rpath, object), from: object.path };
  }

  /** Replaces tokens anywhere in the text. `$OSREL` stays, since a root does not tell its release. */
  substitute(text: string, owner: LoadedObject | undefined): string {
    if (owner === undefined || !text.includes('$')) return text;
    // origin_subst: a process that is not trusted uses the text as it stands.
    if (this.#context.rights.secure !== undefined) return text;
    const { machine } = this.#context.target;
    const values = {
      // obj_resolve_origin follows links, in libraries too.
      ORIGIN: directoryOf(owner.realPath),
      OSNAME: 'FreeBSD',
      PLATFORM: PLATFORMS[machine] ?? machine,
      LIB: this.#config.lib,
    };
    let result = text;
    for (const [token, value] of Object.entries(values))
      result = result.replaceAll(`$${token}`, () => value).replaceAll(`\${${token}}`, () => value);
    return result;
  }
}

/** The elements of a search path. Empty ones are ignored; they do not mean the working directory. */
export function elementsOf(path: string): string[] {
  return path.split(/[:;]+/).filter((element) => element !== '');
}
