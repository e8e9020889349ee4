/**
 * musl's search for one needed name, and its record of what is loaded.
 * Source: musl ldso/dynlink.c (load_library, path_open, fixup_rpath, load_deps), as of 1.1 to 1.2.
 */

import { ET_DYN, ET_EXEC } from '../../elf/constants.js';
import type { ElfFile } from '../../elf/elf-file.js';
import { baseName, pathFrom } from '../../root/path-text.js';
import type { ResolvedPath, UnresolvedPath } from '../../root/resolve-path.js';
import type { PathProblem } from '../../root/root.js';
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
import { newObject } from '../open-candidate.js';
import { preloadNames, preloadRequests } from '../preload-list.js';
import type { Refusal, RefusalCode } from '../refusal.js';
import { RequesterChain } from '../requester-chain.js';

/** Names that mean musl itself, even if there are such files; the group is the family. */
const RESERVED = /^lib(c|pthread|rt|m|dl|util|xnet)\./;

/** musl's text for each errno that opening or mapping a file can give. */
const MESSAGES: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  ENOTDIR: 'Not a directory',
  EACCES: 'Permission denied',
  ENAMETOOLONG: 'Filename too long',
  ELOOP: 'Symbolic link loop',
  EIO: 'I/O error',
  EISDIR: 'Is a directory',
  ENOEXEC: 'Exec format error',
  EINVAL: 'Invalid argument',
};

/** The list in the path file, or the built-in one. */
export type SystemPath = Pick<SearchPath, 'rule' | 'text'>;

interface SearchPath {
  readonly rule: SearchRule;
  readonly text: string;
  readonly from?: string;
}

export class MuslSession implements LoaderSession {
  readonly alwaysListsItself = false;
  readonly #context: LoaderContext;
  readonly #systemPath: SystemPath;
  readonly #program: LoadedObject;
  /** Objects by base name. Only those that were searched for answer to a later request by name. */
  readonly #byShortName = new Map<string, LoadedObject>();
  readonly #byIdentity = new Map<string, LoadedObject>();
  readonly #withShortName = new Set<LoadedObject>();
  readonly #reportedFamilies = new Set<string>();
  readonly #rpathOwners = new RequesterChain((object) => expandable(object) !== undefined);

  constructor(context: LoaderContext, systemPath: SystemPath, program: LoadedObject) {
    this.#context = context;
    this.#systemPath = systemPath;
    this.#program = program;
    const self = context.interpreter.object;
    if (self !== undefined) this.#byIdentity.set(self.entry.id, self);
  }

  preloads(): readonly Request[] {
    return preloadRequests(preloadNames(this.#context.options.preload, /[\s:]/));
  }

  requests(object: LoadedObject): readonly Request[] {
    return (object.elf.dynamic?.needed ?? []).map((name) => ({ name, kind: 'needed' }));
  }

  locate(request: Request, requester: LoadedObject): LoaderAnswer {
    const { name } = request;
    const tried: Attempt[] = [];
    if (name === '') return missing('EINVAL', tried);
    const family = RESERVED.exec(name)?.[1];
    if (family !== undefined || name === this.#context.interpreter.path)
      return this.#itself(family, tried);
    const known = this.#byShortName.get(name);
    if (known !== undefined) return { outcome: 'loaded', object: known, tried };

    const opened = name.includes('/')
      ? this.#open(name, { rule: 'path', text: '' }, tried)
      : this.#search(name, request.kind === 'preload' ? undefined : requester, tried);
    if (typeof opened === 'string') return missing(opened, tried);
    return this.#map(request, requester, opened, tried);
  }

  arrange<T extends { readonly object?: LoadedObject }>(rows: readonly T[]): readonly T[] {
    return rows;
  }

  diagnose(): readonly Diagnostic[] {
    return [];
  }

  /** musl's ldd names each family of reserved names once. */
  #itself(family: string | undefined, tried: Attempt[]): LoaderAnswer {
    const object = this.#context.interpreter.object;
    if (object === undefined) return missing('ENOENT', tried);
    if (family === undefined || this.#reportedFamilies.has(family))
      return { outcome: 'loaded', object, tried };
    this.#reportedFamilies.add(family);
    return { outcome: 'loaded', object, listedAs: 'built-in', tried };
  }

  #search(
    name: string,
    requester: LoadedObject | undefined,
    tried: Attempt[],
  ): OpenFile | PathProblem {
    for (const path of this.#searchPaths(requester))
      for (const directory of path.text.split(/[:\n]/)) {
        if (directory === '') continue;
        const opened = this.#open(`${directory}/${name}`, path, tried);
        if (typeof opened !== 'string') return opened;
        if (!PASSED_OVER.has(opened)) return opened;
      }
    return 'ENOENT';
  }

  /** LD_LIBRARY_PATH, the rpaths of the requester and of the objects that requested it, the system path. */
  *#searchPaths(requester: LoadedObject | undefined): Generator<SearchPath> {
    const { libraryPath } = this.#context.options;
    if (libraryPath !== undefined) yield { rule: 'library-path', text: libraryPath };
    for (const o of this.#rpathOwners.from(requester)) {
      const text = this.#distrusts(o) ? undefined : expandRpath(o);
      const rule = o.elf.dynamic?.runpath === undefined ? 'rpath' : 'runpath';
      if (text !== undefined) yield { rule, text, from: o.path };
    }
    yield this.#systemPath;
  }

  untrusted(): readonly string[] {
    return this.#distrusts(this.#program) ? [expandable(this.#program) ?? ''] : [];
  }

  /** fixup_rpath: the whole list of a program is ignored, since its path is up to who starts it. */
  #distrusts(object: LoadedObject): boolean {
    const isSecure = this.#context.rights.secure !== undefined;
    return isSecure && object === this.#program && expandable(object)?.includes('$') === true;
  }

  #open(candidate: string, path: SearchPath, tried: Attempt[]): OpenFile | PathProblem {
    const { cwd } = this.#context.options;
    const absolute = pathFrom(cwd, candidate);
    const file = this.#context.files.resolve(absolute);
    const isDenied = file.found && !this.#context.rights.mayRead(file);
    const outcome = isDenied ? 'denied' : outcomeOf(file);
    tried.push({ rule: path.rule, path: candidate, outcome, from: path.from });
    if (!file.found) return file.problem;
    if (isDenied) return 'EACCES';
    return { path: candidate, file, rule: path.rule };
  }

