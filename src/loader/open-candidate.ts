/**
 * Opens one candidate of a search, and makes the object that it becomes when the loader maps it. This
 * is the same for several loaders. Each of them judges the opened file by its own rules.
 */

import type { ElfFile } from '../elf/elf-file.js';
import { ElfdepsError } from '../errors.js';
import { directoryOf, pathFrom } from '../root/path-text.js';
import type { ResolvedPath } from '../root/resolve-path.js';
import type { LoadedObject, LoaderContext, Request, SearchRule } from './loader.js';

/** The result of open(2) and of parsing the headers. Without `elf`: a directory, or no valid ELF file. */
export type Candidate =
  | { readonly outcome: 'opened'; readonly file: ResolvedPath; readonly elf?: ElfFile }
  | { readonly outcome: 'missing' | 'unreadable' | 'denied' };

/** Opens `path`; a relative one starts from the working directory. Failures are in the result. */
export function openCandidate({ files, options, rights }: LoaderContext, path: string): Candidate {
  const file = files.resolve(pathFrom(options.cwd, path));
  if (!file.found) return { outcome: file.problem === 'EACCES' ? 'unreadable' : 'missing' };
  if (!rights.mayRead(file)) return { outcome: 'denied' };
  if (file.entry.kind !== 'file') return { outcome: 'opened', file };
  try {
    return { outcome: 'opened', file, elf: files.elf(file) };
  } catch (error) {
    if (!(error instanceof ElfdepsError)) throw error;
    return error.code === 'FILE_UNREADABLE'
      ? { outcome: 'unreadable' }
      : { outcome: 'opened', file };
  }
}

/** Makes the object for a file that is mapped for the first time; `path` is the path as opened. */
export function newObject(
  request: Request,
  requester: LoadedObject,
  found: {
    readonly path: string;
    readonly file: ResolvedPath;
    readonly elf: ElfFile;
    readonly rule: SearchRule;
  },
  cwd: string,
): LoadedObject {
  return {
    role: request.kind === 'preload' ? 'preload' : 'library',
    name: request.name,
    path: found.path,
    realPath: found.file.path,
    links: found.file.links,
    entry: found.file.entry,
    origin: directoryOf(pathFrom(cwd, found.path)),
    elf: found.elf,
    requester,
    rule: found.rule,
  };
}
