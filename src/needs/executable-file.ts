/**
 * Which paths of a root lead to what a program starts: a program, or a script with an interpreter.
 */
import { hasElfMagic } from '../elf/header.js';
import { hasShebang } from '../elf/script.js';
import { errnoOf } from '../errors.js';
import { isExecutable } from '../root/user.js';
import type { ProgramFacts } from './program-facts.js';

/** Whether a path leads to a program or a script, by its mode and its first bytes. */
export function isExecutableFile(facts: ProgramFacts, path: string): boolean {
  const head = headOf(facts, path);
  return head !== undefined && (hasElfMagic(head) || hasShebang(head));
}

/** Whether a path leads to a script. */
export function isScriptFile(facts: ProgramFacts, path: string): boolean {
  const head = headOf(facts, path);
  return head !== undefined && hasShebang(head);
}

/** The first bytes of a file that may be executed; undefined of all else. */
function headOf({ files }: ProgramFacts, path: string): Uint8Array | undefined {
  const file = files.resolve(path);
  if (!file.found || !isExecutable(file)) return undefined;
  try {
    return files.head(file);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}
