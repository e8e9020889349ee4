/**
 * From paths to closures: opens each program, chooses the loader that will run it, has the walk
 * resolve its needs. A bad file among many becomes an entry in `errors`; the others are answered.
 */
import type { ElfFile } from '../elf/elf-file.js';
import { parseShebang, SHEBANG_BYTES } from '../elf/script.js';
import { describeTarget, sameTarget, type Target } from '../elf/target.js';
import { describeErrno, ElfdepsError, errnoOf } from '../errors.js';
import { directoryOf } from '../loader/directory-of.js';
import type {
  ConfiguredLoader,
  LoadedObject,
  Loader,
  LoaderName,
  LoaderOptions,
} from '../loader/loader.js';
import { ObjectFiles } from '../loader/object-files.js';
import type { ResolvedPath } from '../root/resolve-path.js';
import type { Root } from '../root/root.js';
import type { Closure, Interpreter, Program } from './closure.js';
import { scriptPrograms } from './script-interpreter.js';
import { walk } from './walk.js';

/** What to trace with; every field may be left out. */
export interface TraceOptions extends Partial<LoaderOptions> {
  /** Use this loader for every program that has a loader, whatever its interpreter is. */
  readonly loader?: LoaderName;
}

/** The answer for all programs of a run. */
export interface Trace {
  readonly root: Root;
  /** In the order of the programs; interpreters of scripts follow their script. */
  readonly closures: readonly Closure[];
  /** Programs that could not be read, and why. */
  readonly errors: readonly ElfdepsError[];
}

/**
 * Traces `programs` (absolute paths in `root`) with the rules of `loaders`. Reads the environment
 * nowhere: what LD_LIBRARY_PATH and LD_PRELOAD shall be is in the options.
 */
export function trace(
  root: Root,
  programs: readonly string[],
  options: TraceOptions,
  loaders: readonly Loader[],
): Trace {
  return new Tracer(root, options, loaders).run(programs);
}

class Tracer {
  readonly #files: ObjectFiles;
  readonly #root: Root;
  readonly #options: LoaderOptions;
  readonly #loaders: readonly Loader[];
  readonly #forced: Loader | undefined;
  readonly #configured = new Map<string, ConfiguredLoader>();
  readonly #interpreters = new Map<string, LoadedObject | undefined>();
  readonly #closures = new Map<string, Closure>();
  readonly #errors: ElfdepsError[] = [];
  #inUse: readonly string[] | undefined;

