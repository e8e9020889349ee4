/**
 * One file argument as text: which root its path is in, and the destination that follows it. Which
 * files the path stands for is left to expand-argument.ts.
 */
import nodePath from 'node:path';
import { UsageError } from '../errors.js';
import { findInPath } from '../files/path-search.js';
import { hasWildcard } from '../root/glob.js';
import { resolvePath } from '../root/resolve-path.js';
import type { Root } from '../root/root.js';
import { toRootPath } from './root-path.js';

/** Where arguments are looked up. */
export interface ArgumentPlaces {
  /** The value of --root. */
  readonly root: Root;
  /** This machine's `/`, which is the same root without --root. */
  readonly machine: Root;
  /** Where relative paths of this machine start. */
  readonly cwd: string;
  /** Directories between colons, as in PATH, for a bare name that is not a file. */
  readonly path: string;
  /** The path in {@link root} of a library by its soname, for a bare name that is no program either. */
  findSoname?(name: string): string | undefined;
  /** The file on standard input, which `-` means. */
  readonly input?: Uint8Array;
}

/** An argument taken apart; whether there is such a file is not known yet. */
export interface FileArgument {
  /** The path as it was typed, or the path of the program that a bare name means. */
  readonly file: string;
  /** The place in an image, absolute and normalized; it may end with a slash. */
  readonly destination?: string;
  /** Whether `file` is a path in the value of --root; otherwise it is one of this machine. */
  readonly inRoot: boolean;
  /** Another file that a shell would take: the program in PATH of the same name. */
  readonly shadowed?: string;
}

/**
 * Takes `FILE`, `NAME` and `FILE:DEST` apart. In another root than `/`, an absolute path and a program
 * in PATH are files of that root, and a relative path is a file of this machine.
 */
export function parseFileArgument(places: ArgumentPlaces, argument: string): FileArgument {
  const { root, machine, cwd } = places;
  const isBareName = !argument.replace(/:\/.*$/, '').includes('/');
  const program = isBareName ? findProgram(places, argument) : undefined;
  const inRoot = root.isHost || argument.startsWith('/') || program !== undefined;
  const base = inRoot ? root : machine;
  const parts = splitDestination(base, program ?? argument, cwd);
  const shadowed =
    isBareName && program === undefined ? shadowedProgram(places, parts.file) : undefined;
  return { ...parts, inRoot, shadowed };
}

/** The program in PATH whose name a file of the working directory has; undefined where that is the same. */
function shadowedProgram({ root, machine, cwd, path }: ArgumentPlaces, name: string) {
  const own = resolvePath(machine, toRootPath(name, cwd));
  if (name === '' || !own.found) return undefined;
  const find = (candidate: string) => resolvePath(root, candidate);
  const found = findInPath(find, name, path);
  const other = found === undefined ? undefined : find(found);
  const isSame = root.isHost && other?.found && other.entry.id === own.entry.id;
  return isSame ? undefined : found;
}

/**
 * `NAME` or `NAME:DEST` with the path of the program instead of the name, as a shell finds it; then the
 * path of the library by that soname.
 */
function findProgram(places: ArgumentPlaces, argument: string): string | undefined {
  const { root, machine, cwd, path } = places;
  const { file, destination } = splitDestination(machine, argument, cwd);
  if (file === '' || hasWildcard(file) || resolvePath(machine, toRootPath(file, cwd)).found)
    return undefined;
  const found =
    findInPath((candidate) => resolvePath(root, candidate), file, path) ??
    places.findSoname?.(file);
  return found === undefined || destination === undefined ? found : `${found}:${destination}`;
}

/** Splits `FILE:DEST`, unless a file has that whole name. */
export function splitDestination(
  root: Root,
  argument: string,
  cwd: string,
): Pick<FileArgument, 'file' | 'destination'> {
  const cut = argument.lastIndexOf(':/');
  // The colon of a drive letter does not count.
  if (cut <= (/^[A-Za-z]:\//.test(argument) ? 1 : 0)) return { file: argument };
  if (resolvePath(root, toRootPath(argument, cwd)).found) return { file: argument };
  return {
    file: argument.slice(0, cut),
    destination: nodePath.posix.normalize(argument.slice(cut + 1)),
  };
}

/** Throws {@link UsageError} for an empty name, and for `FILE:DEST` with a relative DEST. */
export function requireFileName(root: Root, file: string, cwd: string): void {
  // An empty name would mean the working directory; usually a variable of the shell is not set.
  if (file === '') throw new UsageError('a file name is empty');
  const cut = file.lastIndexOf(':');
  const isFile = (name: string) => resolvePath(root, toRootPath(name, cwd)).found;
  if (cut > 0 && !isFile(file) && isFile(file.slice(0, cut)))
    throw new UsageError('the destination is not an absolute path', {
      path: file,
      hint: `for example ${file.slice(0, cut)}:/${file.slice(cut + 1)}`,
    });
}

/**
 * The place of one file of an argument; undefined without a destination. For a directory, a pattern and
 * a destination with a slash at its end, the destination is the directory that the file goes to.
 */
export function placeOf(
  { destination }: FileArgument,
  name: string,
  isOneFile: boolean,
): string | undefined {
  if (destination === undefined) return undefined;
  return destination.endsWith('/') || !isOneFile
    ? `${destination.replace(/\/+$/, '')}/${nodePath.posix.basename(name)}`
    : destination;
}
