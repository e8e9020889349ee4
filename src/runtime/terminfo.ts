/**
 * Descriptions of terminals for ncurses: those that people have, and the one that the image sets.
 * Source: terminfo(5), "Fetching Compiled Descriptions".
 */
import type { NeedDetector } from './runtime-need.js';

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
    const names = new Set([...TERMINALS, context.options.environment?.TERM ?? 'xterm']);
    const files = [...names]
      .filter((name) => /^[\w+.-]+$/.test(name))
      .flatMap((name) =>
        DIRECTORIES.flatMap((directory) =>
          context.existing(`${directory}/${name[0]}/${name}`),
        ).slice(0, 1),
      );
    return files.length === 0 ? undefined : { because: `${library.path} is loaded`, files };
  },
};
