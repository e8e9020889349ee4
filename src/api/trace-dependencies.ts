/**
 * From paths of programs to their closures, with the loaders of the registry.
 */
import { requireLists, requirePrograms, requireRoot } from '../closure/arguments.js';
import { type Trace, type TraceOptions, trace } from '../closure/trace.js';
import { loaders } from '../registry.js';
import type { Root } from '../root/root.js';

/**
 * Works out which files the loader of each program would map, in which order and why. `programs`
 * are absolute paths in `root`. Programs that cannot be read are in `errors`; what is missing is
 * data in the closures, never thrown. Reads no environment variables: pass `libraryPath` and
 * `preload` for the values of LD_LIBRARY_PATH and LD_PRELOAD.
 */
export function traceDependencies(
  root: Root,
  programs: readonly string[],
  options: TraceOptions = {},
): Trace {
  requireRoot(root);
  requirePrograms(programs);
  requireLists(options);
  return trace(root, programs, options, loaders);
}
