/**
 * Paths of this machine as paths in its root.
 */
import nodePath from 'node:path';

/** An absolute path with slashes and without a drive letter; relative ones start at `cwd`. */
export function toRootPath(file: string, cwd: string): string {
  const path = withSlashes(file);
  if (path.startsWith('/')) return path;
  // The working directory has no links, so `..` can be taken from the text.
  const parts = path.split('/').filter((part) => part !== '');
  const directory = withSlashes(cwd)
    .split('/')
    .filter((part) => part !== '');
  while (parts[0] === '.' || parts[0] === '..') if (parts.shift() === '..') directory.pop();
  const end = parts.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${[...directory, ...parts].join('/')}${end}`;
}

function withSlashes(text: string): string {
  return nodePath.sep === '\\' ? text.replaceAll('\\', '/').replace(/^[A-Za-z]:/, '') : text;
}
