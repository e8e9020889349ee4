/**
 * The ELF executables and shared libraries below a directory of a root, for arguments that are
 * directories. Debug files are left out. Links are not followed, so a file is found once, by the
 * path where it stands.
 */
import { FieldReader } from '../elf/byte-source.js';
import { EM_NONE, ET_DYN, ET_EXEC } from '../elf/constants.js';
import { hasElfMagic } from '../elf/header.js';
import { describeErrno, ElfdepsError, errnoOf, RootError } from '../errors.js';
import { compareBytes } from '../root/byte-order.js';
import { type ResolvedPath, resolvePath } from '../root/resolve-path.js';
import type { Listed, RealPath, Root } from '../root/root.js';
import { RootFiles } from './root-files.js';

/** File systems of the kernel, which have no programs but endless files. */
const KERNEL_DIRECTORIES: ReadonlySet<string> = new Set(['/proc', '/sys', '/dev']);

/** How to look; every field may be left out. */
export interface FindOptions {
  /** A file is its own answer where it is such a file. */
  readonly orFile?: boolean;
  /**
   * Takes what is parsed, so that a trace of the files opens none of them again.
   * @internal
   */
  readonly files?: RootFiles;
  /** Called with each path that is found, as soon as it is. */
  readonly onFound?: (path: string) => void;
  /** Called with FILE_UNREADABLE for each file and directory that cannot be read, in byte order. */
  readonly onUnreadable?: (error: RootError) => void;
}

/**
 * Paths in byte order. What the system does not let us look at, below `directory` or itself, is passed
 * over; `onUnreadable` gets it.
 */
export function findElfFiles(root: Root, directory: string, options: FindOptions = {}): string[] {
  const start = resolvePath(root, directory);
  if (!start.found) return [];
  const files = options.files ?? new RootFiles(root);
  const refused: RootError[] = [];
  const look: Look = (path, call) => {
    try {
      return call();
    } catch (error) {
      const refusal = refusalOf(error, path);
      if (refusal !== undefined) refused.push(refusal);
      return undefined;
    }
  };
  const found: string[] = [];
  const orFile = options.orFile ?? false;
  for (const { path, realPath } of candidates(root, directory, start, orFile, look)) {
    if (!look(path, () => isLoadable(root, realPath, files))) continue;
    found.push(path);
    options.onFound?.(path);
  }
  refused.sort((a, b) => compareBytes(a.path ?? '', b.path ?? ''));
  for (const error of refused) options.onUnreadable?.(error);
  return found.sort(compareBytes);
}

/** The result of a call that looks at a path; undefined where the system does not let us. */
type Look = <Result>(path: string, call: () => Result) => Result | undefined;

interface Candidate {
  /** As the user names it. */
  readonly path: string;
  readonly realPath: RealPath;
}

/** Every regular file below a directory, or with `orFile` the file itself. */
function candidates(
  root: Root,
  directory: string,
  start: ResolvedPath,
  orFile: boolean,
  look: Look,
): Iterable<Candidate> {
  if (start.entry.kind === 'directory') return regularFiles(root, directory, start.path, look);
  return orFile ? [{ path: directory, realPath: start.path }] : [];
}

/** Every regular file below a directory. What is below a linked one is named as the user named it. */
function* regularFiles(
  root: Root,
  directory: string,
  realPath: RealPath,
  look: Look,
): Generator<Candidate> {
  const pending = [
    { shown: directory.replace(/\/+$/, ''), real: realPath === '/' ? '' : (realPath as string) },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { shown: above, real: aboveReal } = next;
    for (const { name, kind } of look(above || '/', () => list(root, aboveReal)) ?? []) {
      const real = `${aboveReal}/${name}`;
      const shown = `${above}/${name}`;
      const found = kind ?? look(shown, () => root.lstat(real))?.kind;
      if (found === 'directory' && !KERNEL_DIRECTORIES.has(real)) pending.push({ shown, real });
      else if (found === 'file') yield { path: shown, realPath: real as RealPath };
    }
  }
}

/** The names in a directory, without their kinds where only lstat tells them. */
function list(root: Root, directory: string): readonly (Partial<Listed> & { name: string })[] {
  const path = directory || '/';
  return root.list?.(path) ?? root.readdir(path).map((name) => ({ name }));
}

/** What is gone by now, or has become a link, is not there. */
const GONE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

/** What a root threw, as an error about `path`; undefined where there is nothing to read. */
function refusalOf(error: unknown, path: string): RootError | undefined {
  const code = errnoOf(error);
  if (code === undefined) throw error;
  if (GONE.has(code)) return undefined;
  const fact = error instanceof ElfdepsError ? error.fact : describeErrno(code);
  return new RootError('FILE_UNREADABLE', fact, { path, cause: error });
}

/**
 * Whether a file is an executable or a shared library, and not only the debug information of one. A
 * damaged one counts, so that it is reported. Throws what the root throws.
 */
function isLoadable(root: Root, path: RealPath, files: RootFiles): boolean {
  const head = headOf(root, path);
  if (!hasElfMagic(head) || head.length < 20) return false;
  const fields = new FieldReader(head, head[5] === 1);
  const type = fields.u16(16);
  if (type !== ET_EXEC && type !== ET_DYN) return false;
  // Some compilers keep code of a machine of their own so (Guile's .go files).
  if (fields.u16(18) === EM_NONE) return false;
  const entry = root.lstat(path);
  if (entry === undefined || entry.size < SMALLEST) return false;
  return files.findElf({ found: true, path, entry, links: [] })?.debugOnly !== true;
}

/** Bytes of the smallest ELF header. */
const SMALLEST = 52;

/** The first bytes of a file. What a file is too small for is no reason to report that it is unreadable. */
function headOf(root: Root, path: RealPath): Uint8Array {
  try {
    return root.read(path, 0, 20);
  } catch (error) {
    if ((root.lstat(path)?.size ?? 0) < SMALLEST) return new Uint8Array(0);
    throw error;
  }
}
