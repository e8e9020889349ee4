/**
 * The files that a path stands for: every ELF file below a directory, those that a pattern matches, or
 * the file itself, which may be missing.
 */
import { ElfdepsError } from '../errors.js';
import { type FindOptions, findElfFiles } from '../files/find-elf-files.js';
import type { RootFiles } from '../files/root-files.js';
import { globRoot, hasWildcard } from '../root/glob.js';
import { resolvePath } from '../root/resolve-path.js';
import type { Root } from '../root/root.js';
import { toRootPath } from './root-path.js';

/** A path in a root, and what the user would call it. */
export interface NamedPath {
  readonly path: string;
  readonly name: string;
}

/** A file below a directory argument that cannot be read, so that its kind is not known. */
export interface UnreadablePath extends NamedPath {
  readonly error: ElfdepsError;
}

/** What an argument stands for. */
export interface ExpandedArgument {
  readonly found: readonly NamedPath[];
  readonly unreadable: readonly UnreadablePath[];
  /** The argument is the file itself, not a directory or a pattern. */
  readonly isOneFile: boolean;
}

/**
 * Expands a path of `root`; relative ones start at `cwd`. What is parsed on the way is kept in `known`
 * where that is about the same root, and `onFound` is called with each file. Throws NO_ELF_FILES when
 * a directory or a pattern has none.
 */
export function expandArgument(
  root: Root,
  file: string,
  cwd: string,
  known: RootFiles,
  onFound: (path: string) => void,
): ExpandedArgument {
  const options = { onFound, files: known.root === root ? known : undefined };
  const path = toRootPath(file, cwd);
  const resolved = resolvePath(root, path);
  if (resolved.found && resolved.entry.kind === 'directory')
    return expandDirectory(root, file, path, options);
  if (!resolved.found && hasWildcard(file)) return expandPattern(root, file, path, options);
  return { found: [{ path, name: file }], unreadable: [], isOneFile: true };
}

function expandDirectory(
  root: Root,
  file: string,
  path: string,
  options: FindOptions,
): ExpandedArgument {
  const shown = file.replace(/\/+$/, '');
  const below = path.replace(/\/+$/, '').length;
  const named = (p: string) => ({ path: p, name: `${shown}${p.slice(below)}` || '/' });
  const unreadable: UnreadablePath[] = [];
  const found = findElfFiles(root, path, {
    ...options,
    onUnreadable: (error) => unreadable.push({ ...named(error.path ?? path), error }),
  });
  if (found.length === 0 && unreadable.length === 0)
    throw new ElfdepsError('NO_ELF_FILES', 'no ELF files in this directory', { path: file });
  return { found: found.map(named), unreadable, isOneFile: false };
}

function expandPattern(
  root: Root,
  file: string,
  path: string,
  options: FindOptions,
): ExpandedArgument {
  const matches = globRoot(root, path, { globstar: true });
  const found = matches.flatMap((match) => findElfFiles(root, match, { ...options, orFile: true }));
  if (found.length === 0)
    throw new ElfdepsError('NO_ELF_FILES', 'the pattern matches no ELF file', { path: file });
  const isRelative = !file.startsWith('/') && path.endsWith(file);
  const prefix = isRelative ? path.length - file.length : 0;
  return {
    found: [...new Set(found)].map((p) => ({ path: p, name: p.slice(prefix) })),
    unreadable: [],
    isOneFile: false,
  };
}
