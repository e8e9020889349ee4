/**
 * The command that a reader of the text report most likely wants next, ready to copy.
 */
import type { Closure } from '../../closure/closure.js';
import { shellWord } from '../../root/shell-word.js';
import { isExecutable } from '../../root/user.js';
import { isNamed, nameOf, type ReportInput } from './report.js';

/** How many programs fit into a command that is meant to be read. */
const MOST_PROGRAMS = 3;

/**
 * The words of a command line, quoted for a shell, and what it gives. Undefined where no command helps: for
 * files that nothing loads, for libraries, and where the report does not know its own options.
 */
export function nextCommand(
  input: ReportInput,
): { readonly words: readonly string[]; readonly what: string } | undefined {
  const { closures, options, quiet } = input;
  const named = closures.filter((closure) => isNamed(input, closure));
  if (options === undefined || quiet || named.length === 0) return undefined;
  // Of many files, a library that lacks something stops no program by itself.
  const isMany = named.length > MOST_PROGRAMS;
  const failing = closures.find((one) => fails(one, input) && (!isMany || isStarted(one)));
  if (failing !== undefined) {
    const words = wordsOf('check', [failing], input);
    return words && { words, what: 'why, word for word' };
  }
  if (isMany || !named.every(isStarted)) return undefined;
  const words = wordsOf('dockerfile', named, input);
  return words && { words, what: 'the COPY lines' };
}

/** Whether a program is known not to start by what the report looks at: files, modes and versions. */
function fails(closure: Closure, { loaderMessages }: ReportInput): boolean {
  const { complete, program } = closure;
  if (!complete || loaderMessages?.get(program.path)?.refusal !== undefined) return true;
  return notExecutable(closure).length > 0;
}

/** Of the program and its interpreter those without an execute bit; empty for what no kernel starts. */
export function notExecutable(closure: Closure): string[] {
  if (!isStarted(closure)) return [];
  return [closure.program, closure.interpreter].flatMap((file) =>
    file?.entry === undefined || isExecutable({ entry: file.entry }) ? [] : [file.path],
  );
}

/** Whether somebody starts the file, and not only loads it. */
function isStarted({ program: { kind, elf } }: Closure): boolean {
  return (kind === 'executable' && !elf?.debugOnly) || kind === 'script';
}

/** Undefined for a name that would be an option, such as standard input. */
function wordsOf(
  verb: string,
  closures: readonly Closure[],
  input: ReportInput,
): string[] | undefined {
  const names = closures.map((closure) => nameOf(input, closure));
  if (names.some((name) => name.startsWith('-'))) return undefined;
  return ['elfdeps', verb, ...(input.options ?? []), ...names].map(shellWord);
}
