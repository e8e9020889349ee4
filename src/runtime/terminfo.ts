/**
 * Descriptions of terminals for ncurses: those that people have, and the one that the image sets.
 * Source: terminfo(5), "Fetching Compiled Descriptions".
 */
import { importText } from './need-context.js';
import type { NeedDetector } from './runtime-need.js';

/** Without a description these end the program; tgetent() is what readline does without. */
const CALLS = ['setupterm', 'initscr', 'newterm'];
const DIRECTORIES = ['/etc/terminfo', '/lib/terminfo', '/usr/lib/terminfo', '/usr/share/terminfo'];
const TERMINALS = [
  ...['ansi', 'dumb', 'linux', 'screen', 'screen-256color', 'tmux', 'tmux-256color', 'vt100'],
  ...['vt220', 'xterm', 'xterm-256color', 'xterm-color'],
];

export const terminfo: NeedDetector = {
  kind: 'terminfo',
  summary: 'descriptions of the usual terminals',
  detect(context) {
    const library = context.loaded(/^lib(?:tinfow?|ncursesw?|termcap)\.so/);
    if (library === undefined) return undefined;
    const found = context.findImport(CALLS);
    const names = new Set([...TERMINALS, context.options.environment?.TERM ?? 'xterm']);
    const files = [...names]
      .filter((name) => /^[\w+.-]+$/.test(name))
      .flatMap((name) =>
        DIRECTORIES.flatMap((directory) =>
          context.existing(`${directory}/${name[0]}/${name}`),
        ).slice(0, 1),
      );
    if (files.length === 0) return undefined;
    return found === undefined
      ? { because: `${library.path} is loaded`, confidence: 'likely', files }
      : { because: importText(found), files };
  },
};
