/**
 * Parts of paths as text: paths of a root always have `/` between names, whatever the machine is, and
 * backslashes are characters like others. No links are followed here, see resolvePath.
 */
import { compareBytes } from './byte-order.js';

/** `c` of `/a/b/c` and of `c`; empty behind a slash at the end. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `/a/b` of `/a/b/c`, its links untouched, which is what `$ORIGIN` is made of; `/` of `/c`. */
export function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

/** A path as a process opens it whose working directory is `directory`; an absolute one stays. */
export function pathFrom(directory: string, path: string): string {
  return path.startsWith('/') ? path : `${directory === '/' ? '' : directory}/${path}`;
}

/** The path that stands below `to` as `path` stands below `from`, a directory above it. */
export function rebased(path: string, from: string, to: string): string {
  return pathFrom(to, path.slice(from === '/' ? 1 : from.length + 1));
}

/** The paths that are not below another of them, each once and in byte order. */
export function outermost(paths: readonly string[]): string[] {
  const all = new Set(paths);
  return [...all].filter((path) => !isBelowAny(path, all)).sort(compareBytes);
}

/** Whether one of the paths is a directory above an absolute one; `/` does not count. */
export function isBelowAny(path: string, all: Pick<ReadonlySet<string>, 'has'>): boolean {
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
    if (all.has(path.slice(0, at))) return true;
  return false;
}

/** The names in a path, without `.` and repeated slashes; `..` stays one of them. */
export function componentsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

/** The names in a path where `..` takes the one before it away, and never leads above the top. */
export function shortenedComponents(path: string): string[] {
  const parts: string[] = [];
  for (const part of componentsOf(path))
    if (part === '..') parts.pop();
    else parts.push(part);
  return parts;
}
