/**
 * A Root in memory: a world written down as a literal. Tests declare their file systems with it,
 * and an image plan proves itself in one.
 */
import { baseName, directoryOf } from './path-text.js';
import type { Entry, Root } from './root.js';

/** What stands at a path: bytes or text of a file, a link, a directory, or another name of a file. */
export type MemoryNode =
  | Uint8Array
  | string
  | { readonly link: string }
  | { readonly directory: true; readonly mode?: number }
  | { readonly hardLink: string }
  | { readonly bytes: Uint8Array; readonly mode?: number; readonly unreadable?: boolean };

interface Stored {
  readonly entry: Entry;
  readonly bytes?: Uint8Array;
  readonly target?: string;
  readonly unreadable?: boolean;
}

/** Roots may be laid over each other, so their files must not have the same identities. */
let roots = 0;

/** Builds a root from absolute paths to nodes; parent directories come into being by themselves. */
export function memoryRoot(
  files: Readonly<Record<string, MemoryNode>>,
  options: { readonly name?: string; readonly isHost?: boolean } = {},
): Root {
  const nodes = new Map<string, Stored>();
  const children = new Map<string, Set<string>>();
  const device = `memory${++roots}`;
  let inode = 0;

  const addDirectory = (path: string, mode = 0o755) => {
    if (nodes.get(path)?.entry.kind === 'directory') return;
    add(path, { entry: { kind: 'directory', size: 0, mode, id: `${device}:${++inode}` } });
  };
  const add = (path: string, node: Stored) => {
    if (path !== '/') {
      const parent = directoryOf(path);
      addDirectory(parent);
      const names = children.get(parent) ?? new Set();
      children.set(parent, names.add(baseName(path)));
    }
    nodes.set(path, node);
  };

  addDirectory('/');
  for (const [path, node] of Object.entries(files)) {
    if (typeof node === 'object' && 'directory' in node) addDirectory(path, node.mode);
    else if (typeof node === 'object' && 'hardLink' in node) {
      const original = nodes.get(node.hardLink);
      if (original === undefined) throw new Error(`hard link to unknown ${node.hardLink}`);
      add(path, original);
    } else if (typeof node === 'object' && 'link' in node) {
      const entry: Entry = { kind: 'symlink', size: 0, mode: 0o777, id: `${device}:${++inode}` };
      add(path, { entry, target: node.link });
    } else {
      const plain = typeof node === 'string' ? new TextEncoder().encode(node) : node;
      const file = plain instanceof Uint8Array ? { bytes: plain } : plain;
      const entry: Entry = {
        kind: 'file',
        size: file.bytes.length,
        mode: ('mode' in file ? file.mode : undefined) ?? 0o755,
        id: `${device}:${++inode}`,
      };
      add(path, {
        entry,
        bytes: file.bytes,
        unreadable: 'unreadable' in file && !!file.unreadable,
      });
    }
  }

  const stored = (path: string): Stored => {
    const node = nodes.get(path);
    if (node === undefined) throw systemError('ENOENT', path);
    return node;
  };
  return {
    name: options.name ?? 'memory',
    isHost: options.isHost ?? false,
    lstat: (path) => nodes.get(path)?.entry,
    readlink(path) {
      const { target } = stored(path);
      if (target === undefined) throw systemError('EINVAL', path);
      return target;
    },
    readdir(path) {
      if (stored(path).entry.kind !== 'directory') throw systemError('ENOTDIR', path);
      return [...(children.get(path) ?? [])];
    },
    read(path, offset, length) {
      const node = stored(path);
      if (node.unreadable) throw systemError('EACCES', path);
      if (node.bytes === undefined)
        throw systemError(node.entry.kind === 'directory' ? 'EISDIR' : 'ELOOP', path);
      return node.bytes.subarray(offset, offset + length);
    },
  };
}

function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
