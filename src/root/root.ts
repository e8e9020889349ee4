/**
 * Where files come from. A Root is a whole file system as a program in it would see it: paths are
 * absolute, separated by `/`, and mean the same whether the files are on this machine's disk, below
 * a sysroot directory, in memory or in an archive.
 *
 * Implementations answer about exactly the path they are given and never follow a symbolic link:
 * that is the job of resolvePath, the only place that does.
 */

declare const brand: unique symbol;

/** An absolute path in a root none of whose components is a link. Only resolvePath makes it. */
export type RealPath = string & { readonly [brand]: 'RealPath' };

/** What stands at a path. */
export interface Entry {
  readonly kind: 'file' | 'directory' | 'symlink' | 'other';
  /** Bytes of a file; 0 for everything else. */
  readonly size: number;
  /** Permission bits, set-user-ID and the like included, such as 0o755. */
  readonly mode: number;
  /** Number of the user who owns it; absent where the root does not know it. */
  readonly uid?: number;
  /** Number of the group that owns it, likewise. */
  readonly gid?: number;
  /** The same text for two names of one file (hard links), and only for those. */
  readonly id: string;
  /** The value of the attribute security.capability (capabilities(7)), where the root knows it. */
  readonly capability?: Uint8Array;
}

/** A name in a directory. */
export type Listed = Pick<Entry, 'kind'> & { readonly name: string };

/** Why a path could not be looked at, as system calls would say it. */
export type PathProblem = 'ENOENT' | 'ENOTDIR' | 'ELOOP' | 'EACCES' | 'ENAMETOOLONG' | 'EIO';

/**
 * A file system to resolve in. All methods are synchronous. Those that can fail throw an error with
 * a `code` as Node.js does (`EACCES`, ...); the path that does not exist is not a failure of lstat.
 */
export interface Root {
  /** How the root is called in messages and reports, such as `/` or `/srv/sysroot`. */
  readonly name: string;
  /** Whether this is the running machine's own `/`, whose environment and CPU then count. */
  readonly isHost: boolean;
  /** Whether its files stay as they are while it is open, so that resolvePath may remember links. */
  readonly isFixed?: boolean;
  /** The entry at the path, the link itself where it is one, or undefined when there is none. */
  lstat(path: string): Entry | undefined;
  /** The text of a symbolic link. */
  readlink(path: string): string;
  /** The names in a directory, in no particular order. */
  readdir(path: string): readonly string[];
  /**
   * The names with what they stand for, where one listing tells both; undefined where lstat has to.
   * @internal
   */
  list?(path: string): readonly Listed[] | undefined;
  /** At most `length` bytes from `offset`; fewer at the end of the file. */
  read(path: RealPath, offset: number, length: number): Uint8Array;
  /**
   * Copies all bytes of a file to a path of this machine's disk where nothing is, as a clone if the file
   * system makes clones, with the file's mode. False where that cannot be done: then nothing is there.
   * @internal
   */
  copyTo?(path: RealPath, destination: string): Promise<boolean>;
  /** {@link Entry.capability}, where finding it out costs more than an lstat. */
  capability?(path: RealPath): Uint8Array | undefined;
  /**
   * Finds them out for many files at once, which costs less than for each alone.
   * @internal
   */
  findCapabilities?(paths: readonly RealPath[]): void;
  /**
   * Where the bytes of a file are, in a root that lends files of others; undefined for a file of its
   * own. A root without this method has only files of its own.
   */
  origin?(path: RealPath): FileOrigin | undefined;
  /** How the image starts whose files these are; undefined for roots that are no image. */
  readonly image?: ImageConfiguration;
  /**
   * The layers of the image, the lowest first; undefined for other roots, and where nothing asked for
   * them.
   * @internal
   */
  readonly layers?: readonly ImageLayer[];
  /** Frees what the root holds open; the root may be used again. */
  close?(): void;
}

/** One layer of an image, and every path that its archive has. */
export interface ImageLayer {
  /** Bytes as they are stored, compressed or not. */
  readonly storedBytes: number;
  /** Absolute paths; directories only if the layer has a member for them. Whiteouts are not among them. */
  readonly paths: ReadonlySet<string>;
}

/** How a container engine starts an image, and how the image was built. */
export interface ImageConfiguration {
  readonly environment: Readonly<Record<string, string>>;
  /** `USER` or `USER:GROUP`, names or numbers; root without it. */
  readonly user?: string;
  /** An absolute path; `/` without it. */
  readonly workdir?: string;
  readonly entrypoint: readonly string[];
  /** The default arguments of the entrypoint, or the command where there is no entrypoint. */
  readonly command: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** The instructions that built the image, the oldest first; those that are empty made no layer. */
  readonly history: readonly { readonly createdBy: string; readonly isEmpty: boolean }[];
  /** The whole configuration, for what is kept as it is. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A file, and the root that reads it. */
export interface FileOrigin {
  readonly root: Root;
  readonly path: RealPath;
}

/** Where the bytes of a file are after all that lend them; the file itself when nothing does. */
export function originOf(root: Root, path: RealPath): FileOrigin {
  let origin: FileOrigin = { root, path };
  for (;;) {
    const next = origin.root.origin?.(origin.path);
    if (next === undefined) return origin;
    origin = next;
  }
}

/** Bytes of one read. */
const PIECE = 1 << 20;

/**
 * Bytes of a whole file. For small files: configuration, caches, a loader. Throws EFBIG where more than
 * `limit` bytes are read, since files of /proc have more than their size says.
 */
export function readFile(
  root: Root,
  path: RealPath,
  limit: number = Number.POSITIVE_INFINITY,
): Uint8Array {
  const chunks: Uint8Array[] = [];
  let offset = 0;
  // Many files are small, and a buffer of a piece for each of them costs more than reading them.
  // Files of /proc have no size.
  const size = root.lstat(path)?.size || PIECE;
  let wanted = Math.min(PIECE, size + 1);
  for (;;) {
    const chunk = root.read(path, offset, wanted);
    if (chunk.length === 0) break;
    chunks.push(chunk);
    offset += chunk.length;
    if (offset > limit)
      throw Object.assign(new Error(`EFBIG: more than ${limit} bytes, '${path}'`), {
        code: 'EFBIG',
      });
    if (chunk.length < wanted) break;
    wanted = PIECE;
  }
  return chunks.length === 1 ? (chunks[0] as Uint8Array) : concat(chunks, offset);
}

function concat(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
