/**
 * The exit codes of every command.
 */

/** Everything was found, or the check passed. */
export const COMPLETE = 0;
/** Something is missing, or the check failed. */
export const INCOMPLETE = 1;
/** Usage, an unreadable or damaged file, or I/O. */
export const COULD_NOT_RUN = 2;
