/**
 * Programs that a program or a script starts: commands of a shell script, executables whose paths stand in
 * the data of a program, and programs of its own beside it. What stands there is likely started; it is sure
 * where it belongs to the program, or a script says so.
 * Source: POSIX.1-2017, Shell Command Language; exec(3).
 */
import { scriptPrograms } from '../closure/script-interpreter.js';
import { listed } from '../errors.js';
import { PROGRAM_DIRECTORIES } from '../files/path-search.js';
import { entryAt } from '../root/list-directory.js';
import { baseName, directoryOf } from '../root/path-text.js';
import { absentHelpers } from './absent-helpers.js';
import { commandLines } from './command-lines.js';
import {
  commandsOfData,
  commandsOfLibraries,
  endsText,
  isForInterpreter,
  isOwnCommand,
  listedCommands,
  namedCommands,
} from './command-names.js';
import { configurationFiles } from './configuration-files.js';
import { MOST_NAMED } from './data-choice.js';
import { evidenceText } from './evidence.js';
import { isExecutableFile } from './executable-file.js';
import { shellCalls, startCalls } from './libc-functions.js';
import { LibraryCosts } from './library-costs.js';
import { missingCommands } from './missing-commands.js';
import { stemsOf } from './name-stems.js';
import { commandsOfNamedPackages } from './named-packages.js';
import { namedPrograms } from './named-programs.js';
import { namedScripts } from './named-scripts.js';
import { namedTree } from './named-tree.js';
import { defineNeed, type FoundNeed } from './need.js';
import type { ProgramFacts } from './program-facts.js';
import { quotedCommands } from './quoted-commands.js';
import { areOfOneSource } from './related-packages.js';
import { isOfStrangers, isRelated } from './relation.js';
import { MOST_COMMANDS, scriptCommands } from './script-commands.js';

