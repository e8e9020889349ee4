/**
 * From a path that a user names to the program there: an ELF file, or a script. Errors speak of that path.
 */
import { parseShebang } from '../elf/script.js';
import { describeErrno, ElfdepsError, errnoOf } from '../errors.js';
import { foreignProgram } from '../files/foreign-program.js';
import type { RootFiles } from '../files/root-files.js';
import type { ResolvedPath } from '../root/resolve-path.js';
import type { Program } from './closure.js';

/**
 * Reads the program at a path. With `takesTexts`, a text without a first line for the kernel is a script
 * too. Throws {@link ElfdepsError} where there is no program, or none that can be read.
 */
export function readProgram(files: RootFiles, path: string, takesTexts: boolean): Program {
  const file = openProgram(files, path);
  const common = { path, realPath: file.path, links: file.links, entry: file.entry };
  try {
    const found = files.findElf(file);
    const shebang = found === undefined ? parseShebang(files.head(file)) : undefined;
    if (shebang !== undefined) return { ...common, kind: 'script', shebang };
    if (found === undefined && takesTexts && isText(files.head(file)))
      return { ...common, kind: 'script' };
    // The second call tells what kept the first from finding one.
    const elf = found ?? files.elf(file);
    return { ...common, kind: elf.kind, elf };
  } catch (error) {
    // Errors speak of the path the user gave.
    if (error instanceof ElfdepsError) throw named(files, error, path, file);
    const code = errnoOf(error);
    if (code === undefined) throw error;
    throw new ElfdepsError('FILE_UNREADABLE', describeErrno(code), { path, cause: error });
  }
}

function openProgram(files: RootFiles, path: string): ResolvedPath {
  const file = files.resolve(path);
  if (file.found) {
    if (file.entry.kind === 'file') return file;
    throw new ElfdepsError('NOT_REGULAR_FILE', 'not a regular file', { path });
  }
  const { problem, at } = file;
  if (problem === 'ELOOP')
    throw new ElfdepsError('ROOT_SYMLINK_LOOP', 'more than 40 symbolic links', { path });
  const isMissing = problem === 'ENOENT' || problem === 'ENOTDIR';
  const isDangling = problem === 'ENOENT' && at !== path;
  throw new ElfdepsError(isMissing ? 'FILE_NOT_FOUND' : 'FILE_UNREADABLE', describeErrno(problem), {
    path,
    hint: isDangling ? `${at} does not exist` : undefined,
  });
}

/** The same error about the path that the user gave; of a known format it says which one. */
function named(
  files: RootFiles,
  error: ElfdepsError,
  path: string,
  file: ResolvedPath,
): ElfdepsError {
  const { code, fact, hint } = error;
  const what = code === 'NOT_ELF' ? foreignProgram(files.head(file)) : undefined;
  const named = what === undefined ? fact : `${fact}, but ${what}`;
  return new ElfdepsError(code, named, { path, cause: error, hint });
}

/** Whether the first bytes of a file may be those of a text; a shell takes such a file for a script. */
function isText(head: Uint8Array): boolean {
  return head.length > 0 && !head.includes(0);
}
