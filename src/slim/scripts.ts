/**
 * Shell scripts of the application, and the commands that they name. A word of a script that is a command
 * in PATH is taken for one: a container whose script fails is worse than a small file too many.
 */
import { findInPath, type StartPlace } from '../files/path-search.js';
import type { RootFiles } from '../files/root-files.js';
import { shellCommands } from '../needs/shell-commands.js';
import { isBuiltin, isShellScript } from '../needs/shells.js';
import { isExecutable } from '../root/user.js';

/** Characters of a script that are read. */
const MAX_SCRIPT = 1 << 18;
/** Scripts that come with modules of a language, for their developers. */
const MODULES = /\/(?:node_modules|site-packages|dist-packages|\.git|gems|vendor)\//;
const MOST_SCRIPTS = 256;
/** What may name a program. */
const WORD = /^(?:\/[\w./+-]+|[\w.+-]+)$/;
/** What only prints has no commands in its words. */
const MESSAGE = /^(?:echo|printf|:)$/;
const SUBSTITUTION = /\$\(([^()]*)\)|`([^`]*)`/g;

/** The scripts among `paths` that a shell of the root runs, and the programs that they name. */
export function scriptsAndCommands(
  files: RootFiles,
  paths: Iterable<string>,
  place: StartPlace,
): { readonly scripts: readonly string[]; readonly programs: readonly string[] } {
  const scripts: string[] = [];
  const programs = new Set<string>();
  for (const path of paths) {
    if (scripts.length >= MOST_SCRIPTS) break;
    const text = MODULES.test(path) ? undefined : shellScript(files, path, place);
    if (text === undefined) continue;
    scripts.push(path);
    for (const word of wordsOf(text)) {
      const found = word.startsWith('/')
        ? executableAt(files, word)
        : findInPath((one) => files.resolve(one), word, place.searchPath, place.cwd);
      if (found !== undefined) programs.add(found);
    }
  }
  return { scripts, programs: [...programs] };
}

/** The text of an executable shell script; undefined for everything else. */
function shellScript(files: RootFiles, path: string, place: StartPlace): string | undefined {
  const file = files.resolve(path);
  if (!file.found || !isExecutable(file) || file.entry.size > MAX_SCRIPT) return undefined;
  const shebang = files.shebangAt(path);
  const isRun = shebang !== undefined && isShellScript(files, shebang, place);
  return isRun ? files.readText(path) : undefined;
}

/**
 * Words that could be commands: the first of each, and those that `xargs`, `exec` and the like start.
 * Substitutions are read as scripts of their own, wherever they stand.
 */
function wordsOf(text: string): Set<string> {
  const inner = [...text.matchAll(SUBSTITUTION)].map(([, one, other]) => one ?? other ?? '');
  const words = [text, ...inner]
    .flatMap((part) => shellCommands(part))
    .filter(([first]) => first !== undefined && !MESSAGE.test(first.text))
    .flat()
    .filter(({ isComputed, text: word }) => !isComputed && !isBuiltin(word) && WORD.test(word));
  return new Set(words.map((word) => word.text));
}

function executableAt(files: RootFiles, path: string): string | undefined {
  const file = files.resolve(path);
  return file.found && isExecutable(file) ? path : undefined;
}
