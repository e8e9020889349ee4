/**
 * The directory part of an absolute path as text, which is what `$ORIGIN` is made of.
 */

/** `/a/b` of `/a/b/c`, its links untouched; `/` of `/c`. */
export function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
