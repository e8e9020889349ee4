/**
 * Descriptions of terminals for ncurses: those that people have, and the one that the image sets.
 * Source: terminfo(5), "Fetching Compiled Descriptions".
 */
import type { LoadedObject } from '../loader/loader.js';
import { evidenceText } from './evidence.js';
import { terminalCalls } from './libc-functions.js';
import type { NeedDetector } from './need.js';
import type { ProgramFacts } from './program-facts.js';

/** Where ncurses looks, in the order of the usual builds. */
export const TERMINFO_DIRECTORIES = [
  '/etc/terminfo',
  '/lib/terminfo',
  '/usr/lib/terminfo',
  '/usr/share/terminfo',
];
const TERMINALS = [
  ...['ansi', 'dumb', 'linux', 'screen', 'screen-256color', 'tmux', 'tmux-256color', 'vt100'],
  ...['vt220', 'xterm', 'xterm-256color', 'xterm-color'],
];

export const terminfo: NeedDetector = {
  kind: 'terminfo',
  summary: 'descriptions of the usual terminals',
  detect(context) {
    const library = terminalLibrary(context);
    if (library === undefined) return undefined;
    const found = context.findImport(terminalCalls);
    const names = new Set([...TERMINALS, context.options.environment?.TERM ?? 'xterm']);
    const files = [...names]
      .filter((name) => /^[\w+.-]+$/.test(name))
      .flatMap((name) =>
        TERMINFO_DIRECTORIES.flatMap((directory) =>
          context.existing(`${directory}/${name[0]}/${name}`),
        ).slice(0, 1),
      );
    if (files.length === 0) return undefined;
    return found === undefined
      ? { because: `${library.path} is loaded`, confidence: 'likely', files }
      : { because: evidenceText(found), files };
  },
};

/** The library that reads descriptions of terminals; undefined where none is loaded. */
export function terminalLibrary(context: ProgramFacts): LoadedObject | undefined {
  return context.loaded(/^lib(?:tinfow?|n?cursesw?|termcap)\.so/);
}
