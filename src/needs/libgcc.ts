/**
 * libgcc_s.so.1, which glibc opens when a thread is cancelled or exits, and for a backtrace; without
 * it the process aborts. Source: glibc nptl/unwind-forcedunwind.c, nptl/pthread_cancel.c, misc/unwind-link.c.
 */

import { evidenceText } from './evidence.js';
import { backtraceCalls, threadEndCalls } from './libc-functions.js';
import { defineNeed } from './need.js';

const LIBRARY = 'libgcc_s.so.1';

export const libgcc = defineNeed({
  kind: 'libgcc',
  summary: 'libgcc_s.so.1 for pthread_cancel, pthread_exit and backtrace',
  documentation: {
    evidence: 'an import of `pthread_cancel`, `pthread_exit`, `thrd_exit` or `backtrace`, in glibc',
    added: '`libgcc_s.so.1`',
    confidence: ['sure'],
  },
  detect(facts) {
    if (!facts.libcHas('unwinder') || facts.loaded(/^libgcc_s\.so/)) return undefined;
    const found = facts.findImport([...threadEndCalls, ...backtraceCalls]);
    const { libc } = facts;
    if (found === undefined || libc === undefined) return undefined;
    return { because: evidenceText(found), opens: [{ name: LIBRARY, from: libc.path }] };
  },
  absent: {
    rules: [
      {
        code: 'LIBGCC_MISSING',
        levels: ['warning'],
        summary: 'libgcc_s.so.1 is not in the root, and the program cancels or ends threads.',
        cause: 'glibc opens it to unwind the stack of a thread, and aborts without it.',
        remedy: 'Put the file into the root; elfdeps copy writes all that a program needs.',
      },
    ],
    check(facts) {
      const { libc } = facts;
      const call = facts.findImport(threadEndCalls);
      if (!facts.libcHas('unwinder') || libc === undefined || call === undefined) return [];
      // A libc that does not tell its release may be none of glibc's.
      if (facts.glibcMinor === undefined) return [];
      if (facts.finds(LIBRARY, libc)) return [];
      const { path } = call.object;
      return [
        {
          code: 'LIBGCC_MISSING',
          severity: 'warning',
          path,
          message: `${path}: calls ${call.symbol}(), and there is no ${LIBRARY} in the root`,
          seen: `${LIBRARY} must be installed for ${call.symbol} to work`,
          cause: 'glibc opens libgcc_s to unwind the stack of a thread, and aborts without it',
          remedy: `put ${LIBRARY} into the root, beside libc.so.6`,
        },
      ];
    },
  },
});