  constructor(root: Root, options: TraceOptions, loaders: readonly Loader[]) {
    this.#root = root;
    this.#files = new ObjectFiles(root);
    this.#loaders = loaders;
    this.#forced = loaders.find((loader) => loader.name === options.loader);
    this.#options = {
      hwcaps: options.hwcaps ?? (root.isHost ? 'host' : 'none'),
      ldconfig: options.ldconfig ?? false,
      cwd: options.cwd ?? '/',
      ...(options.libraryPath === undefined ? {} : { libraryPath: options.libraryPath }),
      ...(options.preload === undefined ? {} : { preload: options.preload }),
    };
  }

  run(programs: readonly string[]): Trace {
    for (const path of programs) {
      try {
        this.#trace(path);
      } catch (error) {
        if (!(error instanceof ElfdepsError)) throw error;
        this.#errors.push(error);
      }
    }
    return { root: this.#root, closures: [...this.#closures.values()], errors: this.#errors };
  }

  #trace(path: string): void {
    if (this.#closures.has(path)) return;
    const file = this.#open(path);
    const program = this.#readProgram(path, file);
    if (program.shebang !== undefined) this.#traceScript(path, program, program.shebang);
    else this.#closures.set(path, this.#close(program, program.elf as ElfFile));
  }

  #open(path: string): ResolvedPath {
    const file = this.#files.resolve(path);
    if (!file.found) {
      if (file.problem === 'ELOOP')
        throw new ElfdepsError('ROOT_SYMLINK_LOOP', 'more than 40 symbolic links', { path });
      const missing = file.problem === 'ENOENT' || file.problem === 'ENOTDIR';
      throw new ElfdepsError(
        missing ? 'FILE_NOT_FOUND' : 'FILE_UNREADABLE',
        describeErrno(file.problem),
        { path, ...(missing ? danglingHint(path, file.at) : {}) },
      );
    }
    if (file.entry.kind !== 'file')
      throw new ElfdepsError('NOT_REGULAR_FILE', 'not a regular file', { path });
    return file;
  }

  #readProgram(path: string, file: ResolvedPath): Program {
    const common = { path, realPath: file.path, links: file.links, entry: file.entry };
    try {
      const shebang = parseShebang(this.#files.source(file).read(0, SHEBANG_BYTES));
      if (shebang !== undefined) return { ...common, kind: 'script', shebang };
      const elf = this.#files.elf(file);
      return { ...common, kind: elf.kind, elf };
    } catch (error) {
      // Errors speak of the path the user gave.
      if (error instanceof ElfdepsError)
        throw new ElfdepsError(error.code, error.fact, {
          path,
          cause: error,
          ...(error.hint === undefined ? {} : { hint: error.hint }),
        });
      const code = errnoOf(error);
      if (code === undefined) throw error;
      throw new ElfdepsError('FILE_UNREADABLE', describeErrno(code), { path, cause: error });
    }
  }

  /** A script, then the programs that its first line starts as programs of their own. */
  #traceScript(path: string, program: Program, shebang: NonNullable<Program['shebang']>): void {
    const { programs, missing } = scriptPrograms(this.#files, shebang);
    const interpreter = this.#interpreterFile(shebang.interpreter);
    const elf = this.#elfAt(programs.at(-1) as string);
    this.#closures.set(path, {
      program: elf === undefined ? program : { ...program, elf },
      linkage: elf?.linkage ?? 'dynamic',
      target: elf?.target ?? null,
      loader: null,
      libc: null,
      interpreter,
      objects: [],
      libraries: [],
      configuration: [],
      ignoredPreloads: [],
      diagnostics: missing.map((name) => ({
        code: 'SCRIPT_PROGRAM_MISSING',
        message: `${path}: env finds no '${name}' in the root's PATH`,
      })),
      complete: interpreter.status === 'found' && missing.length === 0,
    });
    for (const name of programs) if (this.#files.resolve(name).found) this.#trace(name);
  }

  #elfAt(path: string): ElfFile | undefined {
    const file = this.#files.resolve(path);
    return file.found && file.entry.kind === 'file' ? this.#files.findElf(file) : undefined;
  }

  /** The closure of an ELF file. */
  #close(program: Program, elf: ElfFile): Closure {
    const interpreter =
      elf.interpreter === undefined ? null : this.#interpreterFile(elf.interpreter);
    const common = { program, linkage: elf.linkage, target: elf.target, interpreter };
    const object: LoadedObject = {
      role: 'program',
      name: program.path,
      path: program.path,
      realPath: program.realPath,
      links: program.links,
      entry: program.entry,
      // A program's origin is where the kernel says it is, a library's the path it is opened by.
      origin: directoryOf(elf.kind === 'executable' ? program.realPath : program.path),
      elf,
    };
    const chosen = elf.dynamic === undefined ? undefined : this.#chooseLoader(program.path, elf);
    if (chosen === undefined || elf.linkage !== 'dynamic')
      return {
        ...common,
        loader: null,
        libc: null,
        objects: [object],
        libraries: [],
        configuration: [],
        ignoredPreloads: [],
        diagnostics: [],
        complete: interpreter?.status !== 'missing',
      };
    const { loader, path } = chosen;
    const own = this.#interpreterObject(path, elf.target);
    const configured = this.#configure(loader, path, elf.target, own);
    const session = configured.start(object);
    const result = walk(object, session, {
      listsEveryMiss: loader.listsEveryMiss,
      ...(own === undefined ? {} : { interpreter: own }),
    });
    const vdso = loader.vdsoName(elf.target);
    return {
      ...common,
      loader: loader.name,
      libc: loader.libc,
      objects: result.objects,
      libraries: result.libraries,
      configuration: configured.files,
      ...(vdso === undefined ? {} : { vdso }),
      ignoredPreloads: result.ignoredPreloads,
      diagnostics: result.diagnostics,
      ...(result.fatal === undefined ? {} : { fatal: result.fatal }),
      complete:
        interpreter?.status !== 'missing' &&
        result.fatal === undefined &&
        result.libraries.every(({ status, kind }) => status === 'found' || kind === 'auxiliary'),
    };
  }

  /** The loader that runs a file, and the path of that loader's own file. */
  #chooseLoader(path: string, elf: ElfFile): { loader: Loader; path: string } | undefined {
    const { interpreter, target } = elf;
    if (interpreter !== undefined) {
      const loader = this.#forced ?? this.#loaderOfInterpreter(interpreter);
      if (loader !== undefined) return { loader, path: interpreter };
      throw new ElfdepsError('LOADER_UNKNOWN', `no rules for interpreter ${interpreter}`, {
        path,
        hint: `known are ${this.#names()}; --loader takes one of them all the same`,
      });
    }
    // A library is loaded by whatever program opens it: its needs tell, else the root.
    const needed = elf.dynamic?.needed ?? [];
    const byNeeds = this.#loaders.filter((loader) => loader.recognizesNeeds(needed));
    const candidates =
      this.#forced === undefined ? [...new Set([...byNeeds, ...this.#loaders])] : [this.#forced];
    for (const loader of candidates)
      for (const usual of [...loader.interpreterPaths(target), ...this.#interpretersInUse()]) {
        if (!loader.recognizesInterpreter([baseName(usual)])) continue;
        if (this.#interpreterObject(usual, target) !== undefined) return { loader, path: usual };
      }
    for (const loader of candidates) {
      const usual = loader.interpreterPaths(target)[0];
      if (usual !== undefined) return { loader, path: usual };
    }
    if (needed.length === 0) return undefined;
    throw new ElfdepsError('LOADER_UNKNOWN', `no loader for ${describeTarget(target)}`, {
      path,
      hint: `known are ${this.#names()}`,
    });
  }

  /** What the root's own programs ask for, where that is not in the usual place. */
  #interpretersInUse(): readonly string[] {
    this.#inUse ??= [
      ...new Set(COMMON_PROGRAMS.flatMap((path) => this.#elfAt(path)?.interpreter ?? [])),
    ];
    return this.#inUse;
  }

  /** By the path itself, by the file it leads to, or by that file's soname. */
  #loaderOfInterpreter(path: string): Loader | undefined {
    const file = this.#files.resolve(path);
    const names = [baseName(path)];
    if (file.found) {
      names.push(baseName(file.path));
      const soname = this.#elfAt(path)?.dynamic?.soname;
      if (soname !== undefined) names.push(soname);
    }
    for (const name of names) {
      const loader = this.#loaders.find((l) => l.recognizesInterpreter([name]));
      if (loader !== undefined) return loader;
    }
    return undefined;
  }

  #configure(
    loader: Loader,
    path: string,
    target: Target,
    object: LoadedObject | undefined,
  ): ConfiguredLoader {
    const key = `${loader.name}\0${path}\0${JSON.stringify(target)}`;
    let configured = this.#configured.get(key);
    if (configured === undefined) {
      configured = loader.configure({
        files: this.#files,
        target,
        interpreter: object === undefined ? { path } : { path, object },
        options: this.#options,
      });
      this.#configured.set(key, configured);
    }
    return configured;
  }

  /** The loader's file as an object of the process; undefined when missing or for another target. */
  #interpreterObject(path: string, target: Target): LoadedObject | undefined {
    const key = `${path}\0${JSON.stringify(target)}`;
    if (this.#interpreters.has(key)) return this.#interpreters.get(key);
    const file = this.#files.resolve(this.#absolute(path));
    const elf = file.found && file.entry.kind === 'file' ? this.#files.findElf(file) : undefined;
    let object: LoadedObject | undefined;
    if (file.found && elf !== undefined && sameTarget(elf.target, target))
      object = {
        role: 'interpreter',
        name: path,
        path,
        realPath: file.path,
        links: file.links,
        entry: file.entry,
        origin: directoryOf(this.#absolute(path)),
        elf,
        rule: 'interpreter',
      };
    this.#interpreters.set(key, object);
    return object;
  }

  #interpreterFile(path: string): Interpreter {
    const file = this.#files.resolve(this.#absolute(path));
    if (!file.found || file.entry.kind !== 'file')
      return { path, status: 'missing', links: file.links };
    return {
      path,
      status: 'found',
      realPath: file.path,
      links: file.links,
      entry: file.entry,
    };
  }

  #absolute(path: string): string {
    return path.startsWith('/') ? path : `${this.#options.cwd}/${path}`;
  }

  #names(): string {
    return this.#loaders.map((loader) => loader.name).join(', ');
  }
}

/** Programs that some root has, whatever system it is. */
const COMMON_PROGRAMS = ['/bin/sh', '/bin/busybox', '/usr/bin/env', '/sbin/init', '/bin/ls'];

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function danglingHint(path: string, at: string): { hint?: string } {
  return at === path ? {} : { hint: `nothing stands at ${at}` };
}
