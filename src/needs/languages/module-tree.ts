/**
 * A directory or file of modules that an interpreter finds, and whose they are.
 */

/** Where modules are, as the interpreter finds them. */
export interface ModuleTree {
  /** A directory or file of the root. */
  readonly path: string;
  /**
   * `standard`: it comes with the interpreter. `application`: of the program that is run, such as a
   * virtual environment. `installed`: of the system, for any program.
   */
  readonly use: 'standard' | 'application' | 'installed';
  readonly language: string;
  /** A sentence: how the interpreter finds it. */
  readonly because: string;
  /** The interpreter is a library, and the program that loads it may be of something else. */
  readonly isInLibrary?: boolean;
  /** The program names it, and it looks like no standard library: it may be plug-ins. */
  readonly isOnlyNamed?: boolean;
  /** The interpreter is only a part of the program, which starts without it. */
  readonly isEmbedded?: boolean;
}
