/**
 * Programs that a program or a script starts: commands of a shell script, executables whose paths stand in
 * the data of a program, and programs of its own beside it. What stands there is likely started; it is sure
 * where it belongs to the program, or a script says so.
 * Source: POSIX.1-2017, Shell Command Language; exec(3).
 */
import { findInPath } from '../files/path-search.js';
import { baseName, directoryOf } from '../root/path-text.js';
import { evidenceText } from './evidence.js';
import { execCalls, shellCalls } from './libc-functions.js';
import { LibraryCosts } from './library-costs.js';
import { bears, stemsOf } from './name-stems.js';
import { isExecutableFile, namedFiles } from './named-files.js';
import { namedTree } from './named-tree.js';
import { defineNeed, type FoundNeed } from './need.js';
import type { ProgramFacts } from './program-facts.js';
import { shellCommands } from './shell-commands.js';

const SEARCHED = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const SHELL = /^(?:ba|da|a|k|mk|z)?sh$/;
/** What shells do themselves. */
const BUILT_IN: ReadonlySet<string> = new Set(
  (
    '. : [ alias bg break cd command continue echo eval exec exit export false fc fg getopts hash jobs ' +
    'kill local printf pwd read readonly return set shift source test times trap true type ulimit ' +
    'umask unalias unset wait'
  ).split(' '),
);
const MOST_COMMANDS = 64;
/** The word that ends a here-document, behind the operator that begins it. */
const HERE_DOCUMENT = /<<-?[ \t]*['"\\]?(\w+)/;

export const commands = defineNeed({
  kind: 'commands',
  summary: 'programs that the program or script starts',
  documentation: {
    evidence:
      'commands in a shell script that are in the root; in a program that imports `execve` and its like, paths of executables, and names of programs beside it that bear its name or are in a directory of its own',
    added: 'those programs, with their libraries and needs',
    confidence: ['sure', 'likely'],
  },
  detect(facts) {
    if (facts.closure.program.kind === 'script') return ofScript(facts);
    const call = facts.findImport([...execCalls, ...shellCalls]);
    if (call === undefined) return undefined;
    const named = namedPrograms(facts);
    const beside = withoutSelf(facts, programsBeside(facts));
    const large = new Set(largeOnes(facts, beside));
    const small = beside.filter((path) => !large.has(path));
    const own = withoutSelf(facts, [...small, ...named.own]);
    const others = withoutSelf(facts, [...named.others, ...large]);
    const needs: FoundNeed[] = [];
    const because = (paths: readonly string[]) =>
      `${evidenceText(call)}, and names ${paths.slice(0, 3).join(', ')}`;
    if (own.length > 0) needs.push({ because: because(own), starts: own });
    if (others.length > 0)
      needs.push({ because: because(others), starts: others, confidence: 'likely' });
    return needs;
  },
});

/** The commands of a shell script; none of a script for something else. */
function ofScript(facts: ProgramFacts): FoundNeed | undefined {
  const { path, realPath, shebang } = facts.closure.program;
  const words = [shebang?.interpreter ?? '', ...(shebang?.argument ?? '').split(' ')];
  const text = facts.readText(realPath);
  if (text === undefined || !words.some((word) => SHELL.test(baseName(word)))) return undefined;
  const found = new Set<string>();
  for (const name of commandNames(text)) {
    if (BUILT_IN.has(name) || found.size >= MOST_COMMANDS) continue;
    const command = name.startsWith('/')
      ? name
      : findInPath((each) => facts.files.resolve(each), name, SEARCHED, '/');
    if (command !== undefined && isExecutableFile(facts, command)) found.add(command);
  }
  const starts = withoutSelf(facts, [...found]);
  if (starts.length === 0) return undefined;
  // A helper among many may never be started.
  const confidence = /\/(?:s?bin|games)\/[^/]+$/.test(path) ? 'sure' : 'likely';
  return { because: `${path} starts ${starts.slice(0, 3).join(', ')}`, starts, confidence };
}

/** First words of commands, those in substitutions too, and absolute paths anywhere. */
function* commandNames(text: string): Generator<string> {
  const script = withoutDocuments(text);
  const inner = [...script.matchAll(/\$\(([^()]*)\)|`([^`]*)`/g)].map(([, a, b]) => a ?? b ?? '');
  for (const part of [script, ...inner])
    for (const [first, ...more] of shellCommands(part)) {
      if (first !== undefined && /^[\w./+-]+$/.test(first.text)) yield first.text;
      for (const { text: word } of more) if (/^\/[\w./+-]+$/.test(word)) yield word;
    }
}

/** The lines that are no comments and no here-documents, which may be programs in other languages. */
function withoutDocuments(text: string): string {
  let end: string | undefined;
  const lines = text.split('\n').filter((line) => {
    if (end !== undefined) {
      if (line.trim() === end) end = undefined;
      return false;
    }
    if (/^\s*#/.test(line)) return false;
    end = HERE_DOCUMENT.exec(line)?.[1];
    return true;
  });
  return lines.join('\n');
}

/** Executables at paths in the program's data: those that belong to it, and others but the shell. */
function namedPrograms(facts: ProgramFacts): { readonly own: string[]; readonly others: string[] } {
  const own = namedFiles(facts)
    .filter(({ path }) => isExecutableFile(facts, path))
    .map(({ path }) => path);
  const { program } = facts;
  const paths = program === undefined ? [] : facts.files.texts.paths(program);
  const others = paths
    .filter((path) => /\/s?bin\/[^/]+$/.test(path) && !SHELL.test(baseName(path)))
    .filter((path) => !own.includes(path) && isExecutableFile(facts, path))
    .slice(0, MOST_COMMANDS);
  const stems = stemsOf(facts.closure.program.realPath);
  const isOwn = (path: string) => stems.some((stem) => bears(baseName(path), stem));
  return { own: [...own, ...others.filter(isOwn)], others: others.filter((path) => !isOwn(path)) };
}

/** Names of programs beside the program that stand in its data and are its own. */
function programsBeside(facts: ProgramFacts): string[] {
  const { program } = facts;
  if (program === undefined) return [];
  const directory = directoryOf(program.realPath);
  const stems = stemsOf(program.realPath);
  const isCommon = SEARCHED.split(':').includes(directory);
  const names = facts
    .namesIn(directory)
    .filter((name) => !isCommon || stems.some((stem) => name.startsWith(`${stem}-`)));
  if (names.length === 0) return [];
  const named = facts.textsAmong(program, names);
  return names
    .filter((name) => named.has(name))
    .map((name) => `${directory}/${name}`)
    .filter((path) => isExecutableFile(facts, path))
    .slice(0, MOST_COMMANDS);
}

/** The part of a program's size from which on a helper in a directory of many programs is large. */
const LARGE = 1 / 4;

/** Helpers that are large, in a directory of many programs. One in a directory of its own needs them. */
function largeOnes(facts: ProgramFacts, paths: readonly string[]): string[] {
  const costs = new LibraryCosts(facts);
  const limit = costs.startBytes * LARGE;
  return paths.filter((path) => {
    const { files } = namedTree(facts.files, path);
    return SEARCHED.split(':').includes(directoryOf(path)) && costs.bytesOf(files, limit) > limit;
  });
}

/** Each file once, and none that is the program by another name. */
function withoutSelf({ files, closure }: ProgramFacts, paths: readonly string[]): string[] {
  const seen = new Set([closure.program.entry.id]);
  return paths.filter((path) => {
    const file = files.resolve(path);
    if (!file.found || seen.has(file.entry.id)) return false;
    seen.add(file.entry.id);
    return true;
  });
}
