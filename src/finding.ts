/**
 * A fact about whether a program will run in its root: what a check gives, and what the reports of
 * `elfdeps check` print.
 */

/** What `check` says about one program; told apart by `code`, worded in one place for each. */
export interface Finding {
  /** Stable name in capitals, such as `VERSION_NOT_FOUND`. */
  readonly code: string;
  /**
   * `error`: the program does not start, or dies when it uses what is missing. `warning`: it may
   * fail. `note`: it runs, and this is worth knowing.
   */
  readonly severity: 'error' | 'warning' | 'note';
  /** The program whose run it concerns, as it is named in the trace. */
  readonly program: string;
  /** The object (or other file of the root) that the fact is about. */
  readonly path: string;
  /** The fact in one line, in this project's wording: subject first, lower case, no full stop. */
  readonly message: string;
  /** Word for word what the user would see there (the kernel's, shell's or loader's message). */
  readonly seen?: string;
  /** Why, in one sentence. */
  readonly cause: string;
  /** What to do about it: a command, a COPY or ENV line, an option. */
  readonly remedy: string;
}
