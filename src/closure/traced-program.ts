/**
 * One program of a trace, from its start through as many calls of dlopen() as are asked about. Calls
 * are walked once: a longer list goes on where the shorter one ended.
 */
import { newLookupBudget, type RootFiles } from '../files/root-files.js';
import type { Closure } from './closure.js';
import type { DlopenCall } from './dlopen-call.js';
import type { Walk, WalkResult } from './walk.js';

/** The walk of a program that a loader loads. */
export interface ProgramWalk {
  /** A new walk that did not start. */
  begin(): Walk;
  /** The closure that a result means. */
  describe(result: WalkResult): Closure;
  /**
   * How to walk instead if the program turns out to give its user rights, once it is known what it loads
   * without; undefined where it does not.
   */
  inSecureMode?(trusted: WalkResult): ProgramWalk | undefined;
}

/** The closures of one program. */
export class TracedProgram {
  /** The closure of its start, before any call of dlopen(). */
  readonly atStart: Closure;
  /** Programs that its first line starts, for a script. */
  readonly starts: readonly string[];
  readonly #files: RootFiles;
  readonly #path: string;
  readonly #program: ProgramWalk | undefined;
  readonly #budget = newLookupBudget();
  /** The last walk; absent where it is walked again if something is to be opened. */
  #walk: Walk | undefined;
  #last: { readonly calls: number; readonly closure: Closure } | undefined;

  /**
   * `closure` is the answer for a program that no loader loads, `starts` what a script starts. With `keepsWalk`,
   * calls go on where the start ended, which takes memory for each program until then.
   */
  constructor(
    files: RootFiles,
    path: string,
    how: { readonly closure: Closure; readonly starts?: readonly string[] } | ProgramWalk,
    keepsWalk: boolean,
  ) {
    this.#files = files;
    this.#path = path;
    if ('begin' in how) {
      const trusted = this.#started(how);
      const secure = how.inSecureMode?.(trusted.result());
      this.#program = secure ?? how;
      const walk = secure === undefined ? trusted : this.#started(secure);
      this.atStart = this.#program.describe(walk.result());
      this.#walk = keepsWalk ? walk : undefined;
      this.starts = [];
    } else {
      this.atStart = how.closure;
      this.starts = how.starts ?? [];
    }
  }

  /** The closure after these calls. Throws ELF_BAD_DYNAMIC when its searches have no end. */
  closure(calls: readonly DlopenCall[]): Closure {
    if (calls.length === 0 || this.#program === undefined) return this.atStart;
    const walk = this.#walkAt(calls, this.#program);
    if (this.#last?.calls === calls.length && walk.calls.length === calls.length)
      return this.#last.closure;
    this.#search(() => {
      for (const call of calls.slice(walk.calls.length)) walk.open(call);
    });
    const closure = this.#program.describe(walk.result());
    this.#last = { calls: calls.length, closure };
    return closure;
  }

  /** The walk that came through the first of the calls and no other; a new one where there is none. */
  #walkAt(calls: readonly DlopenCall[], program: ProgramWalk): Walk {
    const known = this.#walk;
    if (known?.calls.every((call, index) => isSame(call, calls[index]))) return known;
    this.#last = undefined;
    this.#walk = this.#started(program);
    return this.#walk;
  }

  #started(program: ProgramWalk): Walk {
    const walk = program.begin();
    this.#search(() => walk.start());
    return walk;
  }

  #search(action: () => void): void {
    this.#files.searchFor(this.#path, action, this.#budget);
  }
}

function isSame(a: DlopenCall, b: DlopenCall | undefined): boolean {
  return a.name === b?.name && a.from === b.from && a.required === b.required && a.need === b.need;
}
