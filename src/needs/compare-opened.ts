/**
 * How what a run opened differs from what was found without the run: files that no evidence shows, and
 * files that an image would have and the run did not open.
 */
import type { Closure } from '../closure/closure.js';
import { closureFiles } from '../closure/closure-files.js';
import type { Trace } from '../closure/trace.js';
import type { OpenedFile, OpenedFiles } from '../opened/opened-files.js';
import type { OpenedLog } from '../opened/opened-log.js';
import { compareBytes } from '../root/byte-order.js';
import { broughtFiles } from './copied-directory.js';
import type { RuntimeNeed } from './need.js';

/** What a run tells against the needs that were found without it; real paths in byte order. */
export interface OpenedDifferences {
  /** Files that the run opened and that no evidence shows. */
  readonly notPredicted: readonly string[];
  /** Files that the run opened, and that only needs bring which are not sure, each with one's kind. */
  readonly suggested: readonly { readonly path: string; readonly kind: string }[];
  /** Files that an image would have without the run, and that the run did not open. */
  readonly notOpened: readonly string[];
  /** Lines of the logs, and how many of these were not understood. */
  readonly lines: number;
  readonly unreadable: number;
}

/** A trace, the needs that count, and those that would on demand. */
export interface Predicted {
  readonly trace: Trace;
  readonly chosen: readonly RuntimeNeed[];
  readonly suggested: readonly RuntimeNeed[];
}

/**
 * The files of a run without caches of the loader. A cache lists what an image does not have; the plan makes
 * another where one is needed.
 */
export function withoutCaches(trace: Trace, { files }: OpenedFiles): OpenedFile[] {
  const caches = new Set(
    trace.closures.flatMap(({ program }) => trace.loaderOf(program.path)?.caches ?? []),
  );
  return files.filter(({ path, realPath }) => !caches.has(path) && !caches.has(realPath));
}

/** Compares the files of a run with those of a trace that does not know of it. */
export function compareOpened(
  { trace, chosen, suggested }: Predicted,
  opened: OpenedFiles,
  { lines, unreadable, tellsFiles }: OpenedLog,
): OpenedDifferences {
  const known = trace.closures.flatMap(closureFiles);
  const loaded = known.filter(({ role }) => role === 'library' || role === 'preload');
  const wanted = new Set<string>(
    (tellsFiles ? known.filter(({ role }) => role !== 'interpreter') : loaded).map(
      ({ realPath }) => realPath,
    ),
  );
  if (tellsFiles) for (const path of neededFiles(trace, chosen)) wanted.add(path);
  // The kernel opens interpreters, and no log shows it; configuration is copied with the loader.
  const given = new Set<string>([
    ...known.map(({ realPath }) => realPath),
    ...trace.closures.flatMap((closure) => configurationOf(trace, closure)),
    ...neededFiles(trace, chosen),
  ]);
  const seen = withoutCaches(trace, opened).filter(({ entry }) => entry.kind === 'file');
  const real = new Set<string>(seen.map(({ realPath }) => realPath));
  const unexpected = [...real].filter((path) => !given.has(path)).sort(compareBytes);
  const onDemand = new Map<string, string>();
  // Of kinds with the same file the first has less: gconv, and then gconv-all.
  for (const need of suggested)
    for (const path of [...neededFiles(trace, [need]), ...openedBy(trace, need)])
      if (!onDemand.has(path)) onDemand.set(path, need.kind);
  return {
    notPredicted: unexpected.filter((path) => !onDemand.has(path)),
    suggested: unexpected.flatMap((path) => {
      const kind = onDemand.get(path);
      return kind === undefined ? [] : [{ path, kind }];
    }),
    notOpened: [...wanted].filter((path) => !real.has(path)).sort(compareBytes),
    lines,
    unreadable,
  };
}

function configurationOf({ files }: Trace, { configuration }: Closure): string[] {
  return configuration.flatMap((path) => {
    const file = files.resolve(path);
    return file.found ? [file.path] : [];
  });
}

/** The real paths of libraries that a need opens by their paths. */
function openedBy({ files }: Trace, { opens }: RuntimeNeed): string[] {
  return opens.flatMap(({ name }) => {
    const file = name.startsWith('/') ? files.resolve(name) : undefined;
    return file?.found ? [file.path] : [];
  });
}

/** The real paths of the files of needs, and of what their directories bring. */
function neededFiles({ files }: Trace, needs: readonly RuntimeNeed[]): string[] {
  return needs.flatMap(({ files: paths, generated, except }) =>
    [...paths, ...Object.keys(generated)].flatMap((path) => {
      const file = files.resolve(path);
      if (!file.found) return [];
      return file.entry.kind === 'directory'
        ? broughtFiles(files.root, file.path, except)
        : [file.path];
    }),
  );
}
