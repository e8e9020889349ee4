/**
 * The exit codes of every command.
 */

/** Everything was found, or the check passed. */
export const COMPLETE = 0;
/** Something is missing, or the check failed. */
export const INCOMPLETE = 1;
/** Usage, an unreadable or damaged file, or I/O. */
export const COULD_NOT_RUN = 2;

/** What each code means, for help texts and the manual page. */
export const EXIT_CODES: readonly (readonly [number, string])[] = [
  [
    COMPLETE,
    'Complete: everything was found. check: every program runs. why: a program needs the library.' +
      ' A static program is complete. A closed pipe is 0 too.',
  ],
  [
    INCOMPLETE,
    'Something is missing. check: a program does not run (with --strict: or there are warnings).' +
      ' why: no program needs the library.',
  ],
  [
    COULD_NOT_RUN,
    'elfdeps could not run: usage, an unreadable or damaged file, I/O. If one file of many is bad,' +
      ' the others are still reported.',
  ],
];

/** What a signal does. */
export const ON_SIGNALS =
  'After SIGINT, SIGTERM or SIGHUP, elfdeps removes what it has begun to write and dies by that' +
  ' signal (130, 143 or 129 in a shell).';
