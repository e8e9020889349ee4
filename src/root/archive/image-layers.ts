/**
 * Which layer of an image brought which path. Only `slim` asks, so the paths are kept only on demand.
 */
import { type DirectoryNode, isDirectory } from './tree-root.js';

/** Every path of a layer that was unpacked alone. */
export function pathsOfLayer(top: DirectoryNode): ReadonlySet<string> {
  const paths = new Set<string>();
  const pending: [path: string, directory: DirectoryNode][] = [['', top]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [path, directory] = next;
    for (const [name, node] of directory.children) {
      const below = `${path}/${name}`;
      if (isDirectory(node)) pending.push([below, node]);
      if (!isDirectory(node) || !node.isImplied) paths.add(below);
    }
  }
  return paths;
}
