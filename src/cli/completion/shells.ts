/**
 * The shells that `elfdeps completion` knows.
 */

/** Their names, as the command takes them. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
