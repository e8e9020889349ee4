/**
 * The file that a soname means in a root: what the loader of the root's own programs opens for it.
 */
import { type TraceOptions, trace } from '../closure/trace.js';
import { isLibraryName } from '../elf/library-name.js';
import type { RootFiles } from '../files/root-files.js';
import { USUAL_PROGRAMS } from '../files/usual-programs.js';
import { loaders } from '../registry/loaders.js';

/** Its path; undefined for what is no soname, and where no program of the root has a loader that finds it. */
export function findSoname(
  files: RootFiles,
  name: string,
  options: TraceOptions,
): string | undefined {
  if (!isLibraryName(name) || name.includes('/')) return undefined;
  for (const program of USUAL_PROGRAMS) {
    if (!files.resolve(program).found) continue;
    const opens = new Map([[program, [{ name }]]]);
    const [closure] = trace(files.root, [program], { ...options, opens, files }, loaders).closures;
    const row = closure?.libraries.find((library) => library.needed === name);
    if (row?.object !== undefined) return row.object.path;
  }
  return undefined;
}
