/**
 * File arguments into programs in a root. An argument is a file, a directory (every ELF file below
 * it) or a glob pattern, each with `:DEST` behind it where a file shall have another place.
 */
import nodePath from 'node:path';
import { ElfdepsError, UsageError } from '../errors.js';
import { findElfFiles } from '../files/find-elf-files.js';
import { findInPath } from '../files/path-search.js';
import { RootFiles } from '../files/root-files.js';
import { directoryRoot } from '../root/directory-root.js';
import { globRoot, hasWildcard } from '../root/glob.js';
import { overlayRoot, type Placement } from '../root/overlay-root.js';
import { resolvePath } from '../root/resolve-path.js';
import type { Root } from '../root/root.js';

export interface Inputs {
  /** The root, with files of this machine laid over it where the arguments ask for that. */
  readonly root: Root;
  /** What was read of the root while its directories were searched. */
  readonly files: RootFiles;
  /** Absolute paths in `root`. */
  readonly programs: readonly string[];
  /** What the user typed, by path. */
  readonly names: ReadonlyMap<string, string>;
  /** Where programs go in an image, by path. */
  readonly destinations: ReadonlyMap<string, string>;
  /** Programs that are not in the root: what the user typed, by their path in the root. */
  readonly contextFiles: ReadonlyMap<string, string>;
  /** Arguments that name nothing. */
  readonly errors: readonly ElfdepsError[];
}

/**
 * Resolves the arguments against the root; `cwd` is where relative paths of this machine start, and
 * `path` the directories, separated by colons, where a bare name is looked up that is no file there.
 * `onFound` is called with each file that is found below a directory or by a pattern.
 */
export function resolveInputs(
  root: Root,
  files: readonly string[],
  cwd: string,
  path: string,
  onFound: (path: string) => void = () => {},
): Inputs {
  const machine = root.isHost ? root : directoryRoot('/');
  const known = new RootFiles(root);
  const programs: string[] = [];
  const names = new Map<string, string>();
  const destinations = new Map<string, string>();
  const contextFiles = new Map<string, string>();
  const placements = new Map<string, Placement>();
  const errors: ElfdepsError[] = [];
  /** Names of files of this machine that are among the errors. */
  const unreadableNames = new Set<string>();

  const add = (path: string, name: string, destination: string | undefined) => {
    const other = destinations.get(path);
    if (destination !== undefined && other !== undefined && destination !== other)
      throw new UsageError(`named twice, for ${other} and for ${destination}`, { path: name });
    if (destination !== undefined) destinations.set(path, destination);
    if (names.has(path)) return;
    programs.push(path);
    names.set(path, name);
  };

  for (const argument of files) {
    const isCommand = !argument.replace(/:\/.*$/, '').includes('/');
    const command = isCommand ? findCommand(root, machine, argument, cwd, path) : undefined;
    // In another root, an absolute path is a path in it; everything else is of this machine.
    const inRoot = root.isHost || argument.startsWith('/') || command !== undefined;
    const base = inRoot ? root : machine;
    const { file, destination } = splitDestination(base, command ?? argument, cwd);
    try {
      // The working directory is not meant: "$FILE" was not set.
      if (file === '') throw new UsageError('a file name is empty');
      requireAbsolute(base, file, cwd);
      const { found, isOneFile, unreadable } = expandArgument(base, file, cwd, known, onFound);
      for (const { path, name, error } of unreadable) {
        // Named twice, it is one file all the same.
        if (inRoot ? names.has(path) : unreadableNames.has(name)) continue;
        if (inRoot) names.set(path, name);
        else unreadableNames.add(name);
        errors.push(inRoot ? error : new ElfdepsError(error.code, error.fact, { path: name }));
      }
      for (const { path, name } of found) {
        const place = destinationOf(destination, name, isOneFile);
        if (inRoot) {
          add(path, name, place);
          continue;
        }
        const target = place ?? `/${nodePath.posix.basename(name)}`;
        const source = resolvePath(machine, path);
        if (!source.found)
          throw new ElfdepsError('FILE_NOT_FOUND', 'no such file or directory', { path: name });
        const other = placements.get(target);
        if (other !== undefined && other.source !== source.path)
          throw new UsageError(`${names.get(target)} stands at ${target} already`, {
            path: name,
            hint: 'FILE:DEST puts a file at another place',
          });
        placements.set(target, { path: target, root: machine, source: source.path });
        contextFiles.set(target, name);
        add(target, name, undefined);
      }
    } catch (error) {
      if (!(error instanceof ElfdepsError)) throw error;
      const isElsewhere = !inRoot && resolvePath(root, `/${file}`).found;
      errors.push(
        isElsewhere
          ? new ElfdepsError(error.code, error.fact, {
              ...(error.path === undefined ? {} : { path: error.path }),
              hint: `a relative path is a file of this machine; the one in the root is /${file}`,
            })
          : error,
      );
    }
  }
  const overlay = overlayRoot(root, [...placements.values()]);
  // A program may go to where it really is, behind links of the root.
  for (const [path, name] of [...contextFiles]) {
    const file = resolvePath(overlay, path);
    if (file.found) contextFiles.set(file.path, name);
  }
  return {
    root: overlay,
    files: known,
    programs,
    names,
    destinations,
    contextFiles,
    errors,
  };
}

