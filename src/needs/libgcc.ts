/**
 * libgcc_s.so.1, which glibc opens when a thread is cancelled or exits, and for a backtrace; without
 * it the process aborts. Source: glibc nptl/unwind-forcedunwind.c, misc/unwind-link.c.
 */

import { evidenceText } from './evidence.js';
import { backtraceCalls, threadEndCalls } from './libc-functions.js';
import type { NeedDetector } from './need.js';

export const libgcc: NeedDetector = {
  kind: 'libgcc',
  summary: 'libgcc_s.so.1 for pthread_cancel, pthread_exit and backtrace',
  detect(context) {
    if (!context.libcHas('unwinder') || context.loaded(/^libgcc_s\.so/)) return undefined;
    const found = context.findImport([...threadEndCalls, ...backtraceCalls]);
    const libc = context.loaded(/^libc\.so\.6/);
    if (found === undefined || libc === undefined) return undefined;
    return { because: evidenceText(found), opens: [{ name: 'libgcc_s.so.1', from: libc.path }] };
  },
};
