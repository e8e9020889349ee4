/**
 * Commands of a shell script that the root lacks. They count only where the script certainly starts them: a
 * function of its own, a built-in of its shell and a name that it asks for (`command -v`) do not. A script that
 * reads another one, which the root lacks, may have any command defined there.
 * Source: POSIX.1-2017, Shell Command Language, 2.9.1.1 (Command Search and Execution).
 */
import { readerOf } from '../closure/script-interpreter.js';
import { findInPath } from '../files/path-search.js';
import type { ProgramFacts } from './program-facts.js';
import { MAX_SCRIPT, type ShellWord, shellCommands, sourceWords } from './shell-commands.js';
import { MOST_SOURCES, shellScript } from './shell-script.js';
import { isBuiltin } from './shells.js';

/** Substitutions within others; more are no script of people. */
const MOST_LEVELS = 32;
/**
 * What holds words that only look like commands: lists, arithmetic, tests. Here and below, lengths have a limit
 * for texts in which the end of such a thing is missing.
 */
const NO_COMMANDS = /\b\w+\+?=\([^)]*(?:\)|$)|\(\([^()]*\)\)|\[\[.{0,499}?\]\]/g;
/** The innermost `$(...)`, with the assignment in front: others may stand in quotes, for other languages. */
const SUBSTITUTION =
  /(\b[A-Za-z_]\w*="?)?\$\(((?:'[^']*'|"(?:\\[\s\S]|[^"\\])*"|\\[\s\S]|[^()'"\\])*)\)/g;
const FUNCTION = /(?:^|[;&|{(\s])(?:function[ \t]+([\w.:-]+)|([\w.:-]+)[ \t]*\([ \t]*\))/g;
const ALIAS = /\balias[ \t]+(?:-\w+[ \t]+){0,9}["']?([\w.-]+)=/g;
/** Patterns of `case`: `start|stop)`. */
const PATTERN = /(?:^|;;|\bin)[ \t]*\(?([^\s()][^()\n]{0,499})\)/gm;
/** Questions whether a command is there, and lists of names to go through. */
const QUESTION =
  /(?:\b(?:command[ \t]+-[vV]|which|type|hash|whence)|(?:\[|\btest|!|-[ao])[ \t]+-[xef])[ \t]+([^;|&)\n\]]+)|\bfor[ \t]+\w+[ \t]+in[ \t]+([^;\n]*)/g;
const PATH = /(?:^|[\s;])PATH=(\S+)/g;

/** Names as the script has them, each once; none for what is no shell script. */
export function missingCommands(facts: ProgramFacts): string[] {
  const script = shellScript(facts);
  const whole = script === undefined ? undefined : withSources(facts, script);
  const path = whole === undefined ? undefined : searchPath(facts, whole);
  if (script === undefined || whole === undefined || path === undefined) return [];
  const isThere = (name: string) =>
    name.startsWith('/')
      ? facts.files.resolve(name).found
      : findInPath((each) => facts.files.resolve(each), name, path, facts.place.cwd) !== undefined;
  const absent = startedNames(script, whole).filter((name) => !isBuiltin(name) && !isThere(name));
  const { shebang } = facts.closure.program;
  if (absent.length === 0 || shebang === undefined) return [];
  const elf = facts.fileAt(readerOf(facts.files, shebang, facts.place));
  if (elf === undefined) return [];
  // A shell has the names of its own commands.
  const own = facts.textsAmong(elf, absent);
  return absent.filter((name) => !own.has(name));
}

/** Literal names that the script starts and does not ask for; `whole` has what it reads too. */
function startedNames(script: string, whole: string): string[] {
  const { functions, asked } = knownNames(whole);
  const names = new Set<string>();
  for (const [first, ...more] of shellCommands(
    withoutSubstitutions(script.replaceAll(NO_COMMANDS, ' : ')),
  )) {
    if (first === undefined || first.isComputed) continue;
    if (functions.has(first.text)) for (const word of more) asked.add(word.text);
    else if (/^(?:[A-Za-z][\w.+-]*|(?:\/[\w.+-]+)+)$/.test(first.text)) names.add(first.text);
  }
  return [...names].filter((name) => !asked.has(name));
}

/** The text of a script and of those that it reads; undefined where one of them is not known. */
function withSources(facts: ProgramFacts, script: string): string | undefined {
  const texts = new Set([script]);
  for (const text of texts) {
    if (text.length > MAX_SCRIPT || /[\0\ufffd]/.test(text)) return undefined;
    const read = sourceWords(text).map((source) => readSource(facts, source));
    if (read.includes(undefined) || texts.size > MOST_SOURCES) return undefined;
    for (const next of read) texts.add(next as string);
  }
  return [...texts].join('\n');
}

function readSource(facts: ProgramFacts, source: ShellWord): string | undefined {
  if (source.isComputed || !source.text.startsWith('/')) return undefined;
  return facts.readText(source.text);
}

/** The text with the substitutions that are assigned as lines of their own, and without all others. */
function withoutSubstitutions(text: string): string {
  const assigned: string[] = [];
  let rest = text;
  for (let before = '', level = 0; before !== rest && level < MOST_LEVELS; level++) {
    before = rest;
    rest = rest.replaceAll(SUBSTITUTION, (_, variable: string | undefined, inner: string) => {
      if (variable !== undefined) assigned.push(inner);
      return `${variable ?? ''}$_`;
    });
  }
  return [rest, ...assigned].join('\n');
}

/** The PATH of the process with the directories that the script adds; undefined where these are computed. */
function searchPath({ place }: ProgramFacts, text: string): string | undefined {
  const added = [...text.matchAll(PATH)].map(([, value = '']) =>
    value.replaceAll(/["';]|\$PATH|\$\{PATH\}/g, ''),
  );
  return added.some((value) => /[$`~]/.test(value))
    ? undefined
    : [place.searchPath, ...added].join(':');
}

/** Names that the script defines, and those that it asks for or lists. */
function knownNames(text: string) {
  const functions = new Set<string>();
  for (const [, a, b] of text.matchAll(FUNCTION)) functions.add(a ?? b ?? '');
  for (const [, name = ''] of text.matchAll(ALIAS)) functions.add(name);
  const asked = new Set<string>();
  const texts = [...text.matchAll(PATTERN), ...text.matchAll(QUESTION)].map(([, a, b]) => a ?? b);
  for (const words of texts)
    for (const word of words?.match(/[\w.+/-]+/g) ?? [])
      for (const name of [word, word.slice(word.lastIndexOf('/') + 1)]) asked.add(name);
  return { functions, asked };
}
