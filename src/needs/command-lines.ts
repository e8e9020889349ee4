/**
 * Command lines in the data of a program that gives them to a shell: `sort | uniq -c`, `locale -a`. A
 * text counts if all of its commands are in the root: others only look like command lines.
 */
import { madeOnce } from '../root/made-once.js';
import { execCalls, shellCalls } from './libc-functions.js';
import type { ProgramFacts } from './program-facts.js';
import { commandOf } from './script-commands.js';
import { shellCommands } from './shell-commands.js';

/** Paths of programs. */
export interface CommandLines {
  /** Of lines that only a shell can run: several commands at once. */
  readonly pipelines: readonly string[];
  /** Of one command with options, which may be an example in a help text too. */
  readonly others: readonly string[];
  /** Of those, what stands behind a directory that the program knows: `"%stool" -x`. */
  readonly placed: readonly string[];
}

const LONGEST = 400;
const NONE: CommandLines = { pipelines: [], others: [], placed: [] };
/** A directory before the first word. */
const PLACE = /^["']?(?:%s)+([\w.+-]+)["']?/;

/** Empty for a program that starts no shell by itself. */
export const commandLines = madeOnce((facts: ProgramFacts): CommandLines => {
  const { program } = facts;
  if (program === undefined || !startsShell(facts)) return NONE;
  const of = (part: string, begin: RegExp) =>
    facts
      .findTexts(program, part)
      .filter((text) => text.length <= LONGEST && begin.test(text))
      .flatMap((text) => commandsIn(facts, text.replace(PLACE, '$1')));
  return {
    pipelines: [...new Set(of(' | ', /^[a-z][\w.+-]*[ \t]/))],
    others: [...new Set(of(' -', /^(?:exec )?[a-z][\w.+-]* -/))],
    placed: [...new Set(of(' -', /^["']?(?:%s)+[a-z][\w.+-]*["']? -/))],
  };
});

/** By a function of the C library, or by its path. */
function startsShell(facts: ProgramFacts): boolean {
  if (facts.findOwnImport(shellCalls) !== undefined) return true;
  const call = facts.findOwnImport(execCalls);
  return call !== undefined && facts.textsAmong(call.object, ['/bin/sh']).size > 0;
}

/** Empty where one of them is not in the root: then the text is no command line. */
function commandsIn(facts: ProgramFacts, text: string): string[] {
  const paths = shellCommands(text).map(([first]) => commandOf(facts, first?.text ?? ''));
  return paths.every((path) => path !== undefined) ? paths : [];
}
