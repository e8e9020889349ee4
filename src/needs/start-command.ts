/**
 * What the command line of an image starts: programs, through wrappers, shells and entrypoint scripts,
 * and the files that it names. Nothing is run: a word that the shell would compute is unknown.
 * Source: OCI image specification, config.md (Entrypoint, Cmd); Dockerfile reference, "Understand how CMD
 * and ENTRYPOINT interact"; npm-start(1) and package.json(5) of npm.
 */
import { hasShebang } from '../elf/script.js';
import { findProgram, type StartPlace } from '../files/path-search.js';
import type { RootFiles } from '../files/root-files.js';
import { baseName, pathFrom } from '../root/path-text.js';
import { MAX_SCRIPT, type ShellWord, shellCommands } from './shell-commands.js';
import { isBuiltin, isShell } from './shells.js';

/** Where a command line is read. */
export interface CommandPlace extends StartPlace {
  readonly files: RootFiles;
}

/** What a command line starts and names. */
export interface StartCommand {
  /** Paths in the root: the command first, then what it starts. */
  readonly programs: readonly string[];
  /** Files and directories that its arguments name. */
  readonly files: readonly string[];
}

/** Commands that start commands that start commands: real ones have three or four. */
const MAX_DEPTH = 16;
/**
 * Reads a command line, the entrypoint and the command together. Undefined where its first program is
 * not in the root, or is a word that only a shell could compute.
 */
export function readStartCommand(
  words: readonly string[],
  place: CommandPlace,
): StartCommand | undefined {
  const reader = new CommandReader(place);
  return reader.visit(words, 0) ? reader.result() : undefined;
}

class CommandReader {
  readonly #place: CommandPlace;
  readonly #programs = new Set<string>();
  readonly #files = new Set<string>();

  constructor(place: CommandPlace) {
    this.#place = place;
  }

