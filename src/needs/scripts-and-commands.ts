/**
 * Shell scripts among files that go into an image, and the commands that they name. A word of a script that is a command
 * in PATH is taken for one: a container whose script fails is worse than a small file too many.
 */
import { findProgram, type StartPlace } from '../files/path-search.js';
import type { RootFiles } from '../files/root-files.js';
import { isExecutable } from '../root/user.js';
import { MAX_SCRIPT, SUBSTITUTION, shellCommands } from './shell-commands.js';
import { isBuiltin, isShellScript } from './shells.js';

/** Scripts that come with modules of a language, for their developers. */
const MODULES = /\/(?:node_modules|site-packages|dist-packages|\.git|gems|vendor)\//;
const MOST_SCRIPTS = 256;
/** What may name a program. */
const WORD = /^(?:\/[\w./+-]+|[\w.+-]+)$/;
/** What only prints has no commands in its words. */
const MESSAGE = /^(?:echo|printf|:)$/;

/**
 * The executable scripts among `paths` that a shell of the root runs, and the programs that they name. With
 * `isNamed` a shell may be given any of the files: scripts without an execute bit count too, and `.sh` files
 * without a first line for the kernel.
 */
export function scriptsAndCommands(
  files: RootFiles,
  paths: Iterable<string>,
  place: StartPlace,
  isNamed = false,
): { readonly scripts: readonly string[]; readonly programs: readonly string[] } {
  const texts = new Map<string, string>();
  for (const path of paths) {
    if (texts.size >= MOST_SCRIPTS) break;
    const isMeant = !MODULES.test(path) && (isNamed || isExecutableAt(files, path));
    const text = isMeant ? scriptText(files, path, place, isNamed) : undefined;
    if (text !== undefined) texts.set(path, text);
  }
  const words = new Set([...texts.values()].flatMap((text) => [...wordsOf(text)]));
  const found = [...words].flatMap((word) => findProgram(files, word, place) ?? []);
  return {
    scripts: [...texts.keys()].filter((path) => isExecutableAt(files, path)),
    programs: [...new Set(found)],
  };
}

/** The text of a shell script; undefined for everything else. */
function scriptText(
  files: RootFiles,
  path: string,
  place: StartPlace,
  isNamed: boolean,
): string | undefined {
  const file = files.resolve(path);
  if (!file.found || file.entry.kind !== 'file' || file.entry.size > MAX_SCRIPT) return undefined;
  const shebang = files.shebangAt(path);
  const isRun =
    shebang === undefined ? isNamed && path.endsWith('.sh') : isShellScript(files, shebang, place);
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

function isExecutableAt(files: RootFiles, path: string): boolean {
  const file = files.resolve(path);
  return file.found && isExecutable(file);
}
