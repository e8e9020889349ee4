/**
 * What the kernel decides when it starts a program, as far as its loader asks: whether the process may
 * read a file, and whether it has more rights than its user. Then it runs in secure-execution mode
 * (AT_SECURE), and its loader trusts neither the environment nor the place of the program.
 * Source: getauxval(3), AT_SECURE; ld.so(8), "Secure-execution mode".
 */
import type { ResolvedPath } from '../root/resolve-path.js';
import type { LoaderContext } from './loader.js';

/** What of a program gives its user more rights. */
export type SecureCause = 'set-user-ID' | 'set-group-ID' | 'capabilities';

/** The rights of a process. */
export interface ProcessRights {
  /** Why it runs in secure-execution mode; undefined if it does not. */
  readonly secure?: SecureCause;
  /** Whether it may open a file to read it. */
  mayRead(file: ResolvedPath): boolean;
}

/** The context without the variables of the environment, where a loader ignores them for security. */
export function withoutUntrusted(context: LoaderContext): LoaderContext {
  if (context.rights.secure === undefined) return context;
  return {
    ...context,
    options: { ...context.options, libraryPath: undefined, preload: undefined },
  };
}
