/**
 * Which file a misspelt name may mean: one of a similar name where the name is looked for. Roots are listed
 * only when an error is told.
 */
import { ElfdepsError } from '../errors.js';
import { directoryRoot } from '../root/directory-root.js';
import { closest } from '../root/edit-distance.js';
import { namesIn } from '../root/list-directory.js';
import { baseName, directoryOf } from '../root/path-text.js';
import type { Root } from '../root/root.js';
import { shellWord } from '../root/shell-word.js';
import { toRootPath } from './root-path.js';
import type { Terminal } from './terminal.js';

/** Where the names of a command line are looked for. */
export interface NamePlaces {
  readonly root: Root;
  /** Directories for names without a slash, which colons separate. */
  readonly path: string;
  /** What the user typed, by path. */
  readonly names: ReadonlyMap<string, string>;
}

/** The errors, with a file of a similar name as advice for each file that is not found and has no advice. */
export function withSimilarFiles(
  errors: readonly ElfdepsError[],
  places: NamePlaces,
  terminal: Pick<Terminal, 'cwd'>,
): ElfdepsError[] {
  return errors.map((error) => withSimilarFile(error, places, terminal));
}

function withSimilarFile(
  error: ElfdepsError,
  places: NamePlaces,
  { cwd }: Pick<Terminal, 'cwd'>,
): ElfdepsError {
  const { code, fact, hint, path = '' } = error;
  if (code !== 'FILE_NOT_FOUND' || hint !== undefined) return error;
  const word = places.names.get(path) ?? path;
  const question = similarQuestion(word, directoriesOf(word, places, cwd));
  return question === undefined ? error : new ElfdepsError(code, fact, { path, hint: question });
}

/** The error about a directory or an archive that is not there, with one of a similar name as advice. */
export function withSimilarRoot(error: ElfdepsError, { cwd }: Pick<Terminal, 'cwd'>): ElfdepsError {
  const { code, fact, hint, path = '' } = error;
  if (code !== 'ROOT_NOT_FOUND' || hint !== undefined) return error;
  const directory = directoryOf(toRootPath(path, cwd));
  const question = similarQuestion(path, [[directoryRoot('/'), directory]]);
  return question === undefined ? error : new ElfdepsError(code, fact, { path, hint: question });
}

type Directory = readonly [root: Root, path: string];

/** Absolute paths are those of the root, others start on this machine; a bare name may be a program. */
function directoriesOf(word: string, { root, path }: NamePlaces, cwd: string): Directory[] {
  if (word.startsWith('/')) return [[root, directoryOf(word)]];
  const machine = root.isHost ? root : directoryRoot('/');
  const elements = word.includes('/') ? [] : path.split(':');
  return [
    [machine, directoryOf(toRootPath(word, cwd))],
    ...elements.filter((each) => each.startsWith('/')).map((each): Directory => [root, each]),
  ];
}

function similarQuestion(word: string, directories: readonly Directory[]): string | undefined {
  const names = new Set(directories.flatMap(([root, directory]) => namesIn(root, directory)));
  const start = word.slice(0, word.lastIndexOf('/') + 1);
  const name = baseName(word);
  // What a shell would complete is meant too: a letter may be missing, or the end.
  const begun = name.length < 2 ? [] : [...names].filter((each) => each.startsWith(name));
  // In PATH there are so many names that one of them is near to any short word.
  const near = closest(name, [...names], directories.length > 1 && name.length < 9 ? 1 : 2);
  const similar = (near.length === 0 && begun.length <= 2 ? begun : near).map((each) =>
    shellWord(`${start}${each}`),
  );
  return similar.length === 0 ? undefined : `did you mean ${similar.join(' or ')}?`;
}
