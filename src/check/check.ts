/**
 * What every check of this room is: the rules of its codes, and a function from one program, in its
 * root, to the facts that keep it from running there, or may. Each file has one check;
 * check-closure.ts runs those that it is given.
 */
import type { Closure } from '../closure/closure.js';
import type { ElfSymbols } from '../files/elf-symbols.js';
import type { RootFiles } from '../files/root-files.js';
import type { Fact, FindingRule } from '../finding.js';
import type { Loader } from '../loader/loader.js';
import type { ProgramFacts } from '../needs/program-facts.js';
import type { User } from '../root/user.js';
import type { Cpu, RootSystem } from './root-system.js';

/** What the user says about the machine that the root will run on, and the start; absent means not known. */
export interface CheckOptions {
  /** As OCI writes it, such as `linux/arm64`; without it the root itself tells. */
  readonly platform?: string;
  /** An x86-64 level, `x86-64-v1` to `x86-64-v4`. */
  readonly cpu?: string;
  /** The kernel's release, such as `4.19`. */
  readonly kernel?: string;
  /** The variables of the process; those of the root if it is an image. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Who starts the programs, as in --user; likewise. */
  readonly user?: string;
}

/**
 * What a check looks at: one program, and the root that it shall run in.
 * @internal
 */
export interface CheckedProgram {
  readonly closure: Closure;
  readonly files: RootFiles;
  /** Symbols and versions of the closure's objects, read when they are asked for. */
  readonly symbols: ElfSymbols;
  /** What its objects import, hold and load; detectors of needs ask the same. */
  readonly facts: ProgramFacts;
  /** The loaders whose rules are known. */
  readonly loaders: readonly Loader[];
  /** What the root tells about itself. */
  readonly system: RootSystem;
  /** The CPU to run on: of the options, else of the root; undefined where neither tells. */
  readonly cpu?: Cpu;
  readonly options: CheckOptions;
  /** The working directory that was traced with. */
  readonly cwd: string;
  /** The PATH of the process. */
  readonly searchPath: string;
  /** Who starts the program; undefined where it is not known. */
  readonly startedBy?: User;
}

/** One check, and the codes that it can report. */
export interface Check<Code extends string = string> {
  /** What each of its codes means. */
  readonly rules: readonly FindingRule<Code>[];
  /**
   * No facts means: nothing against the program. Throws nothing but UsageError, for an option that
   * makes no sense.
   * @internal
   */
  check(program: CheckedProgram): readonly Fact<NoInfer<Code>>[];
}

/**
 * A check as it stands; TypeScript sees to it that each code that it reports has a rule.
 * @internal
 */
export function defineCheck<const Code extends string>(check: Check<Code>): Check<Code> {
  return check;
}
