/**
 * A long list of files with whole directories in the place of what is below them, each with its number of
 * files and their bytes.
 */
import { addTo } from '../root/multimap.js';
import { directoryOf } from '../root/path-text.js';

/** A file, and why an image has it. */
export interface ListedFile {
  readonly path: string;
  readonly size: number;
  readonly because: string;
}

/** A row of the list: a file, or a directory with its number of files. */
export interface FoldedRow {
  /** With a slash at its end for a directory. */
  readonly path: string;
  readonly size: number;
  /** Undefined for a file. */
  readonly files?: number;
}

/** Fewer files are told one by one. */
const LEAST_FILES = 8;
/** A directory with so many directories is one thing, though no file is in itself. */
const MANY_CHILDREN = 5;

/** Folds the files that are there for one reason; those with a reason in `whole` stay. */
export function foldFiles(files: readonly ListedFile[], whole: ReadonlySet<string>): FoldedRow[] {
  const reasons = new Set(files.map(({ because }) => because));
  return [...reasons].flatMap((reason) => {
    const own = files.filter(({ because }) => because === reason);
    return whole.has(reason) ? own : foldBelow('', own);
  });
}

/** The rows for files below a directory, which has no slash at its end. */
function foldBelow(directory: string, files: readonly ListedFile[]): FoldedRow[] {
  if (files.length < LEAST_FILES) return [...files];
  const isInside = ({ path }: ListedFile) => directoryOf(path) === (directory || '/');
  const inside = files.filter(isInside);
  const byChild = new Map<string, ListedFile[]>();
  for (const file of files)
    if (!isInside(file))
      addTo(byChild, file.path.slice(0, file.path.indexOf('/', directory.length + 1)), file);
  if (directory !== '' && (inside.length > 0 || byChild.size >= MANY_CHILDREN))
    return [
      {
        path: `${directory}/`,
        size: files.reduce((sum, { size }) => sum + size, 0),
        files: files.length,
      },
    ];
  return [...inside, ...[...byChild].flatMap(([child, below]) => foldBelow(child, below))];
}
