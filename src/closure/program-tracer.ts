/**
 * Reads programs of one root, configures their loaders, and keeps both: each program is read once and
 * each loader configured once, however often a trace asks.
 */
import type { ElfFile } from '../elf/elf-file.js';
import { type Target, targetKey } from '../elf/target.js';
import { ElfdepsError } from '../errors.js';
import { type StartPlace, startPlace } from '../files/path-search.js';
import type { RootFiles } from '../files/root-files.js';
import type { Diagnostic } from '../loader/diagnostic.js';
import type {
  ConfiguredLoader,
  LoadedObject,
  Loader,
  LoaderName,
  LoaderOptions,
} from '../loader/loader.js';
import { directoryOf } from '../root/path-text.js';
import { ORDINARY_USER, type User } from '../root/user.js';
import { auditModulesOf } from './audit-modules.js';
import { type Closure, type Interpreter, isOptional, type Program } from './closure.js';
import { Exclusions } from './exclusions.js';
import { dlopenDiagnostic, failingDlopens } from './failing-dlopens.js';
import { LoaderChoice } from './loader-choice.js';
import { type ProgramStart, startProgram, trustedStart } from './program-start.js';
import { readProgram } from './read-program.js';
import { type ScriptPrograms, scriptPrograms } from './script-interpreter.js';
import { mattersInSecureMode, secureDiagnostic, secureExecutionOf } from './secure-execution.js';
import { type ProgramWalk, TracedProgram } from './traced-program.js';
import { Walk, type WalkResult } from './walk.js';

/** Programs whose walks are kept for what they open later. */
const MAX_KEPT_WALKS = 64;

/** The programs of one root, traced with one set of options. */
export class ProgramTracer {
  readonly files: RootFiles;
  readonly loaders: readonly Loader[];
  readonly #options: LoaderOptions;
  readonly #place: StartPlace;
  readonly #takesTexts: boolean;
  readonly #choice: LoaderChoice;
  /** What the user leaves out. */
  readonly exclusions: Exclusions;
  readonly #user: User | 'trusted' | undefined;
  readonly #configured = new Map<string, ConfiguredLoader>();
  readonly #loaderOf = new Map<string, ConfiguredLoader>();
  readonly #programs = new Map<string, TracedProgram | ElfdepsError>();

