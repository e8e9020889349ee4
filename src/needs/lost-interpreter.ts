/**
 * An interpreter that is missing at its path: whether a missing library is that same file, and the link that
 * brings it back where the root has the file elsewhere.
 */
import type { Closure, Library } from '../closure/closure.js';
import { compatibleTargets } from '../elf/target.js';
import type { RootFiles } from '../files/root-files.js';
import { baseName, directoryOf, pathFrom } from '../root/path-text.js';
import { shellCommand } from '../root/shell-word.js';

/** Whether a missing library is the interpreter, which is missing too. The loader searches no file for it. */
export function isLostInterpreter({ interpreter }: Closure, { name, status }: Library): boolean {
  return (
    status === 'missing' && interpreter?.status === 'missing' && name === baseName(interpreter.path)
  );
}

/**
 * The path at which a root has the missing interpreter, and the command that makes the link to it; undefined
 * where no usual directory and none of a library has a file of that name for the program's CPU, and where
 * one link is not enough.
 */
export function interpreterLink(
  { interpreter, objects, program: { elf } }: Closure,
  { files, cwd }: { readonly files: RootFiles; readonly cwd: string },
): { readonly found: string; readonly command: string } | undefined {
  if (interpreter?.status !== 'missing' || elf === undefined) return undefined;
  const place = pathFrom(cwd, interpreter.path);
  const name = baseName(place);
  const found = ['/usr/lib64', '/lib64', '/usr/lib', '/lib', ...objects.map(directoryOfObject)]
    .map((directory) => `${directory}/${name}`)
    .find((path) => {
      const file = files.resolve(path);
      const target = file.found ? files.findElf(file)?.target : undefined;
      return target !== undefined && compatibleTargets(target, elf.target);
    });
  if (found === undefined) return undefined;
  const directory = files.resolve(directoryOf(place));
  if (directory.found) return { found, command: inRoot('-sf', found, place) };
  const parents = [directoryOf(directoryOf(place)), directoryOf(directory.at)];
  if (!parents.every((path) => files.resolve(path).found)) return undefined;
  return { found, command: inRoot('-s', directoryOf(found), directory.at) };
}

const inRoot = (...words: string[]) => `in the root: ${shellCommand('ln', ...words)}`;

const directoryOfObject = ({ path }: Closure['objects'][number]) => directoryOf(path);