export const commands = defineNeed({
  kind: 'commands',
  values: ['all'],
  summary: 'programs that the program or script starts',
  documentation: {
    evidence:
      'commands in a shell script that are in the root, those of its package in a directory of a variable too, and those that its package recommends where it runs an archive of Java; in a script of another language and the modules of its package, names in quotes of programs that the package has, depends on (at one remove: likely), recommends or suggests, and commands with options; in a program that imports `execve`, `popen` and their like, paths of executables (in libraries of its source too), scripts in directories that it names, pipelines and, for `system` and `popen`, other command lines, names of programs beside it that bear its name or are in a directory of its own, and of programs that its package depends on, recommends or suggests; programs that its configuration names, by their names alone where they are its helpers; of a package that its own recommends or suggests and that it names, commands that it names too',
    added: 'those programs, with their libraries and needs',
    confidence: ['sure', 'likely', 'possible'],
  },
  detect(facts) {
    if (facts.closure.program.kind === 'script')
      return [
        ...scriptCommands(facts, commandsOfData(facts)),
        ...quotedCommands(facts),
        ...(scriptConfiguration(facts) ?? []),
      ];
    const call = facts.findImport(startCalls);
    if (call === undefined) return undefined;
    const named = namedPrograms(facts);
    const helpers = namedCommands(facts);
    const isSmall = smallOnes(facts);
    const names = programsBeside(facts);
    const links = names.filter((path) => isLinkToSelf(facts, path));
    const beside = withoutSelf(facts, names);
    // In a directory of all, a script brings an interpreter along.
    const isAside = (path: string) =>
      PROGRAM_DIRECTORIES.includes(directoryOf(path)) && isForInterpreter(facts, path);
    const lines = commandLines(facts);
    const configured = configuredPrograms(facts);
    const isLittle = smallOnes(facts, SMALL);
    // A program that the package cannot do without, by its whole name: as large as the program itself. Those of its
    // source are commands of their own.
    const isModest = smallOnes(
      facts,
      facts.isNamed ? Math.max(SMALL, new LibraryCosts(facts).startBytes) : undefined,
    );
    const isOfSource = (path: string) =>
      areOfOneSource(facts.packages, facts.closure.program.realPath, path);
    const startsShell = facts.findOwnImport(shellCalls) !== undefined;
    const isMeant = (path: string) => isOwnCommand(facts, path) || (startsShell && isLittle(path));
    const ofData = commandsOfData(facts);
    const inLists = listedCommands(facts);
    const own = withoutSelf(facts, [
      ...ofData.filter(isSmall),
      ...beside.filter((path) => isSmall(path) && !isAside(path)),
      ...helpers.own.filter((path) => isSmall(path) || (isModest(path) && !isOfSource(path))),
      ...[...helpers.suggested, ...named.companions].filter(isLittle),
      ...inLists,
      ...named.others.filter((path) => isOwnCommand(facts, path) && isLittle(path)),
      ...named.own,
      ...namedScripts(facts).filter(isSmall),
      ...lines.pipelines,
      ...lines.others.filter(isMeant),
      ...lines.placed.filter((path) => isOwnCommand(facts, path) && !isForInterpreter(facts, path)),
      ...configured.own,
    ]);
    const meant = [
      ...helpers.interpreted,
      ...(facts.isNamed ? [...commandsOfNamedPackages(facts), ...commandsOfLibraries(facts)] : []),
    ];
    const others = withoutSelf(facts, [
      ...named.others,
      ...beside.filter((path) => !isSmall(path) || isAside(path)),
      ...lines.others,
      ...ofData,
      ...[...helpers.suggested, ...helpers.others].filter(isSmall),
      ...meant,
      ...configured.others,
    ]).filter((path) => !own.includes(path));
    const needs: FoundNeed[] = [];
    const because = (paths: readonly string[]) =>
      `${evidenceText(call)}, and names ${paths.slice(0, 3).join(', ')}`;
    const sure = [...links, ...own];
    if (sure.length > 0) needs.push({ because: because(sure), starts: own, files: links });
    // Those that a helper may start lead everywhere.
    if (!facts.isNamed) return needs;
    const costs = new LibraryCosts(facts);
    const isMuch = (path: string) => costs.needMuch(namedTree(facts.files, path).files);
    // Code that starts a program by its name means it, and so does a text about its package.
    const isCertain = (path: string) => ofData.includes(path) || meant.includes(path);
    // Configuration that names many has a list of what there may be.
    const isListed = (path: string) =>
      configured.others.length > MOST_NAMED && configured.others.includes(path);
    const possible = others.filter((path) => (isMuch(path) || isListed(path)) && !isCertain(path));
    const likely = others.filter((path) => !possible.includes(path));
    for (const [starts, confidence] of [
      [likely, 'likely'],
      [possible, 'possible'],
    ] as const)
      if (starts.length > 0) needs.push({ because: because(starts), starts, confidence });
    return needs;
  },
  absent: {
    rules: [
      {
        code: 'COMMAND_MISSING',
        levels: ['note'],
        summary: 'Commands that a program or shell script starts are not in the root.',
        cause: 'They are started at run time; a shell goes on without those that it does not find.',
        remedy: 'Put them into the root; elfdeps copy --with commands adds them.',
      },
    ],
    check(facts) {
      const isScript = facts.closure.program.kind === 'script';
      const missing = isScript ? missingCommands(facts) : absentHelpers(facts);
      if (missing.length === 0) return [];
      const { path } = facts.closure.program;
      const names = listed(missing, 'and', MOST_TOLD);
      return [
        {
          code: 'COMMAND_MISSING',
          severity: 'note',
          path,
          message: `${path}: ${isScript ? 'starts' : 'names'} ${names}, and the root does not have ${missing.length === 1 ? 'it' : 'them'}`,
          remedy: `put ${names} into the root (elfdeps copy --with commands does)`,
        },
      ];
    },
  },
});

/** How many missing commands are named. */
const MOST_TOLD = 8;

