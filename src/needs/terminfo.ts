/**
 * Descriptions of terminals for ncurses: the usual ones, and the one that the image sets.
 * Source: terminfo(5), "Fetching Compiled Descriptions".
 */
import type { LoadedObject } from '../loader/loader.js';
import { evidenceText } from './evidence.js';
import { terminalCalls } from './libc-functions.js';
import { isLoaded, missingFiles } from './missing-files.js';
import { defineNeed } from './need.js';
import type { ProgramFacts } from './program-facts.js';

/** Where ncurses looks, in the order of the usual builds. */
const DIRECTORIES = ['/etc/terminfo', '/lib/terminfo', '/usr/lib/terminfo', '/usr/share/terminfo'];
const TERMINALS = [
  ...['ansi', 'dumb', 'linux', 'screen', 'screen-256color', 'tmux', 'tmux-256color', 'vt100'],
  ...['vt220', 'xterm', 'xterm-256color', 'xterm-color'],
];

export const terminfo = defineNeed({
  kind: 'terminfo',
  summary: 'descriptions of the usual terminals',
  documentation: {
    evidence:
      'libtinfo or ncurses is loaded; sure with an import of `setupterm`, `initscr` or `newterm`',
    added: 'descriptions of the usual terminals, and of TERM',
    confidence: ['sure', 'likely'],
  },
  detect(facts) {
    const library = terminalLibrary(facts);
    if (library === undefined) return undefined;
    const found = facts.findImport(terminalCalls);
    const names = new Set([...TERMINALS, facts.options.environment?.TERM ?? 'xterm']);
    const files = [...names]
      .filter((name) => /^[\w+.-]+$/.test(name))
      .flatMap((name) =>
        DIRECTORIES.flatMap((directory) => facts.existing(`${directory}/${name[0]}/${name}`)).slice(
          0,
          1,
        ),
      );
    if (files.length === 0) return undefined;
    return found === undefined
      ? { because: `${library.path} is loaded`, confidence: 'likely', files }
      : { because: evidenceText(found), files };
  },
  absent: missingFiles({
    rule: {
      code: 'TERMINFO_MISSING',
      levels: ['note'],
      summary: 'The root has no descriptions of terminals.',
      cause: 'What a terminal can do is in a file for each value of TERM.',
      remedy: 'Put them into the root; elfdeps copy --with terminfo adds them.',
    },
    evidence: (facts) => isLoaded(terminalLibrary(facts)),
    paths: () => DIRECTORIES,
    what: 'no descriptions of terminals',
    seen: 'Error opening terminal: xterm.',
    remedy: 'put /lib/terminfo or /usr/share/terminfo into the root',
  }),
});

/** The library that reads descriptions of terminals; undefined where none is loaded. */
function terminalLibrary(facts: ProgramFacts): LoadedObject | undefined {
  return facts.loaded(/^lib(?:tinfow?|n?cursesw?|termcap)\.so/);
}
