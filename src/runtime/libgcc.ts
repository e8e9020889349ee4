/**
 * libgcc_s.so.1, which glibc opens when a thread is cancelled or exits, and for a backtrace; without
 * it the process aborts. Source: glibc nptl/unwind-forcedunwind.c, misc/unwind-link.c.
 */
import { importText } from './need-context.js';
import type { NeedDetector } from './runtime-need.js';

const CALLS = ['pthread_cancel', 'pthread_exit', 'thrd_exit', 'backtrace', 'backtrace_symbols_fd'];

export const libgcc: NeedDetector = {
  kind: 'libgcc',
  summary: 'libgcc_s.so.1 for pthread_cancel, pthread_exit and backtrace',
  detect(context) {
    if (context.closure.libc !== 'glibc' || context.loaded(/^libgcc_s\.so/)) return undefined;
    const found = context.findImport(CALLS);
    const libc = context.loaded(/^libc\.so\.6/);
    if (found === undefined || libc === undefined) return undefined;
    return { because: importText(found), opens: [{ name: 'libgcc_s.so.1', from: libc.path }] };
  },
};
