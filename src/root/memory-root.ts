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
  | {
      readonly directory: true;
      readonly mode?: number;
      readonly uid?: number;
      readonly gid?: number;
    }
  | { readonly hardLink: string }
  | {
      readonly bytes: Uint8Array;
      /** 0755 if absent. */
      readonly mode?: number;
      /** 0, root, if absent. */
      readonly uid?: number;
      readonly gid?: number;
      readonly unreadable?: boolean;
      readonly capability?: Uint8Array;
    };

type Ownership = Partial<Pick<Entry, 'mode' | 'uid' | 'gid'>>;

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
  const tree = new MemoryTree();
  for (const [path, node] of Object.entries(files)) tree.addNode(path, node);
  return {
    name: options.name ?? 'memory',
    isHost: options.isHost ?? false,
    isFixed: true,
    lstat: (path) => tree.find(path)?.entry,
    readlink(path) {
      const { target } = tree.get(path);
      if (target === undefined) throw systemError('EINVAL', path);
      return target;
    },
    readdir(path) {
      if (tree.get(path).entry.kind !== 'directory') throw systemError('ENOTDIR', path);
      return tree.namesIn(path);
    },
    read(path, offset, length) {
      const node = tree.get(path);
      if (node.unreadable) throw systemError('EACCES', path);
      if (node.bytes === undefined)
        throw systemError(node.entry.kind === 'directory' ? 'EISDIR' : 'ELOOP', path);
      return node.bytes.subarray(offset, offset + length);
    },
  };
}

/** What stands at each path. */
class MemoryTree {
  readonly #nodes = new Map<string, Stored>();
  readonly #children = new Map<string, Set<string>>();
  readonly #device = `memory${++roots}`;
  #inodes = 0;

  constructor() {
    this.#addDirectory('/');
  }

  find(path: string): Stored | undefined {
    return this.#nodes.get(path);
  }

  /** Throws ENOENT where nothing is. */
  get(path: string): Stored {
    const node = this.#nodes.get(path);
    if (node === undefined) throw systemError('ENOENT', path);
    return node;
  }

  namesIn(path: string): string[] {
    return [...(this.#children.get(path) ?? [])];
  }

  addNode(path: string, node: MemoryNode): void {
    if (typeof node === 'string') this.#addFile(path, { bytes: new TextEncoder().encode(node) });
    else if (node instanceof Uint8Array) this.#addFile(path, { bytes: node });
    else if ('directory' in node) this.#addDirectory(path, node);
    else if ('hardLink' in node) {
      const original = this.#nodes.get(node.hardLink);
      if (original === undefined) throw new Error(`hard link to unknown ${node.hardLink}`);
      this.#add(path, original);
    } else if ('link' in node) {
      const owner = { uid: 0, gid: 0 };
      const entry: Entry = { kind: 'symlink', size: 0, mode: 0o777, ...owner, id: this.#newId() };
      this.#add(path, { entry, target: node.link });
    } else this.#addFile(path, node);
  }

  #addFile(path: string, file: Extract<MemoryNode, { readonly bytes: Uint8Array }>): void {
    const { bytes, mode = 0o755, uid = 0, gid = 0, capability, unreadable } = file;
    const size = bytes.length;
    const entry: Entry = { kind: 'file', size, mode, uid, gid, id: this.#newId(), capability };
    this.#add(path, { entry, bytes, unreadable });
  }

  #addDirectory(path: string, { mode = 0o755, uid = 0, gid = 0 }: Ownership = {}): void {
    if (this.#nodes.get(path)?.entry.kind === 'directory') return;
    this.#add(path, { entry: { kind: 'directory', size: 0, mode, uid, gid, id: this.#newId() } });
  }

  #add(path: string, node: Stored): void {
    if (path !== '/') {
      const parent = directoryOf(path);
      this.#addDirectory(parent);
      const names = this.#children.get(parent) ?? new Set();
      this.#children.set(parent, names.add(baseName(path)));
    }
    this.#nodes.set(path, node);
  }

  #newId(): string {
    return `${this.#device}:${++this.#inodes}`;
  }
}

function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
