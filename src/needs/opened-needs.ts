/**
 * The files that a run opened as needs, one for each program that opened some. Libraries count as opened by
 * dlopen(), executed files as started.
 */

import type { Trace } from '../closure/trace.js';
import type { RootFiles } from '../files/root-files.js';
import type { OpenedFile, OpenedFiles } from '../opened/opened-files.js';
import { findPackages } from '../packages/find-packages.js';
import { addTo } from '../root/multimap.js';
import { type Predicted, withoutCaches } from './compare-opened.js';
import type { RuntimeNeed } from './need.js';
import { withoutSecrets } from './secrets.js';
import { stateDirectories } from './state-directories.js';

const BECAUSE = 'a run opened it (--opened)';

/** The needs of kind `opened`, for the programs of the trace and those that the run executed. */
export function openedNeeds({ trace }: Predicted, opened: OpenedFiles): RuntimeNeed[] {
  const programs = new ProgramNames(trace, opened);
  const byProgram = new Map<string, OpenedFile[]>();
  for (const file of withoutCaches(trace, opened)) {
    const name = programs.of(file);
    if (name !== undefined) addTo(byProgram, name, file);
  }
  const [first] = trace.closures;
  if (first === undefined) return [];
  const made = [...opened.directories, ...stateOfOwners(trace.files, opened)];
  if (made.length > 0 && !byProgram.has(first.program.path)) byProgram.set(first.program.path, []);
  return [...byProgram].map(([program, files]) =>
    needOf(trace, program, files, program === first.program.path ? made : []),
  );
}

/** State directories of the packages whose files the run opened. */
function stateOfOwners(files: RootFiles, opened: OpenedFiles): string[] {
  const { database } = findPackages(files);
  if (database === undefined) return [];
  const owners = opened.files.flatMap(({ entry, realPath }) =>
    entry.kind === 'file' ? (database.ownerOf(realPath) ?? []) : [],
  );
  return stateDirectories(files, database, new Set(owners));
}

/** The needs, in which a file that the run opened is copied, and none is made in its place. */
export function preferOpened(needs: readonly RuntimeNeed[]): RuntimeNeed[] {
  const copied = new Set(
    needs.filter(({ kind }) => kind === 'opened').flatMap(({ files }) => files),
  );
  return needs.map((need) => ({
    ...need,
    generated: Object.fromEntries(
      Object.entries(need.generated).filter(([path]) => !copied.has(path)),
    ),
  }));
}

function needOf(
  trace: Trace,
  program: string,
  opened: readonly OpenedFile[],
  made: readonly string[],
): RuntimeNeed {
  const loaded = new Set(
    trace.closures
      .find((closure) => closure.program.path === program)
      ?.objects.map(({ realPath }) => realPath),
  );
  const plain = opened.filter(({ entry }) => entry.kind === 'file');
  const { paths, secrets } = withoutSecrets(trace.files, [
    ...new Set(plain.map(({ path }) => path)),
  ]);
  const shown = new Set(paths);
  const libraries = plain.filter(
    (file) => shown.has(file.path) && !loaded.has(file.realPath) && isLibrary(trace, file),
  );
  const starts = plain.filter(({ isExecuted, path }) => isExecuted && shown.has(path));
  const directories = new Set([
    ...opened.filter(({ entry }) => entry.kind === 'directory').map(({ path }) => path),
    ...made,
  ]);
  return {
    kind: 'opened',
    program,
    because: BECAUSE,
    confidence: 'sure',
    files: paths,
    secrets: secrets.length > 0 ? secrets : undefined,
    except: [],
    opens: [...new Set(libraries.map(({ path }) => path))].map((name) => ({ name })),
    starts: starts.map(({ path }) => path),
    directories: emptyDirectories(trace, [...directories], plain),
    generated: {},
  };
}

/** Those that no opened file is in: the others come with their files. */
function emptyDirectories(
  { files }: Trace,
  paths: readonly string[],
  opened: readonly OpenedFile[],
): RuntimeNeed['directories'] {
  const filled = new Set<string>();
  for (const { realPath } of opened)
    for (let at = realPath.lastIndexOf('/'); at > 0; at = realPath.lastIndexOf('/', at - 1))
      filled.add(realPath.slice(0, at));
  return paths.flatMap((path) => {
    const file = files.resolve(path);
    if (!file.found || file.path === '/') return [];
    // By another name the links on the way are needed too.
    if (filled.has(file.path) && file.path === path) return [];
    const { mode, uid, gid } = file.entry;
    return [{ path, mode, uid, gid }];
  });
}

function isLibrary({ files }: Trace, { path, isExecuted }: OpenedFile): boolean {
  if (isExecuted) return false;
  const file = files.resolve(path);
  return file.found && files.findElf(file)?.kind === 'shared-library';
}

/** Which program of the trace opened a file; one that the run executed becomes one of the trace. */
class ProgramNames {
  readonly #names = new Map<string, string>();
  readonly #trace: Trace;
  readonly #first: string | undefined;

  constructor(trace: Trace, { files }: OpenedFiles) {
    this.#trace = trace;
    this.#first = trace.closures[0]?.program.path;
    const executed = files.filter(({ isExecuted }) => isExecuted);
    for (const { realPath, path } of executed) this.#names.set(realPath, path);
    for (const { program } of trace.closures) this.#names.set(program.realPath, program.path);
  }

  of({ program }: OpenedFile): string | undefined {
    const file = program === undefined ? undefined : this.#trace.files.resolve(program);
    return (file?.found ? this.#names.get(file.path) : undefined) ?? this.#first;
  }
}
