/**
 * What of an image is the application, and stays as it is: files of no package that came after the base,
 * everything below the working directory, and files of packages that a layer replaced. What programs
 * need beside it is found by the trace.
 */
import type { RootFiles } from '../files/root-files.js';
import type { Package } from '../packages/package.js';
import { entryAt, namesIn } from '../root/list-directory.js';
import { pathFrom } from '../root/path-text.js';
import type { ResolvedPath } from '../root/resolve-path.js';
import type { Entry } from '../root/root.js';
import { type KeptBecause, KeptPaths, type PathPatterns } from './kept-paths.js';
import type { LayerHistory } from './layer-history.js';
import type { PackageOwners } from './package-owner.js';

/** What is looked at to decide. */
export interface SlimSource {
  readonly files: RootFiles;
  readonly owners: PackageOwners;
  readonly history: LayerHistory;
  /** Real path of the working directory; `/` for none. */
  readonly workdir: string;
  /** Real paths of directories that the configuration names: VOLUME, the home of the user. */
  readonly directories: readonly string[];
  readonly keep: PathPatterns;
  readonly drop: PathPatterns;
}

/** A file, link or directory of the image. */
export interface ImagePath {
  readonly path: string;
  readonly entry: Entry;
  /** Undefined for directories too. */
  readonly owner: Package | undefined;
}

/** The application, by path. */
export interface Application {
  readonly kept: KeptPaths;
  /** Everything of the image, for the report. */
  readonly all: readonly ImagePath[];
}

/** What engines fill themselves, and what is no part of an image. */
const ENGINE = /^\/(?:proc|sys|dev)\/|^\/(?:\.dockerenv|run\/\.containerenv)$/;
/** Read by the C library at almost every start, small, and made by no package. */
const SYSTEM = new Set(['/etc/passwd', '/etc/group', '/etc/nsswitch.conf', '/etc/ld.so.cache']);

/** Looks at every path of the image. Throws FILE_NOT_FOUND for --keep and --drop of nothing. */
export function findApplication(source: SlimSource): Application {
  const { files, keep, drop } = source;
  const all = [...walk(source)];
  const kept = new KeptPaths(files, keep, drop);
  for (const one of all) {
    const because = reasonFor(source, one);
    // Also asked of what is not kept, so that it knows what it matched.
    if (!drop.has(one.path) && because !== undefined) kept.add(one.path, because);
  }
  keep.requireUsed();
  drop.requireUsed();
  addLinkTargets(source, kept);
  return { kept, all };
}

function* walk({ files, owners }: SlimSource): Generator<ImagePath> {
  const { root } = files;
  const pending = ['/'];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop())
    for (const name of namesIn(root, directory)) {
      const path = pathFrom(directory, name);
      const entry = entryAt(root, path);
      if (entry === undefined || ENGINE.test(path)) continue;
      const isDirectory = entry.kind === 'directory';
      if (isDirectory) pending.push(path);
      yield { path, entry, owner: isDirectory ? undefined : owners.ownerOf(path) };
    }
}

function reasonFor(source: SlimSource, { path, entry, owner }: ImagePath): KeptBecause | undefined {
  const { history, owners, workdir, keep } = source;
  if (keep.has(path)) return 'named';
  if (workdir !== '/' && (path === workdir || path.startsWith(`${workdir}/`)))
    return 'working-directory';
  if (SYSTEM.has(path)) return 'system';
  if (entry.kind === 'directory') return directoryReason(source, path);
  if (entry.kind === 'symlink' && isDirectoryLink(source, path)) return 'system';
  if (owner !== undefined) return history.isReplaced(path) ? 'replaced' : undefined;
  if (owners.isState(path, entry)) return undefined;
  return history.base.layers === undefined || history.isAfterBase(path) ? 'application' : undefined;
}

/** Such as /bin -> usr/bin: paths of the application may lead through it. */
function isDirectoryLink({ files }: SlimSource, path: string): boolean {
  if (path.lastIndexOf('/') > 0 && !path.startsWith('/var/')) return false;
  const target = files.resolve(path);
  return target.found && target.entry.kind === 'directory';
}

/** Directories of the top level are mount points and the ways of links; they cost nothing. */
function directoryReason(
  { history, owners, directories }: SlimSource,
  path: string,
): KeptBecause | undefined {
  if (path.lastIndexOf('/') === 0 || /^\/var\/[^/]+$/.test(path)) return 'system';
  if (directories.includes(path)) return 'system';
  const { layers } = history.base;
  if (layers === undefined || (history.first(path) ?? 0) < layers) return undefined;
  return (owners.database?.ownersOf(path) ?? []).length === 0 ? 'application' : undefined;
}

/** What the application's links lead to is meant too: a file, or the directory of one package. */
function addLinkTargets(source: SlimSource, kept: KeptPaths): void {
  const { files } = source;
  const links = kept.paths().filter((path) => files.root.lstat(path)?.kind === 'symlink');
  for (const link of links) {
    const target = files.resolve(link);
    if (!target.found || target.path === '/') continue;
    for (const hop of target.links) kept.add(hop.path, 'link-target');
    if (kept.has(target.path) || !isMeant(source, target)) continue;
    kept.add(target.path, 'link-target');
    if (target.entry.kind === 'directory') addBelow(files, target.path, kept);
  }
}

/** Whether a link to it brings it into the image. */
function isMeant({ owners, history }: SlimSource, { path, entry }: ResolvedPath): boolean {
  if (entry.kind !== 'directory') return entry.kind === 'file';
  return history.base.layers !== undefined && owners.database?.ownersOf(path).length === 1;
}

function addBelow(files: RootFiles, directory: string, kept: KeptPaths): void {
  for (const name of namesIn(files.root, directory)) {
    const path = `${directory}/${name}`;
    kept.add(path, 'link-target');
    if (entryAt(files.root, path)?.kind === 'directory') addBelow(files, path, kept);
  }
}
