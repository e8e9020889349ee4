/**
 * Which programs are shells of POSIX, which scripts they run, and what they do themselves.
 * Source: POSIX.1-2017, XCU 1.6 and 2.14; shells(5); the lists of dash, bash, zsh and BusyBox.
 */
import { scriptPrograms } from '../closure/script-interpreter.js';
import type { Shebang } from '../elf/script.js';
import type { StartPlace } from '../files/path-search.js';
import type { RootFiles } from '../files/root-files.js';
import { baseName } from '../root/path-text.js';

/** Shells of other languages, such as fish and csh, are no match. */
const SHELL_NAME = /^(?:r?bash|d?ash|sh|[a-z]*ksh(?:88|93)?|zsh|yash|posh)$/;
const BUSYBOX = 'busybox';
/** What all of them do themselves, so that no program of that name is started. */
const BUILTINS: ReadonlySet<string> = new Set(
  (
    '. : [ alias bg break cd command continue echo eval exec exit export false fc fg getopts hash jobs ' +
    'kill local print printf pwd read readonly return set shift source test times trap true type ulimit ' +
    'umask unalias unset wait'
  ).split(' '),
);

/** Those of other languages, which users may have. */
const OTHER_SHELL_NAME = /^(?:fish|t?csh)$/;

/** Whether a name of a program is that of a shell that a user may have, of whatever language. */
export function isLoginShellName(name: string): boolean {
  return isShellName(name) || OTHER_SHELL_NAME.test(name);
}

/** Whether a name of a program is that of a shell of POSIX. */
export function isShellName(name: string): boolean {
  return SHELL_NAME.test(name);
}

/** Whether a program is a shell: by its name, or because /etc/shells names it. */
export function isShell(files: RootFiles, program: string): boolean {
  const name = baseName(program);
  if (isShellName(name) || name === BUSYBOX) return true;
  return (files.readText('/etc/shells') ?? '').split('\n').some((line) => baseName(line) === name);
}

/** Whether a shell runs a script with this first line, also where env starts it. */
export function isShellScript(files: RootFiles, shebang: Shebang, place: StartPlace): boolean {
  const { programs, command } = scriptPrograms(files, shebang, place);
  const program = command ?? programs[0] ?? '';
  if (baseName(program) !== BUSYBOX) return isShell(files, program);
  return isShellName(shebang.argument?.split(/[ \t]/, 1)[0] ?? '');
}

/** Whether the shell does a command itself. */
export function isBuiltin(command: string): boolean {
  return BUILTINS.has(command);
}
