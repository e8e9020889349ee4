/**
 * The programs that a shell script starts: first words of its commands, absolute paths anywhere in it, and
 * words that are programs of the script's own package beside it.
 * Source: POSIX.1-2017, Shell Command Language.
 */
import { findProgram } from '../files/path-search.js';
import { madeOnce } from '../root/made-once.js';
import { baseName, directoryOf } from '../root/path-text.js';
import { isExecutableFile } from './executable-file.js';
import { namedFiles } from './named-files.js';
import type { FoundNeed } from './need.js';
import type { ProgramFacts } from './program-facts.js';
import { commandsIn, needsMany, ofSameSource } from './related-packages.js';
import { isPutThere } from './relation.js';
import { scriptLines } from './script-lines.js';
import { nestedEnd, SUBSTITUTION, shellCommands } from './shell-commands.js';
import { wholeScript } from './shell-script.js';
import { isBuiltin } from './shells.js';

/** A program that names more is a tool for programs of others. */
export const MOST_COMMANDS = 64;
/** `SED=/bin/sed`, `${HTTPD:-/usr/sbin/apache2}` */
const PROGRAM_PATH = /(?<![\w.+})$~/*-])\/(?:[\w.+-]+\/)*(?:s?bin|libexec|games)\/[\w.+-]+/g;

/** The needs of a shell script, which also starts `others`; none of a script for something else. */
export function scriptCommands(facts: ProgramFacts, others: readonly string[]): FoundNeed[] {
  const { path } = facts.closure.program;
  const whole = wholeScript(facts);
  if (whole === undefined) return [];
  const { sources } = whole;
  const started = startedPaths(facts, whole.text, others);
  const all = [...new Set([...started, ...writtenCommands(facts, whole.text, started)])];
  const large = largeSuggestions(facts, all);
  const starts = all.filter((each) => !large.includes(each));
  // A helper among many may never be started.
  const isEntry =
    facts.isNamed || /\/(?:s?bin|games)\/[^/]+$/.test(path) || isPutThere(facts, path);
  const confidence = isEntry ? 'sure' : 'likely';
  const needs: FoundNeed[] = [];
  const because = (paths: readonly string[]) => `${path} starts ${paths.slice(0, 3).join(', ')}`;
  if (starts.length > 0)
    needs.push({ because: because(starts), starts, files: sources, confidence });
  else if (sources.length > 0)
    needs.push({ because: `${path} reads ${sources[0]}`, files: sources, confidence });
  const likely = [...large, ...commandsForArchives(facts).filter((each) => !all.includes(each))];
  if (likely.length > 0)
    needs.push({ because: because(likely), starts: likely, confidence: 'likely' });
  return needs;
}

/** Commands of packages that a script's own recommends or suggests, where its code is an archive of Java. */
function commandsForArchives(facts: ProgramFacts): string[] {
  if (!facts.isNamed || !namedFiles(facts).some(({ path }) => path.endsWith('.jar'))) return [];
  const { packages, closure } = facts;
  const owner = packages?.ownerOf(closure.program.realPath);
  if (packages === undefined || owner === undefined) return [];
  return packages
    .suggestionsOf(owner)
    .flatMap((each) => commandsIn(packages)(each))
    .flatMap((name) => commandOf(facts, name) ?? [])
    .slice(0, MOST_COMMANDS);
}

