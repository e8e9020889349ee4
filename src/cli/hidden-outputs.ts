/**
 * A root of this machine that does not list what a command writes, so that no directory that is copied brings
 * an earlier image, or this one. Its paths still lead there.
 */
import nodePath from 'node:path';
import { realDirectory } from '../root/directory-root.js';
import type { Root } from '../root/root.js';
import { toRootPath } from './root-path.js';

/** The root without `outputs` in its listings: paths of this machine. `base` is the directory that the root is. */
export function hideOutputs(root: Root, base: string, outputs: readonly string[]): Root {
  const top = realDirectory(base);
  const hidden = new Set(
    outputs.map((path) => toRootPath(`/${nodePath.relative(top, realDirectory(path))}`, '/')),
  );
  const isShown = (directory: string, name: string) =>
    !hidden.has(`${directory === '/' ? '' : directory}/${name}`);
  return {
    ...root,
    readdir: (path) => root.readdir(path).filter((name) => isShown(path, name)),
    list: (path) => root.list?.(path)?.filter(({ name }) => isShown(path, name)),
  };
}