  constructor(
    files: RootFiles,
    options: Partial<LoaderOptions> & {
      readonly loader?: LoaderName;
      readonly startedBy?: User | 'trusted';
      readonly exclude?: readonly string[];
      readonly takesTexts?: boolean;
      readonly searchPath?: string;
    },
    loaders: readonly Loader[],
  ) {
    const { hwcaps, ldconfig = false, libraryPath, preload, audit, startedBy } = options;
    this.#place = startPlace(options);
    const { cwd } = this.#place;
    this.files = files;
    this.loaders = loaders;
    this.#takesTexts = options.takesTexts ?? false;
    this.#options = {
      hwcaps: hwcaps ?? (files.root.isHost ? 'host' : 'none'),
      ldconfig,
      cwd,
      libraryPath,
      preload,
      audit,
    };
    this.#user = startedBy;
    this.exclusions = new Exclusions(options.exclude);
    this.#choice = new LoaderChoice(files, loaders, options.loader, cwd);
  }

  /** The loader of a program that was traced; undefined where nothing is loaded. */
  loaderOf(program: string): ConfiguredLoader | undefined {
    return this.#loaderOf.get(program);
  }

  /** The program at a path. Throws the same {@link ElfdepsError} each time where there is none. */
  program(path: string): TracedProgram {
    let program = this.#programs.get(path);
    if (program === undefined) {
      try {
        program = this.#read(path);
      } catch (error) {
        if (!(error instanceof ElfdepsError)) throw error;
        program = error;
      }
      this.#programs.set(path, program);
    }
    if (program instanceof ElfdepsError) throw program;
    return program;
  }

  #read(path: string): TracedProgram {
    const program = readProgram(this.files, path, this.#takesTexts);
    const keepsWalk = this.#programs.size < MAX_KEPT_WALKS;
    return new TracedProgram(this.files, path, this.#howTo(program), keepsWalk);
  }

  #howTo(program: Program) {
    const { shebang, elf } = program;
    if (shebang !== undefined) return this.#script(program, shebang);
    if (elf !== undefined) return this.#load(program, elf);
    const common = { program, linkage: 'static', target: null, interpreter: null } as const;
    return { closure: { ...NOTHING_LOADED, ...common, complete: false } };
  }

  /** A script alone; the programs that its first line starts are programs of their own. */
  #script(program: Program, shebang: NonNullable<Program['shebang']>) {
    const { path } = program;
    const found = scriptPrograms(this.files, shebang, this.#place);
    const { programs, isMissing, refused } = found;
    const interpreter = this.#interpreterFile(shebang.interpreter);
    const elf = this.#choice.elfAt(programs.at(-1) as string);
    const closure: Closure = {
      ...NOTHING_LOADED,
      program: { ...program, elf },
      linkage: elf?.linkage ?? 'dynamic',
      target: elf?.target ?? null,
      interpreter,
      diagnostics: scriptDiagnostics(path, found),
      complete: interpreter.status === 'found' && !isMissing && refused === undefined,
    };
    return { closure, starts: programs.filter((name) => this.files.resolve(name).found) };
  }

  /** An ELF file: its closure where no loader loads it, else how to walk it. */
  #load(program: Program, elf: ElfFile) {
    const hasInterpreter = elf.interpreter !== undefined && !elf.debugOnly;
    const interpreter = hasInterpreter ? this.#interpreterFile(elf.interpreter as string) : null;
    const common = { program, linkage: elf.linkage, target: elf.target, interpreter };
    const object = programObject(program, elf);
    const chosen = elf.dynamic === undefined ? undefined : this.#choice.choose(program.path, elf);
    if (chosen === undefined || elf.linkage !== 'dynamic') {
      const complete = interpreter?.status !== 'missing';
      return { closure: { ...NOTHING_LOADED, ...common, objects: [object], complete } };
    }
    const { loader, path } = chosen;
    const own = this.#choice.object(path, elf.target);
    const walkLoader = {
      listsEveryMiss: loader.listsEveryMiss,
      interpreter: own,
      exclusions: this.exclusions,
    };
    const walkOf = (start: ProgramStart, trusted?: WalkResult): ProgramWalk => {
      const configured = this.#configure(loader, path, elf.target, own, start);
      this.#loaderOf.set(program.path, configured);
      return {
        begin: () => new Walk(object, configured.start(object), walkLoader),
        describe: (result) => {
          const { secure } = start.rights;
          const ignored = () => configured.start(object).untrusted?.() ?? [];
          const secureExecution =
            secure && secureExecutionOf(secure, ignored(), result.libraries, trusted?.libraries);
          return {
            program,
            linkage: elf.linkage,
            target: elf.target,
            loader: loader.name,
            libc: loader.libc,
            traits: loader.traits,
            secureExecution,
            loaderPath: path,
            interpreter,
            objects: result.objects,
            libraries: result.libraries,
            configuration: configured.files,
            vdso: loader.vdsoName(elf.target),
            ignoredPreloads: result.ignoredPreloads,
            auditModules: auditModulesOf(object, configured, walkLoader),
            diagnostics: [
              ...(secureExecution ? [secureDiagnostic(program.path, secureExecution)] : []),
              ...result.diagnostics,
              ...failingDlopens(result.libraries).map(dlopenDiagnostic),
            ],
            fatal: result.fatal,
            fatalSignal: result.fatalSignal,
            complete:
              interpreter?.status !== 'missing' &&
              result.fatal === undefined &&
              result.libraries.every(
                (library) => library.status !== 'missing' || isOptional(library),
              ),
          };
        },
      };
    };
    return {
      ...walkOf(trustedStart(this.#startOf(program))),
      inSecureMode: (trusted: WalkResult) => {
        const start = this.#startOf(program, trusted);
        return start.rights.secure === undefined ? undefined : walkOf(start, trusted);
      },
    };
  }

  #configure(
    loader: Loader,
    path: string,
    target: Target,
    object: LoadedObject | undefined,
    start: ProgramStart,
  ): ConfiguredLoader {
    // A file that does not say its float ABI has that of the loader that runs it.
    const actual = object?.elf.target ?? target;
    const key = `${loader.name}\0${path}\0${targetKey(actual)}\0${start.key}`;
    let configured = this.#configured.get(key);
    if (configured === undefined) {
      configured = loader.configure({
        files: this.files,
        target: actual,
        interpreter: { path, object },
        options: this.#options,
        rights: start.rights,
      });
      this.#configured.set(key, configured);
    }
    return configured;
  }

  /**
   * How the user starts a program. File capabilities count if `trusted`,
   * what is loaded without them, may change by them: on disk it takes a process to read them.
   */
  #startOf({ realPath, entry, kind }: Program, trusted?: WalkResult): ProgramStart {
    const { root } = this.files;
    const user = this.#user;
    // A library is started by none.
    const isStarted = kind === 'executable' && user !== 'trusted';
    const matters = isStarted && trusted && mattersInSecureMode(trusted, this.#options);
    return startProgram(
      root,
      isStarted ? entry : { ...entry, mode: 0 },
      user === undefined || user === 'trusted' ? ORDINARY_USER : user,
      user !== undefined && user !== 'trusted',
      () =>
        (isStarted ? entry.capability : undefined) ??
        (matters ? root.capability?.(realPath) : undefined),
    );
  }

  #interpreterFile(path: string): Interpreter {
    const file = this.files.resolve(this.#choice.absolute(path));
    if (!file.found || file.entry.kind !== 'file')
      return { path, status: 'missing', links: file.links };
    const { path: realPath, links, entry } = file;
    return { path, status: 'found', realPath, links, entry };
  }
}

function scriptDiagnostics(path: string, found: ScriptPrograms): Diagnostic[] {
  const { command: name, isMissing, refused } = found;
  if (refused !== undefined) {
    const option = refused.short === undefined ? `--${refused.long}` : `-${refused.short}`;
    const message = `${path}: the env of the root does not know the option '${option}'`;
    return [{ code: 'SCRIPT_OPTION_REFUSED', name: option, message }];
  }
  if (!isMissing || name === undefined) return [];
  const message = `${path}: env finds no '${name}' in the root's PATH`;
  return [{ code: 'SCRIPT_PROGRAM_MISSING', name, message }];
}

function programObject(program: Program, elf: ElfFile): LoadedObject {
  const { path, realPath, links, entry } = program;
  return {
    role: 'program',
    name: path,
    path,
    realPath,
    links,
    entry,
    // A program's origin is where the kernel says it is, a library's the path it is opened by.
    origin: directoryOf(elf.kind === 'executable' ? realPath : path),
    elf,
  };
}

/** The part of a closure that a loader decides, where there is none. */
const NOTHING_LOADED = {
  loader: null,
  libc: null,
  traits: null,
  objects: [],
  libraries: [],
  configuration: [],
  ignoredPreloads: [],
  auditModules: [],
  diagnostics: [],
} as const;
