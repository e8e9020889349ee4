/**
 * A tree of files as a Root: entries are in memory, bytes come from the archive when asked for.
 */
import type { Entry, Root } from '../root.js';
import type { DirectoryNode, TreeNode } from './layer-tree.js';

/** Makes a Root of what is below `top`, which may still change. */
export function treeRoot(top: DirectoryNode, name: string): Root {
  const find = (path: string): TreeNode | undefined => {
    let node: TreeNode | undefined = top;
    for (let at = 1; at < path.length; ) {
      if (node === undefined || !('children' in node)) return undefined;
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
    lstat: (path): Entry | undefined => find(path)?.entry,
    readlink(path) {
      const node = existing(path);
      if ('children' in node || node.target === undefined) throw systemError('EINVAL', path);
      return node.target;
    },
    readdir(path) {
      const node = existing(path);
      if (!('children' in node)) throw systemError('ENOTDIR', path);
      return [...node.children.keys()];
    },
    read(path, offset, length) {
      const node = existing(path);
      if ('children' in node) throw systemError('EISDIR', path);
      if (node.body === undefined)
        throw systemError(node.target === undefined ? 'ENXIO' : 'ELOOP', path);
      return node.body.read(offset, length);
    },
  };
}

function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
