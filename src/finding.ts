/**
 * What `elfdeps check` says: a finding about one program, and the rule that tells what findings of
 * its code mean in general. Checks and needs make both; reports print them.
 */

/**
 * `error`: the program does not start, or dies when it uses what is missing. `warning`: it may
 * fail. `note`: it runs, and this is worth knowing.
 */
export type Severity = 'error' | 'warning' | 'note';

/** An error of execve(2), by its name in errno.h. */
export type KernelError =
  | 'EACCES'
  | 'EIO'
  | 'ELIBBAD'
  | 'ELOOP'
  | 'ENAMETOOLONG'
  | 'ENOENT'
  | 'ENOEXEC'
  | 'ENOTDIR';

/** A fact about whether one program runs in its root. */
export interface Finding<Code extends string = string> {
  /** Stable name in capitals, such as `VERSION_NOT_FOUND`. */
  readonly code: Code;
  readonly severity: Severity;
  /** The program that it is about, as it is named in the trace. */
  readonly program: string;
  /** The object (or other file of the root) that the fact is about. */
  readonly path: string;
  /** The fact in one line, in this project's wording: subject first, lower case, no full stop. */
  readonly message: string;
  /** Word for word what the user would see there (the kernel's, shell's or loader's message). */
  readonly seen?: string;
  /**
   * The kernel does not start the program, so nothing later prints a message. Absent where the
   * kernel starts it.
   */
  readonly refusedByKernel?: boolean;
  /**
   * The error that execve(2) gives then.
   * @internal
   */
  readonly kernelError?: KernelError;
  /** Why, in one sentence. */
  readonly cause: string;
  /** What to do about it: a command, a COPY or ENV line, an option. */
  readonly remedy: string;
  /**
   * The finding and others of the same cause in one, the same object in each of them: for reports that tell a
   * cause once.
   * @internal
   */
  readonly together?: FindingWords;
  /**
   * The finding in one line, for reports that do not need the rest.
   * @internal
   */
  readonly brief?: string;
  /** Facts that follow from this one and go away with it, in the words of their findings. */
  readonly consequences?: readonly string[];
}

/** What a finding says. */
export type FindingWords = Pick<Finding, 'message' | 'seen' | 'cause' | 'remedy'>;

/**
 * A finding that does not say yet which program it is about. Without a cause or a remedy it has that of the
 * rule of its code.
 */
export type Fact<Code extends string = string> = Omit<
  Finding<Code>,
  'program' | 'consequences' | 'cause' | 'remedy'
> & {
  readonly cause?: string;
  readonly remedy?: string;
  /** The codes of other findings about the program that are consequences of this fact. */
  readonly explains?: readonly string[];
};

/** What every finding of one code has in common. The texts are sentences with a full stop. */
export interface FindingRule<Code extends string = string> {
  readonly code: Code;
  /** Every severity that a finding of this code can have, the gravest first. */
  readonly levels: readonly Severity[];
  readonly summary: string;
  readonly cause: string;
  readonly remedy: string;
}

/** The cause and remedy of a rule in the words of a finding: no sentences. */
export function wordsOfRule({ cause, remedy }: FindingRule): Pick<Finding, 'cause' | 'remedy'> {
  const asFact = (text: string) => `${text.charAt(0).toLowerCase()}${text.slice(1, -1)}`;
  return { cause: asFact(cause), remedy: asFact(remedy) };
}
