/**
 * Tries the candidates of one name, as glibc opens them: the directories of a list with their variants for
 * the CPU, and why a file is passed over. Which lists there are is up to search-lists.ts.
 * Source: glibc elf/dl-load.c (open_path, open_verify).
 */
import type { ElfFile } from '../../elf/elf-file.js';
import { pathFrom } from '../../root/path-text.js';
import type { ResolvedPath, UnresolvedPath } from '../../root/resolve-path.js';
import { SET_USER_ID } from '../../root/user.js';
import type { Attempt, LoaderContext, SearchRule } from '../loader.js';
import type { Refusal } from '../refusal.js';
import type { GlibcConfig } from './config.js';
import type { SearchList } from './search-lists.js';
import { type Verdict, verifyCandidate } from './verify.js';

/** The state of one search: the requested name, and why nothing was found so far. */
export interface SearchState {
  readonly tried: Attempt[];
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
export type Hit = FoundFile | (Verdict & { readonly kind: 'fatal' });

/** The result of one candidate. A file that was skipped has neither field. */
interface Trial {
  readonly hit?: Hit;
  /** Why the candidate could not be opened. */
  readonly problem?: UnresolvedPath['problem'];
}

/** Opens candidates for one program. */
export class CandidateSearch {
  readonly #context: LoaderContext;
  readonly #config: GlibcConfig;
  readonly #program: ElfFile;

  constructor(context: LoaderContext, config: GlibcConfig, program: ElfFile) {
    this.#context = context;
    this.#config = config;
    this.#program = program;
  }

  /** open_path: tries every directory, until one of them ends the list. */
  tryList(name: string, list: SearchList, state: SearchState): Hit | undefined {
    for (const directory of list.directories) {
      const { hit, problem } = this.#tryDirectory(name, directory, list, state);
      if (hit !== undefined || (problem !== undefined && this.#endsList(problem))) return hit;
    }
    return undefined;
  }

  /** Tries the subdirectories for the CPU, then the directory itself. Gives the result of the last. */
  #tryDirectory(
    name: string,
    directory: string,
    { rule, from }: SearchList,
    state: SearchState,
  ): Trial {
    let last: Trial = {};
    for (const subdirectory of [...this.#config.subdirectories, '']) {
      const candidate = directory + subdirectory + name;
      if (this.#exists(directory + subdirectory)) {
        last = this.try(candidate, rule, state, from);
        if (state.mustBeMarked) last = withoutUnmarked(last, state);
        if (last.hit !== undefined) return last;
      } else if (subdirectory === '')
        state.tried.push({ rule, path: candidate, outcome: 'missing', from });
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
  try(candidate: string, rule: SearchRule, state: SearchState, from?: string): Trial {
    const { tried } = state;
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
        ? verifyCandidate(files, file, this.#program, names, this.#config)
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
}

/** open_path: a preload without the set-user-ID bit is closed again, as if it were not there. */
function withoutUnmarked(trial: Trial, state: SearchState): Trial {
  const { hit } = trial;
  const { tried } = state;
  if (hit?.kind !== 'found' || (hit.file.entry.mode & SET_USER_ID) !== 0) return trial;
  tried.push({ ...(tried.pop() as Attempt), outcome: 'untrusted' });
  state.errno = 'ENOENT';
  return { problem: 'ENOENT' };
}