  result(): StartCommand {
    return { programs: [...this.#programs], files: [...this.#files] };
  }

  /** Adds what the words start; false where that is unknown. */
  visit(words: readonly string[], depth: number): boolean {
    const [command = '', ...rest] = words;
    const path = depth > MAX_DEPTH ? undefined : this.#programAt(command);
    if (path === undefined) return false;
    this.#programs.add(path);
    if (this.#visitNpm(command, rest, depth)) return true;
    const script = this.#scriptAt(path);
    if (script !== undefined) return this.#visitScript(script, rest, depth);
    const text = shellText(rest);
    if (isShell(this.#place.files, path)) {
      if (text !== undefined) return this.#visitText(text.text, text.rest, depth);
      if (this.#visitFile(rest, depth)) return true;
    }
    this.#addArguments(rest);
    this.#visitWrapped(rest, depth);
    return true;
  }

  /**
   * The rest of an entrypoint script's words is a command where the script ends in `exec "$@"`. Where it is
   * none, as in `serve` or `--port 80`, the script starts something for it. Other scripts may be wrappers.
   */
  #visitScript(script: string, rest: readonly string[], depth: number): boolean {
    const commands = shellCommands(script);
    const startsRest = commands.some(([first]) => first?.text === '$@');
    if (!startsRest || rest.length === 0) {
      this.#addArguments(rest);
      this.#visitWrapped(rest, depth);
      return true;
    }
    if (this.visit(rest, depth + 1)) return true;
    return commandsFor(rest, script, commands)
      .map((words) => this.visit(words, depth + 1))
      .includes(true);
  }

  /** `sh FILE`: whether there is such a script, which no kernel has to start. */
  #visitFile(words: readonly string[], depth: number): boolean {
    const at = words.findIndex((word) => !word.startsWith('-'));
    const name = words[at];
    if (name === undefined || this.#programAt(name) !== undefined) return false;
    const text = this.#place.files.readText(this.#absolute(name));
    if (text === undefined) return false;
    this.#addArguments([name]);
    return this.#visitScript(text.slice(0, MAX_SCRIPT), words.slice(at + 1), depth);
  }

  /** `sh -c TEXT`: every command of the text whose program is there; the last one must be. */
  #visitText(text: string, rest: readonly string[], depth: number): boolean {
    let isKnown = false;
    for (const command of shellCommands(text)) {
      const [first] = command;
      // What eval starts is computed.
      if (first === undefined || (isBuiltin(first.text) && first.text !== 'eval')) continue;
      // `exec "$@"` means the words behind the text and its $0.
      const words = first.text === '$@' ? rest.slice(1) : command.map((word) => word.text);
      isKnown = this.visit(words, depth + 1);
    }
    return isKnown;
  }

  /** `npm start` and `npm run NAME`: the script of package.json in the working directory. */
  #visitNpm(command: string, rest: readonly string[], depth: number): boolean {
    if (!/^(?:npm|pnpm|yarn)$/.test(baseName(command))) return false;
    const [name] = rest.filter((word) => !word.startsWith('-') && word !== 'run');
    const path = this.#absolute('package.json');
    const text = name === undefined ? undefined : this.#place.files.readText(path);
    const script = text === undefined ? undefined : scriptOf(text, name as string);
    if (script === undefined) return false;
    this.#files.add(path);
    return this.#visitText(script, [], depth);
  }

  /** The command that a wrapper starts: the first word that is a program of the root. */
  #visitWrapped(words: readonly string[], depth: number): void {
    const isProgram = (word: string) => {
      const path = /^-|=|\s/.test(word) ? undefined : this.#programAt(word);
      // Data may have an execute bit too.
      return path !== undefined && (this.#isElf(path) || this.#scriptAt(path) !== undefined);
    };
    const at = words.findIndex(isProgram);
    if (at >= 0) this.visit(words.slice(at), depth + 1);
  }

  /** Files and directories that the words name, alone or behind `=` and between colons. */
  #addArguments(words: readonly string[]): void {
    for (const word of words)
      for (const part of word.replace(/^-[^=]*=/, '').split(':')) {
        if (part === '' || part.startsWith('-')) continue;
        const path = this.#absolute(part);
        const file = this.#place.files.resolve(path);
        // A directory at the top is a whole file system: /, /etc, /usr.
        const isTop = path.split('/').filter(Boolean).length < 2;
        if (file.found && (file.entry.kind === 'file' || !isTop)) this.#files.add(path);
      }
  }

  #programAt(word: string): string | undefined {
    return findProgram(this.#place.files, word, this.#place);
  }

  /** The text of a script; undefined for other files. */
  #scriptAt(path: string): string | undefined {
    if (this.#isElf(path)) return undefined;
    const text = this.#place.files.readText(path)?.slice(0, MAX_SCRIPT);
    return text !== undefined && hasShebang(Buffer.from(text.slice(0, 2))) ? text : undefined;
  }

  #isElf(path: string): boolean {
    return this.#place.files.elfAt(path) !== undefined;
  }

  #absolute(path: string): string {
    return pathFrom(this.#place.cwd, path);
  }
}

/**
 * What a script can start for arguments that are no command: `set -- PROGRAM "$@"`, `PROGRAM "$@"` or
 * `exec PROGRAM`.
 */
function commandsFor(
  given: readonly string[],
  script: string,
  commands: readonly (readonly ShellWord[])[],
): string[][] {
  const last = new Set([...script.matchAll(/\bexec\s+(\S+)/g)].map(([, word]) => word));
  return commands.flatMap((words) => {
    const texts = words.map(({ text }) => text);
    const command = texts[0] === 'set' && texts[1] === '--' ? texts.slice(2) : texts;
    const [program = ''] = command;
    if (program === '$@' || isBuiltin(program)) return [];
    const isMeant = command.includes('$@') || last.has(program);
    return isMeant ? [command.flatMap((text) => (text === '$@' ? given : [text]))] : [];
  });
}

/** The text behind `-c` (or `-ec` and the like), and the words behind it. */
function shellText(words: readonly string[]) {
  const at = words.findIndex((word) => /^-[a-z]*c$/.test(word));
  const text = at < 0 ? undefined : words[at + 1];
  return text === undefined ? undefined : { text, rest: words.slice(at + 2) };
}

function scriptOf(text: string, name: string): string | undefined {
  try {
    const { scripts } = JSON.parse(text) as { scripts?: Record<string, unknown> };
    const script = scripts?.[name];
    return typeof script === 'string' ? script : undefined;
  } catch {
    return undefined;
  }
}
