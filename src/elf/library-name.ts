/**
 * Which files are libraries by their names: for directories and texts whose files are not read. Where a file
 * is read, its kind tells.
 */

/** `a.so`, `a.so.1.2` and `a.node`, as the last part of a path. */
const LIBRARY_NAME = /\.(?:so(?:\.\d[^/]*)?|node)$/;

/** Whether a file name or path is that of a library. */
export function isLibraryName(path: string): boolean {
  return LIBRARY_NAME.test(path);
}
