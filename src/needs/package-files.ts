/**
 * `--package NAME` as a need: the files of a package that matter at run time. What the package depends on
 * is not added: its libraries and programs are resolved like all others.
 */

import type { Trace } from '../closure/trace.js';
import { UsageError } from '../errors.js';
import type { RootFiles } from '../files/root-files.js';
import { type FoundPackages, findPackages } from '../packages/find-packages.js';
import type { Package, PackageDatabase } from '../packages/package.js';
import { describePackageNote } from '../packages/package-note.js';
import { isForRunTime, languagesOf } from '../packages/run-time-paths.js';
import { compareBytes } from '../root/byte-order.js';
import { editDistance } from '../root/edit-distance.js';
import { directoryOf, rebased } from '../root/path-text.js';
import { filesBelow } from './files-below.js';
import { loadableFiles } from './loadable-files.js';
import type { RuntimeNeed } from './need.js';
import type { NeedOptions } from './program-facts.js';
import { withoutSecrets } from './secrets.js';

/**
 * A need of the first program for each package. Throws {@link UsageError} for a package that is not
 * installed, and where the root has no package database.
 */
export function packageNeeds(
  trace: Trace,
  names: readonly string[],
  { environment }: Pick<NeedOptions, 'environment'>,
): RuntimeNeed[] {
  const [first] = trace.closures;
  if (names.length === 0 || first === undefined) return [];
  const database = requireDatabase(findPackages(trace.files), names);
  const languages = languagesOf(environment);
  return [...new Set(names)].map((name) => {
    const owner = requirePackage(database, name);
    const content = contentOf(trace.files, database.filesOf(owner), languages);
    const { paths, secrets } = withoutSecrets(trace.files, content.files);
    const { libraries, programs } = loadableFiles(trace.files, paths);
    return {
      kind: 'package',
      program: first.program.path,
      because: `--package ${name}`,
      confidence: 'sure',
      files: wholeDirectories(trace.files, database, owner, paths),
      secrets: secrets.length > 0 ? secrets : undefined,
      except: [],
      opens: libraries.map((path) => ({ name: path })),
      starts: programs,
      directories: content.directories,
      generated: {},
    };
  });
}

function requireDatabase({ database, notes }: FoundPackages, [name]: readonly string[]) {
  if (database !== undefined) return database;
  const why = notes.map((note) => `${note.path}: ${describePackageNote(note)}`);
  throw new UsageError(`--package ${name}: the root has no package database that can be read`, {
    hint: [...why, 'name files by --include'].join('; '),
  });
}

function requirePackage(database: PackageDatabase, name: string): Package {
  const found = database.package(name);
  if (found !== undefined) return found;
  const near = nearNames(database, name);
  throw new UsageError(`--package ${name}: no installed package has this name`, {
    hint: near.length === 0 ? undefined : `similar: ${near.join(', ')}`,
  });
}

/** No name of a package is longer. */
const LONGEST = 100;

/** At most five: those that differ in few letters, then those that begin so. */
function nearNames({ packages }: PackageDatabase, wanted: string): readonly string[] {
  if (wanted.length > LONGEST) return [];
  const most = Math.max(1, Math.floor(wanted.length / 3));
  const names = [...new Set(packages.map(({ name }) => name))].sort(compareBytes);
  const similar = names
    .filter((name) => Math.abs(name.length - wanted.length) <= most)
    .map((name) => ({ name, distance: editDistance(wanted, name) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance)
    .map(({ name }) => name);
  const longer = names.filter((name) => wanted !== '' && name.startsWith(wanted));
  return [...new Set([...similar, ...longer])].slice(0, 5);
}

/** What of a package matters and is in the root: files and links, and directories that it has nothing in. */
function contentOf(
  files: RootFiles,
  listed: readonly string[],
  languages: ReadonlySet<string>,
): Pick<RuntimeNeed, 'files' | 'directories'> {
  const parents = new Set(listed.map(directoryOf));
  const content: string[] = [];
  const directories: { path: string; mode: number }[] = [];
  for (const path of listed) {
    const file = files.resolve(path);
    if (!file.found || !isForRunTime(path, languages)) continue;
    if (file.entry.kind === 'file') content.push(path);
    // A link to a directory is that link; what is in it belongs to whatever package lists it.
    else if (file.entry.kind === 'directory' && !parents.has(path))
      directories.push({ path, mode: file.entry.mode });
  }
  return { files: content, directories };
}

/**
 * The paths, with a directory in place of all that is below it where the package alone has it and all of
 * it counts: one COPY instead of hundreds.
 */
function wholeDirectories(
  files: RootFiles,
  database: PackageDatabase,
  owner: Package,
  paths: readonly string[],
): readonly string[] {
  const counted = new Set(paths);
  const whole: string[] = [];
  const isBelowWhole = (path: string) =>
    whole.some((directory) => path.startsWith(`${directory}/`));
  const directories = database
    .filesOf(owner)
    .filter((path) => path !== '/' && files.resolve(path).found)
    .sort((a, b) => a.length - b.length || compareBytes(a, b));
  for (const directory of directories) {
    const at = files.resolve(directory);
    if (!at.found || at.entry.kind !== 'directory' || isBelowWhole(directory)) continue;
    if (database.ownersOf(directory).some((other) => other !== owner)) continue;
    const below = filesBelow(files, directory);
    const isCounted = below.every(
      ({ path, entry }) =>
        entry.kind === 'directory' || counted.has(rebased(path, at.path, directory)),
    );
    if (below.length > 1 && isCounted) whole.push(directory);
  }
  return [...whole, ...paths.filter((path) => !isBelowWhole(path))].sort(compareBytes);
}