/** Programs that configuration names: the program's own and those that someone wrote there; all others. */
function configuredPrograms(facts: ProgramFacts): { readonly own: string[]; others: string[] } {
  const { programs, texts } = configurationFiles(facts);
  // Only then are packages asked: without a database, a note says that this is missing.
  if (programs.length === 0) return { own: [], others: [] };
  const { packages } = facts;
  const written = [...texts].filter(
    ([path]) => packages !== undefined && packages.ownerOf(path) === undefined,
  );
  const isOwn = (path: string) =>
    (isRelated(facts, path) && !isOfStrangers(facts, path)) ||
    baseName(path) === baseName(facts.closure.program.path) ||
    written.some(([, text]) => text.includes(path));
  return { own: programs.filter(isOwn), others: programs.filter((path) => !isOwn(path)) };
}

/** Whether env finds what the first line of a script names; true of all else. */
function hasReader({ files, place }: ProgramFacts, path: string): boolean {
  const shebang = files.shebangAt(path);
  return shebang === undefined || !scriptPrograms(files, shebang, place).isMissing;
}

/** The same for a script in whatever language. */
function scriptConfiguration(facts: ProgramFacts): [FoundNeed] | undefined {
  const { own } = configuredPrograms(facts);
  const starts = withoutSelf(facts, own);
  const [first] = starts;
  return first === undefined
    ? undefined
    : [{ because: `configuration of ${facts.closure.program.path} names ${first}`, starts }];
}

/** Names of programs beside the program that stand in its data and are its own. */
function programsBeside(facts: ProgramFacts): string[] {
  const { program } = facts;
  if (program === undefined) return [];
  const directory = directoryOf(program.realPath);
  const stems = stemsOf(program.realPath);
  // Also where a program of another system is that is unpacked here.
  const isCommon = PROGRAM_DIRECTORIES.some(
    (common) => directory === common || (/^\/usr\//.test(common) && directory.endsWith(common)),
  );
  const names = facts
    .namesIn(directory)
    .filter((name) => !isCommon || stems.some((stem) => name.startsWith(`${stem}-`)));
  if (names.length === 0) return [];
  const named = facts.textsAmong(program, names);
  const isNamed = (name: string) => named.has(name) || endsText(facts, program, name);
  return names
    .filter((name) => (isCommon ? isNamed(name) : named.has(name)))
    .map((name) => `${directory}/${name}`)
    .filter((path) => isExecutableFile(facts, path) && !isWordOfHelper(facts, path))
    .slice(0, MOST_COMMANDS);
}

/** Whether a helper has the name of a script as a mere word: `start`. Scripts lead everywhere. */
function isWordOfHelper({ isNamed, files }: ProgramFacts, path: string): boolean {
  if (isNamed || /[-_.\d]/.test(baseName(path))) return false;
  return files.shebangAt(path) !== undefined;
}

/** The part of a program's size from which on a helper in a directory of many programs is large. */
const LARGE = 1 / 4;
/** Bytes of a helper that is never large. */
const SMALL = 1 << 19;

/**
 * Whether a helper in a directory of many programs is small, or has at most so many bytes. One in a
 * directory of its own needs them all.
 */
function smallOnes(facts: ProgramFacts, most?: number): (path: string) => boolean {
  const costs = new LibraryCosts(facts);
  const limit = most ?? Math.max(SMALL, costs.startBytes * LARGE);
  return (path) => {
    const { files } = namedTree(facts.files, path);
    return !PROGRAM_DIRECTORIES.includes(directoryOf(path)) || costs.bytesOf(files, limit) <= limit;
  };
}

/** Whether a path is a link to the program: `git-upload-pack`, by which git is called for it. */
function isLinkToSelf({ files, closure }: ProgramFacts, path: string): boolean {
  const file = files.resolve(path);
  const isLink = entryAt(files.root, path)?.kind === 'symlink';
  return isLink && file.found && file.entry.id === closure.program.entry.id;
}

/** Each file once, and none that is the program by another name. */
function withoutSelf(facts: ProgramFacts, paths: readonly string[]): string[] {
  const { files, closure } = facts;
  const seen = new Set([closure.program.entry.id]);
  return paths.filter((path) => {
    const file = files.resolve(path);
    if (!file.found || seen.has(file.entry.id) || !hasReader(facts, path)) return false;
    seen.add(file.entry.id);
    return true;
  });
}
