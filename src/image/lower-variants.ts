/**
 * The same programs on lesser CPUs. An image with variants of libraries for newer CPUs (--hwcaps) also
 * has the libraries that older CPUs load, so that it starts on all of them.
 * Source: glibc elf/dl-hwcaps.c (_dl_important_hwcaps).
 */
import type { Closure } from '../closure/closure.js';
import type { Trace } from '../closure/trace.js';
import { compareBytes } from '../root/byte-order.js';
import { namesIn } from '../root/list-directory.js';
import { baseName } from '../root/path-text.js';
import type { Root } from '../root/root.js';
import type { ImageNote } from './image-note.js';

/** A path in a directory of variants: the directory above, and the level. */
const VARIANT = /^(.*)\/glibc-hwcaps\/([^/]+)$/;

/**
 * The directory to search for libraries of a directory: the loader finds variants below it by itself.
 */
export function searchedDirectory(directory: string): string {
  return VARIANT.exec(directory)?.[1] ?? directory;
}

/** Paths at which the loader looks on newer CPUs before it takes a library, by the levels that the root has. */
export function variantsOf(root: Root, path: string): readonly string[] {
  const name = `/${baseName(path)}`;
  const variants = `${path.slice(0, -name.length)}/glibc-hwcaps`;
  return namesIn(root, variants).map((level) => `${variants}/${level}${name}`);
}

/** Traces of the same programs without variants, and with `all` for each level of one; else none. */
export function lowerTraces(trace: Trace): Trace[] {
  const { closures, root, options } = trace;
  const { hwcaps = 'none' } = options;
  const directories = new Set(
    closures.flatMap(({ objects }) =>
      objects.map(({ path }) => path.slice(0, path.lastIndexOf('/'))),
    ),
  );
  const above = new Set([...directories].flatMap((path) => VARIANT.exec(path)?.[1] ?? []));
  if (hwcaps === 'none' || above.size === 0) return [];
  const levels = hwcaps === 'all' ? levelsBelow(trace, above, directories) : [];
  const programs = closures.map(({ program }) => program.path);
  return ['none', ...levels].map((level) =>
    trace.inRoot(root, programs, { ...options, hwcaps: level }),
  );
}

/** Levels that the directories have beside those that were taken. */
function levelsBelow(
  { root }: Trace,
  above: ReadonlySet<string>,
  taken: ReadonlySet<string>,
): string[] {
  const levels = new Set<string>();
  for (const directory of above)
    for (const level of namesIn(root, `${directory}/glibc-hwcaps`))
      if (!taken.has(`${directory}/glibc-hwcaps/${level}`) && LEVEL.test(level)) levels.add(level);
  return [...levels].sort(compareBytes);
}

/** Names of levels that ports have; the loader looks into no other directory. */
const LEVEL = /^(?:x86-64-v[2-4]|power(?:9|1\d)|z1\d)$/;

/** Libraries that only newer CPUs have: the programs do not start on others. */
export function withoutBaseline(
  closures: readonly Closure[],
  lower: readonly Trace[],
): ImageNote[] {
  const [plain] = lower;
  if (plain === undefined) return [];
  const missing = new Set(
    plain.closures.flatMap(({ libraries }) =>
      libraries.flatMap(({ status, name }) => (status === 'missing' ? [name] : [])),
    ),
  );
  const paths = closures.flatMap(({ objects }) =>
    objects.flatMap(({ path, name }) =>
      VARIANT.test(path.slice(0, path.lastIndexOf('/'))) &&
      (missing.has(name) || missing.has(baseName(path)))
        ? [path]
        : [],
    ),
  );
  return [...new Set(paths)].sort(compareBytes).map((path) => ({ code: 'BASELINE_MISSING', path }));
}
