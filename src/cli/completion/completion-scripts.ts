/**
 * The completion scripts, one for each shell that is known.
 */
import { bashScript } from './bash-script.js';
import type { CommandWords } from './command-words.js';
import { fishScript } from './fish-script.js';
import type { SHELLS } from './shells.js';
import { zshScript } from './zsh-script.js';

/** What makes a script of the commands, by the name of the shell. */
export const completionScripts: Readonly<
  Record<(typeof SHELLS)[number], (commands: readonly CommandWords[]) => string>
> = { bash: bashScript, zsh: zshScript, fish: fishScript };
