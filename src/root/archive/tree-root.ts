/**
 * A tree of files as a Root: entries are in memory, bytes come from the archive when they are read.
 */
import type { ByteSource } from '../../elf/byte-source.js';
import type { Entry, Root } from '../root.js';

/** A file, a link or something else; two names of one file share it. */
interface LeafNode {
  readonly entry: Entry & { readonly kind: 'file' | 'symlink' | 'other' };
  /** Of a file. */
  readonly body?: ByteSource;
  /** Of a symbolic link. */
  readonly target?: string;
}

/** A directory and what is in it. */
export interface DirectoryNode {
  entry: Entry & { readonly kind: 'directory' };
  readonly children: Map<string, TreeNode>;
  /** The archive has files in this directory, but no member for it, so its mode is not known. */
  isImplied: boolean;
}

/** What a name in a directory stands for. */
export type TreeNode = LeafNode | DirectoryNode;

/** Whether there is a node, and it is a directory. */
export function isDirectory(node: TreeNode | undefined): node is DirectoryNode {
  return node !== undefined && 'children' in node;
}

/**
 * Makes a Root of what is below `top`. With `isFixed`, the tree must not change any more. Its methods
 * throw errors with the codes of system calls.
 */
export function treeRoot(
  top: DirectoryNode,
  name: string,
  { isFixed = false, image, layers }: Pick<Root, 'isFixed' | 'image' | 'layers'> = {},
): Root {
  const find = (path: string): TreeNode | undefined => {
    let node: TreeNode | undefined = top;
    for (let at = 1; at < path.length; ) {
      if (!isDirectory(node)) return undefined;
      const slash = path.indexOf('/', at);
      const end = slash < 0 ? path.length : slash;
      node = node.children.get(path.slice(at, end));
      at = end + 1;
    }
    return node;
  };
  const existing = (path: string): TreeNode => {
    const node = find(path);
    if (node === undefined) throw systemError('ENOENT', path);
    return node;
  };
  return {
    name,
    isHost: false,
    isFixed,
    image,
    layers,
    lstat: (path): Entry | undefined => find(path)?.entry,
    readlink(path) {
      const node = existing(path);
      if (isDirectory(node) || node.target === undefined) throw systemError('EINVAL', path);
      return node.target;
    },
    readdir(path) {
      const node = existing(path);
      if (!isDirectory(node)) throw systemError('ENOTDIR', path);
      return [...node.children.keys()];
    },
    read(path, offset, length) {
      const node = existing(path);
      if (isDirectory(node)) throw systemError('EISDIR', path);
      if (node.body === undefined)
        throw systemError(node.target === undefined ? 'ENXIO' : 'ELOOP', path);
      return node.body.read(offset, length);
    },
  };
}

function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
