/**
 * Every path that must exist in a root so that a closure resolves there: files, and the links that
 * lead to them.
 */
import type { LoadedObject } from '../loader/loader.js';
import type { SymlinkHop } from '../root/resolve-path.js';
import type { Entry, RealPath } from '../root/root.js';
import { requireClosure } from './arguments.js';
import type { Closure } from './closure.js';

/** A file as a closure reaches it. */
export interface ClosureFile {
  readonly role: LoadedObject['role'];
  /** As it is opened; may be relative to the working directory. */
  readonly path: string;
  readonly realPath: RealPath;
  readonly links: readonly SymlinkHop[];
  readonly entry: Entry;
}

/**
 * The files of a closure: the program, its interpreter, the other objects in load order, audit modules
 * with what they load, then the other names that lead to them.
 */
export function closureFiles(closure: Closure): ClosureFile[] {
  requireClosure(closure);
  const { program, interpreter } = closure;
  const files: ClosureFile[] = [{ ...program, role: 'program' }];
  if (interpreter?.realPath !== undefined && interpreter.entry !== undefined)
    files.push({
      role: 'interpreter',
      path: interpreter.path,
      realPath: interpreter.realPath,
      links: interpreter.links,
      entry: interpreter.entry,
    });
  for (const object of closure.objects) if (object.role !== 'program') files.push(object);
  // One that is passed over is closed again.
  const modules = closure.auditModules.filter(({ refusal }) => refusal === undefined);
  for (const { objects } of modules) files.push(...objects.filter(isNew(files)));
  const rows = modules.flatMap(({ libraries }) => libraries);
  for (const { object, opened } of [...closure.libraries, ...rows])
    if (object !== undefined && opened !== undefined)
      files.push({ role: object.role, entry: object.entry, ...opened });
  return files;
}

/** Whether no file is reached by the same path. */
function isNew(files: readonly ClosureFile[]): (object: ClosureFile) => boolean {
  const paths = new Set(files.map(({ path }) => path));
  return ({ path }) => !paths.has(path);
}

/** Number of different files and their bytes, hard links and repeated paths counted once. */
export function totalSize(files: readonly ClosureFile[]): { files: number; bytes: number } {
  const byId = new Map(files.map((file) => [file.entry.id, file.entry.size]));
  let bytes = 0;
  for (const size of byId.values()) bytes += size;
  return { files: byId.size, bytes };
}
