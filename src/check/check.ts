/**
 * What every check of this room is: a function from one closure, in its root, to the facts that
 * keep the program from running there, or may. One file per kind of fact; check-closure.ts runs
 * those that it is given.
 */
import type { Closure } from '../closure/closure.js';
import type { ElfSymbols } from '../files/elf-symbols.js';
import type { RootFiles } from '../files/root-files.js';
import type { Finding } from '../finding.js';
import type { Loader } from '../loader/loader.js';
import type { ProgramFacts } from '../needs/program-facts.js';
import type { Cpu, RootSystem } from './root-system.js';

/** What the user says about the machine that the root will run on; absent means not known. */
export interface CheckOptions {
  /** As OCI writes it, such as `linux/arm64`; without it the root itself tells. */
  readonly platform?: string;
  /** An x86-64 level, `x86-64-v1` to `x86-64-v4`. */
  readonly cpu?: string;
  /** The kernel's release, such as `4.19`. */
  readonly kernel?: string;
}

/** What a check looks at. */
export interface CheckContext {
  readonly closure: Closure;
  readonly files: RootFiles;
  /** Symbols and versions of the closure's objects, read when they are asked for. */
  readonly symbols: ElfSymbols;
  /** What its objects import, hold and load: the evidence that runtime needs are made of, too. */
  readonly evidence: ProgramFacts;
  /** The loaders whose rules are known. */
  readonly loaders: readonly Loader[];
  /** What the root tells about itself. */
  readonly system: RootSystem;
  /** The CPU to run on: of the options, else of the root; undefined where neither tells. */
  readonly cpu?: Cpu;
  readonly options: CheckOptions;
  /** The working directory that was traced with. */
  readonly cwd: string;
}

/** A finding before it is known of which program. */
export type Fact = Omit<Finding, 'program'>;

/** Never throws; no facts means: nothing against it. */
export type Check = (context: CheckContext) => readonly Fact[];
