/**
 * Why a library is missing that only secure-execution mode takes from its program, and what helps: one
 * answer for `check` and `why`.
 */
import type { Closure, SecureExecution } from '../closure/closure.js';
import { secureFact } from '../closure/secure-execution.js';
import { directoryOf } from '../root/path-text.js';
import { shellCommand } from '../root/shell-word.js';
import type { Reason } from './miss-reason.js';

/** The reason for a name; undefined where the mode has no part in it. */
export function secureLoss(name: string, closure: Closure): Reason | undefined {
  const { secureExecution: secure, program } = closure;
  if (secure === undefined || !secure.lost.some((library) => library.name === name))
    return undefined;
  const { remedy } = secureReason(closure, secure);
  return { cause: `${program.path} ${secureFact(secure)}`, remedy };
}

/** Why libraries are not found in secure-execution mode, and what helps. */
export function secureReason({ traits }: Closure, { lost }: SecureExecution): Reason {
  const directories = [...new Set(lost.map(({ path }) => directoryOf(path)))];
  const always = directories.flatMap((directory) => traits?.searchAlways?.(directory) ?? []);
  const flags = directories.map((directory) => `-Wl,-rpath,${directory}`);
  return {
    cause:
      'a program that gives its user more rights starts in secure-execution mode, in which its loader trusts nothing that the user can change',
    remedy: [...always, `link it with ${shellCommand(...flags)}`].join(', or '),
  };
}
