/**
 * What a program needs at run time that no DT_NEEDED shows. Each file of this room that defines a
 * need has all of it: how it is detected, the files that meet it, its row in the documentation, and
 * what `elfdeps check` says where a root does not meet it.
 */
import type { DlopenCall } from '../closure/dlopen-call.js';
import type { Fact, FindingRule } from '../finding.js';
import type { ProgramFacts } from './program-facts.js';

/** How much the evidence is worth: only what is `sure` goes into images unasked. */
export type Confidence = 'sure' | 'likely' | 'possible';

/** A directory that a program expects, whether or not the root has it. */
export interface NeededDirectory {
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
  /** Numbers of the user and group that own it; root without them. */
  readonly uid?: number;
  readonly gid?: number;
}

/** A need, with the evidence for it and the files of the root that satisfy it. */
export interface RuntimeNeed {
  /** The name for `--with` and `--without`: `nss`, `certs`, `tz`, `gconv`, ... */
  readonly kind: string;
  /** The program that needs it, as it is named in the trace. */
  readonly program: string;
  /** The evidence in one line: which object imports which symbol, or which note says so. */
  readonly because: string;
  readonly confidence: Confidence;
  /** Absolute paths in the root, each a file or a directory, which counts with all below it. */
  readonly files: readonly string[];
  /** Files of the root that belong there and may hold secrets, so that they were taken out of `files`. */
  readonly secrets?: readonly string[];
  /** Those of them that no text names: they only stand in a directory that is copied. */
  readonly secretsInside?: readonly string[];
  /** Directories of data that configuration names, and that only the user knows to be part of an image. */
  readonly dataLeftOut?: readonly string[];
  /** Names in those directories, or real paths below them, that an image leaves out. */
  readonly except: readonly string[];
  /** What the program opens with dlopen(), with its own needs to be resolved as the loader does. */
  readonly opens: readonly DlopenCall[];
  /** Programs that it starts, traced like those that the user names. */
  readonly starts: readonly string[];
  /** Directories that must be there; they may be empty. */
  readonly directories: readonly NeededDirectory[];
  /** Text of small files to make, by path. */
  readonly generated: Readonly<Record<string, string>>;
  /**
   * Those of `files` that come with a language and that an image gets whole: its standard library. Empty
   * where `files` are other modules; absent for needs that have no modules.
   */
  readonly standard?: readonly string[];
  /** Its files are found from the program's own directory, so the program has to keep that. */
  readonly isBesideProgram?: boolean;
}

/**
 * What a detector finds; absent lists are empty, and without a confidence it is sure.
 * @internal
 */
export type FoundNeed = Pick<RuntimeNeed, 'because'> &
  Partial<Omit<RuntimeNeed, 'kind' | 'program'>>;

/** The row of a need in docs/runtime-needs.md; texts are Markdown without full stops. */
export interface NeedDocumentation {
  /** What shows that a program has the need. */
  readonly evidence: string;
  /** What an image gets for it; `nothing` where {@link NeedDetector.isOnlyTold}. */
  readonly added: string;
  /** Every confidence that the detector gives, the highest first. */
  readonly confidence: readonly Confidence[];
}

/** What `elfdeps check` says of a root that lacks what a need is for. */
export interface NeedAbsence<Code extends string = string> {
  /** What each of its codes means. */
  readonly rules: readonly FindingRule<Code>[];
  /**
   * Empty where the root has what the program needs, or where that cannot be known.
   * @internal
   */
  check(facts: ProgramFacts): readonly Fact<NoInfer<Code>>[];
}

/** One kind of need. */
export interface NeedDetector<Code extends string = string> {
  readonly kind: string;
  /** What is missing without it, in a few words, for the help text. */
  readonly summary: string;
  readonly documentation: NeedDocumentation;
  /** Whether no image gets anything for it: reports and notes tell it. */
  readonly isOnlyTold?: boolean;
  /** What may stand behind its kind in --with: `all` of `fonts=all`. */
  readonly values?: readonly string[];
  /**
   * The need of one program; undefined when nothing speaks for it. A list where part of it is sure and
   * part is not: at most one of each.
   * @internal
   */
  detect(facts: ProgramFacts): FoundNeed | readonly FoundNeed[] | undefined;
  /** Undefined where no root can be said to lack it. */
  readonly absent?: NeedAbsence<Code>;
}

/** A need as it stands; TypeScript sees to it that each code that it reports has a rule. */
export function defineNeed<const Code extends string = never>(
  need: NeedDetector<Code>,
): NeedDetector<Code> {
  return need;
}
