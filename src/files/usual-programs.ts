/**
 * Programs that nearly every root has, whatever system it is. Their headers say what the root is: its
 * CPU, and the interpreter of its own programs.
 */

/** Absolute paths. A root may hold loaders for several CPUs, but it has one /bin/sh, so that is first. */
export const USUAL_PROGRAMS: readonly string[] = [
  '/bin/sh',
  '/bin/busybox',
  '/usr/bin/env',
  '/bin/ls',
  '/sbin/init',
];