/** A shell that reads commands from a program: `bash <(app-mode)`, `app-mode | sh` */
const READING = /\b(?:ba|da|k|z)?sh[ \t]+<\(|\|[ \t]*(?:ba|da|k|z)?sh[ \t]*$/m;

/** Commands of the script's package that a program of it writes for a shell: ` | app-attach`. */
function writtenCommands(facts: ProgramFacts, text: string, started: readonly string[]): string[] {
  const { packages, closure, files } = facts;
  const owner = READING.test(text) ? packages?.ownerOf(closure.program.realPath) : undefined;
  if (packages === undefined || owner === undefined) return [];
  const names = commandsIn(packages)(owner).slice(0, MOST_COMMANDS);
  const writers = started.filter((path) => packages.ownerOf(path) === owner);
  const isWritten = (name: string) =>
    writers
      .flatMap((path) => facts.fileAt(path) ?? [])
      .some((elf) =>
        files.texts.find(elf, name).some((line) => /^[ |]*$/.test(line.replace(name, ''))),
      );
  return names.filter(isWritten).flatMap((name) => commandOf(facts, name) ?? []);
}

/** Commands of the root that a script starts, but itself. */
function startedPaths(facts: ProgramFacts, text: string, others: readonly string[]): string[] {
  const { realPath } = facts.closure.program;
  let left = MOST_COMMANDS;
  const script = scriptLines(text)
    .join('\n')
    .replaceAll(/\$\{?0\}?(?=[.-])/g, (own) => (left-- > 0 ? realPath : own));
  const found = new Set<string>();
  const add = (name: string, command = commandOf(facts, name)) => {
    if (command !== undefined && found.size < MOST_COMMANDS) found.add(command);
  };
  for (const name of commandNames(script)) add(name, programOf(facts, name));
  for (const name of [...namesInVariables(text), ...behindWrappers(text)]) add(name);
  for (const [, name = ''] of script.matchAll(LOOKED_UP)) add(name);
  for (const [name] of script.matchAll(PROGRAM_PATH)) add(name);
  for (const name of [...ownPrograms(facts, text), ...others]) add(name);
  return [...found].filter((each) => {
    const file = facts.files.resolve(each);
    return file.found && file.path !== realPath;
  });
}

/** Those of packages that the script's own only recommends or suggests, and that need a system of their own. */
function largeSuggestions({ packages, closure }: ProgramFacts, paths: readonly string[]): string[] {
  const owner = packages?.ownerOf(closure.program.realPath);
  if (packages === undefined || owner === undefined) return [];
  const large = packages
    .suggestionsOf(owner)
    .filter((each) => needsMany(packages, each))
    .flatMap((each) => packages.filesOf(each));
  const names = new Set(large);
  return paths.filter((path) => names.has(path));
}

/** The path of a command that is in the root; undefined for what the shell does itself, and for the machine's. */
export function commandOf(facts: ProgramFacts, name: string): string | undefined {
  return isBuiltin(name) ? undefined : programOf(facts, name);
}

/** The same for a name that no shell looks up. */
function programOf(facts: ProgramFacts, name: string): string | undefined {
  const known = programsOf(facts);
  if (!known.has(name)) known.set(name, programFor(facts, name));
  return known.get(name);
}

/** What was found for a program, whose texts have the same names again and again. */
const programsOf = madeOnce((_facts: ProgramFacts) => new Map<string, string | undefined>());

function programFor(facts: ProgramFacts, name: string): string | undefined {
  const path = findProgram(facts.files, name, facts.place);
  if (path === undefined || !isExecutableFile(facts, path)) return undefined;
  return isForMachine(facts, path) ? undefined : path;
}

/** Programs that ask the service manager by a socket of its own: an image has no machine to manage. */
function isForMachine(facts: ProgramFacts, path: string): boolean {
  const elf = facts.fileAt(path);
  return elf !== undefined && facts.findText(elf, '/run/systemd/private') !== undefined;
}

/**
 * First words of commands, those in substitutions and in texts that are run later too, and absolute paths as
 * their arguments.
 */
function* commandNames(script: string): Generator<string> {
  const pending = new Set([script]);
  for (const text of pending) {
    // Those of a text that is run later are among those of the whole script.
    const inner = text === script ? innerCommands(text) : [];
    const commands = [text, ...inner].flatMap((part) => shellCommands(part));
    for (const command of commands) {
      const [name = '', ...words] = command.map((word) => word.text);
      if (/^[\w./+-]+$/.test(name) && !isBuiltin(name)) yield name;
      yield* startedBy(name, words);
      for (const later of commandTexts(name, words).slice(0, MOST_SUBSTITUTIONS - pending.size))
        pending.add(later);
    }
  }
}

/** `exec $wrapper java`: commands behind a variable that the script sets only in some cases. */
function* behindWrappers(script: string): Generator<string> {
  for (const [first, second] of shellCommands(script)) {
    const variable = /^\$\{?(\w+)\}?$/.exec(first?.text ?? '')?.[1];
    if (variable === undefined || second === undefined || second.isComputed) continue;
    const isAlwaysSet = new RegExp(`^${variable}=(?!(?:""|'')?[ \\t]*$)`, 'm').test(script);
    const isSet = new RegExp(`[ \\t]${variable}=`).test(script);
    if (isSet && !isAlwaysSet) yield second.text;
  }
}

/** `JAVA=$(which java)`, `` exec "`command -v java`" ``: a script starts the program that it looks for. */
const LOOKED_UP =
  /(?:[=;&|({]|^|\bexec)[ \t]*["']?(?:\$\(|`)[^)`\n]{0,99}?\b(?:which|command -v|type -[pP])[ \t]+["']?([A-Za-z][\w.+-]*)/gm;

/** What starts the program that is one of its words. */
const STARTING = /^(?:xargs|find|env|nice|ionice|timeout|setsid|stdbuf|nohup|chroot|su-exec|gosu)$/;

function startedBy(name: string, words: readonly string[]): string[] {
  const isOfOthers = STARTING.test(baseName(name));
  return words.filter(
    (word) => /^\/[\w./+-]+$/.test(word) || (isOfOthers && /^[a-z][\w.+-]*$/.test(word)),
  );
}

/** `trap 'COMMANDS' EXIT`, `sh -c "COMMANDS"` */
function commandTexts(name: string, words: readonly string[]): string[] {
  const areRun = /^(?:trap|eval)$/.test(name) || words.some((word) => /^-[a-z]*c$/.test(word));
  return areRun ? words.filter((word) => /\s/.test(word)) : [];
}

function innerCommands(script: string): string[] {
  const inner = [
    SUBSTITUTION,
    // A quoted backquote may have no partner, so each line is also read alone.
    /`([^`\n]*)`/g,
    /\\`([^`]*)\\`/g,
  ].flatMap((substitution) => [...script.matchAll(substitution)].map(([, a, b]) => a ?? b ?? ''));
  return [...inner.filter(({ length }) => length <= MOST_SUBSTITUTED), ...substitutions(script)];
}

/** Longer ones are scripts in quotes, and more of them are no script of people. */
const MOST_SUBSTITUTED = 4096;
const MOST_SUBSTITUTIONS = 512;

/** What stands in `$(...)`, whatever quotes and parentheses are in it. */
function substitutions(script: string): string[] {
  const starts = [...script.matchAll(/\$\(/g)].slice(0, MOST_SUBSTITUTIONS);
  return starts.map(({ index }) => {
    const text = script.slice(index, index + MOST_SUBSTITUTED);
    return text.slice(2, nestedEnd(text, 0) - 1);
  });
}

/** `TOOL=sort`, `: ${TOOL:=sort}` */
const ASSIGNMENT = /(?:^|[\s;{])([A-Za-z_]\w*):?[-=](["']?)([A-Za-z][\w.+-]*)\2(?=[\s;}]|$)/g;
/** A variable where a command begins, or in the words that `set --` keeps for one: `exec $NICE "$TOOL"` */
const VARIABLE =
  /(?:^|[;&|({`]|\b(?:exec|then|else|do|set --))[ \t]*[\\"']{0,3}(?:\$\{?\w+\}?["']?[ \t]*["']?)*\$\{?\w+/gm;

/** Values of variables that are used as commands. */
function namesInVariables(script: string): string[] {
  const used = new Set(
    [...script.matchAll(VARIABLE)].flatMap(([text]) => text.match(/(?<=\$\{?)\w+/g) ?? []),
  );
  return [...script.matchAll(ASSIGNMENT)].flatMap(([, name = '', , value = '']) =>
    used.has(name) ? value : [],
  );
}

/** `$command_directory/postsuper`, `"${DAEMON_DIR}"/master` */
const IN_VARIABLE = /\$\{?\w+\}?["']?\/([\w.+-]+)(?![\w.+/-])/g;
/** The last components of paths. Each begins once, or a long one would take the square of the time. */
const LAST_COMPONENT = /(?<![\w.+-])[\w.+-]+(?![\w.+/-])/g;

/** Programs of the script's own package: words in its directory, and wherever a variable leads. */
function ownPrograms({ packages, closure }: ProgramFacts, script: string): string[] {
  const { path: named, realPath } = closure.program;
  const directories = [directoryOf(realPath), directoryOf(named)];
  const placed = new Set([...script.matchAll(IN_VARIABLE)].map(([, name = '']) => name));
  const owner = packages?.ownerOf(realPath);
  if (packages === undefined)
    return directories.flatMap((directory) => [...placed].map((name) => `${directory}/${name}`));
  if (owner === undefined) return [];
  const words = new Set(script.match(LAST_COMPONENT));
  return ofSameSource(packages, owner)
    .flatMap((each) => packages.filesOf(each))
    .filter((path) => {
      const name = baseName(path);
      return placed.has(name) || (words.has(name) && directories.includes(directoryOf(path)));
    });
}
