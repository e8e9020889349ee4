/**
 * Preloads that the loader passes over; not every loader says so. The program runs without them.
 * Source: glibc elf/rtld.c (do_preload).
 */
import { defineCheck } from '../check.js';

export const preloads = defineCheck({
  rules: [
    {
      code: 'PRELOAD_IGNORED',
      levels: ['warning'],
      summary: 'A library that shall be preloaded cannot be loaded.',
      cause: 'LD_PRELOAD or ld.so.preload names a file that is missing or for another CPU.',
      remedy: 'Put it into the root, or take it out of the list.',
    },
  ],
  check: ({ closure }) =>
    closure.ignoredPreloads.map(({ name, source, refusal, error }) => ({
      code: 'PRELOAD_IGNORED',
      severity: 'warning',
      path: name,
      message: `${name}: ignored, ${source} asks for it: ${error}`,
      seen: closure.traits?.words.preloadIgnored?.({ name, source, refusal }),
      cause: `${source} names a file that the loader cannot load here; the program runs without it`,
      remedy: `copy ${name} into the root, or take it out of ${source}`,
    })),
});