  #map(
    request: Request,
    requester: LoadedObject,
    opened: OpenFile,
    tried: Attempt[],
  ): LoaderAnswer {
    const searched = !request.name.includes('/');
    const same = this.#byIdentity.get(opened.file.entry.id);
    if (same !== undefined) {
      if (searched && !this.#withShortName.has(same)) this.#nameShortly(same);
      const { path, file } = opened;
      const found = { path, realPath: file.path, links: file.links };
      return { outcome: 'loaded', object: same, opened: found, tried };
    }
    const refuse = (code: string, outcome: Attempt['outcome']): LoaderAnswer => {
      tried[tried.length - 1] = { ...(tried.at(-1) as Attempt), outcome };
      return missing(code, tried);
    };
    if (opened.file.entry.kind === 'directory') return refuse('EISDIR', 'not-elf');
    const elf = this.#context.files.elfAs(this.#program.elf.header, opened.file);
    const detail = this.#context.files.truncation(opened.file);
    if (detail !== undefined) {
      const refusal: Refusal = { code: 'truncated', file: opened.path, detail };
      return {
        outcome: 'fatal',
        refusal,
        error: `${opened.path}: ${detail}`,
        signal: 'SIGBUS',
        tried,
      };
    }
    if (elf === undefined || !isMappable(elf)) return refuse('ENOEXEC', 'not-elf');
    // musl unmaps another libc again, and uses itself instead.
    if (/^libc\.(so\.6|musl-.*)$/.test(elf.dynamic?.soname ?? '')) return this.#itself('c', tried);
    const object: LoadedObject = {
      ...newObject(request, requester, { ...opened, elf }, this.#context.options.cwd),
      // The text of the path that was opened, so it may be relative.
      origin: opened.path.slice(0, opened.path.lastIndexOf('/')),
      // A preload has no requester, so the program's rpath is not searched for its needs.
      requester: request.kind === 'preload' ? undefined : requester,
    };
    this.#byIdentity.set(opened.file.entry.id, object);
    if (searched) this.#nameShortly(object);
    return { outcome: 'found', object, rule: opened.rule, tried };
  }

  #nameShortly(object: LoadedObject): void {
    this.#withShortName.add(object);
    const name = baseName(object.path);
    if (!this.#byShortName.has(name)) this.#byShortName.set(name, object);
  }
}

interface OpenFile {
  readonly path: string;
  readonly file: ResolvedPath;
  readonly rule: SearchRule;
}

/** After these errors path_open tries the next directory. Any other one ends the search. */
const PASSED_OVER: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'ENAMETOOLONG']);

function outcomeOf(file: ResolvedPath | UnresolvedPath): Attempt['outcome'] {
  if (file.found) return 'found';
  return file.problem === 'EACCES' ? 'unreadable' : 'missing';
}

/** musl prints only the errno, whatever went wrong. */
function missing(errno: string, tried: readonly Attempt[]): LoaderAnswer {
  const refusal: Refusal = { code: CODES[errno] ?? 'cannot-open', errno };
  return { outcome: 'missing', refusal, error: MESSAGES[errno] ?? errno, tried };
}

const CODES: Readonly<Record<string, RefusalCode>> = {
  EINVAL: 'empty-name',
  EISDIR: 'cannot-read',
  ENOEXEC: 'not-loadable',
};

function expandable({ elf }: LoadedObject): string | undefined {
  return elf.dynamic?.runpath ?? elf.dynamic?.rpath;
}

/** musl treats RUNPATH and RPATH alike, and ignores one that has any token but $ORIGIN. */
function expandRpath(object: LoadedObject): string | undefined {
  const text = expandable(object);
  if (text === undefined || !text.includes('$')) return text;
  const expanded = text.replaceAll(/\$(?:\{ORIGIN\}|ORIGIN)/g, () =>
    object.origin === '/' ? '' : object.origin,
  );
  return text.replaceAll(/\$(?:\{ORIGIN\}|ORIGIN)/g, '').includes('$') ? undefined : expanded;
}

/** map_library checks e_type and the segments, but neither e_ident nor the machine. */
function isMappable({ header: { type }, dynamic }: ElfFile): boolean {
  return (type === ET_DYN || type === ET_EXEC) && dynamic !== undefined;
}