/** `NAME` or `NAME:DEST` with the program in place of the name, as a shell finds it. */
function findCommand(
  root: Root,
  machine: Root,
  argument: string,
  cwd: string,
  path: string,
): string | undefined {
  const { file, destination } = splitDestination(machine, argument, cwd);
  if (file === '' || hasWildcard(file) || resolvePath(machine, toRootPath(file, cwd)).found)
    return undefined;
  const found = findInPath((candidate) => resolvePath(root, candidate), file, path);
  return found === undefined || destination === undefined ? found : `${found}:${destination}`;
}

/** `FILE:DEST`, unless a file has that whole name; DEST is absolute, and shortened as text. */
function splitDestination(
  root: Root,
  argument: string,
  cwd: string,
): { file: string; destination?: string } {
  const cut = argument.lastIndexOf(':/');
  // A drive letter is no file.
  if (cut <= (/^[A-Za-z]:\//.test(argument) ? 1 : 0)) return { file: argument };
  if (resolvePath(root, toRootPath(argument, cwd)).found) return { file: argument };
  return {
    file: argument.slice(0, cut),
    destination: nodePath.posix.normalize(argument.slice(cut + 1)),
  };
}

/** A colon after a file's name is meant for a destination, and that is no relative path. */
function requireAbsolute(root: Root, file: string, cwd: string): void {
  const cut = file.lastIndexOf(':');
  const isFile = (name: string) => resolvePath(root, toRootPath(name, cwd)).found;
  if (cut > 0 && !isFile(file) && isFile(file.slice(0, cut)))
    throw new UsageError('the destination is not an absolute path', {
      path: file,
      hint: `for example ${file.slice(0, cut)}:/${file.slice(cut + 1)}`,
    });
}

/** A destination of a directory or a pattern is a directory, as is one with a slash at the end. */
function destinationOf(
  destination: string | undefined,
  name: string,
  isOneFile: boolean,
): string | undefined {
  if (destination === undefined) return undefined;
  return destination.endsWith('/') || !isOneFile
    ? `${destination.replace(/\/+$/, '')}/${nodePath.posix.basename(name)}`
    : destination;
}

/** A path in a root, and how the user would call it. */
interface NamedPath {
  readonly path: string;
  readonly name: string;
}

interface Expanded {
  readonly found: readonly NamedPath[];
  /** What is below a directory and cannot be read, so that nobody knows what it is. */
  readonly unreadable: readonly (NamedPath & { readonly error: ElfdepsError })[];
  readonly isOneFile: boolean;
}

/** The files that an argument stands for: their paths in the root, and how to call them. */
function expandArgument(
  root: Root,
  file: string,
  cwd: string,
  known: RootFiles,
  onFound: (path: string) => void,
): Expanded {
  const files = { onFound, ...(known.root === root ? { files: known } : {}) };
  const path = toRootPath(file, cwd);
  const resolved = resolvePath(root, path);
  if (resolved.found && resolved.entry.kind === 'directory') {
    const shown = file.replace(/\/+$/, '');
    const below = path.replace(/\/+$/, '').length;
    const named = (p: string) => ({ path: p, name: `${shown}${p.slice(below)}` || '/' });
    const unreadable: Expanded['unreadable'][number][] = [];
    const found = findElfFiles(root, path, {
      ...files,
      onUnreadable: (error) => unreadable.push({ ...named(error.path ?? path), error }),
    });
    if (found.length === 0 && unreadable.length === 0)
      throw new ElfdepsError('NO_ELF_FILES', 'no ELF files in this directory', { path: file });
    return { found: found.map(named), unreadable, isOneFile: false };
  }
  if (!resolved.found && hasWildcard(file)) {
    const matches = globRoot(root, path, { globstar: true });
    const found = matches.flatMap((match) => findElfFiles(root, match, { ...files, orFile: true }));
    if (found.length === 0)
      throw new ElfdepsError('NO_ELF_FILES', 'the pattern matches no ELF file', { path: file });
    const relative = !file.startsWith('/') && path.endsWith(file);
    const prefix = relative ? path.length - file.length : 0;
    return {
      found: [...new Set(found)].map((p) => ({ path: p, name: p.slice(prefix) })),
      unreadable: [],
      isOneFile: false,
    };
  }
  return { found: [{ path, name: file }], unreadable: [], isOneFile: true };
}

/** A path of this machine as a path in its root: absolute, with slashes, without a drive letter. */
export function toRootPath(file: string, cwd: string): string {
  const slashes = (text: string) =>
    nodePath.sep === '\\' ? text.replaceAll('\\', '/').replace(/^[A-Za-z]:/, '') : text;
  const path = slashes(file);
  if (path.startsWith('/')) return path;
  // The working directory has no links, so what leads upwards from it can be told from the text.
  const parts = path.split('/').filter((part) => part !== '');
  const directory = slashes(cwd)
    .split('/')
    .filter((part) => part !== '');
  while (parts[0] === '.' || parts[0] === '..') if (parts.shift() === '..') directory.pop();
  return `/${[...directory, ...parts].join('/')}${parts.length > 0 && path.endsWith('/') ? '/' : ''}`;
}
