/**
 * /bin/sh, which system() and popen() start. Whether a program ever calls them nobody knows, and a
 * shell is what many do without in an image: only on demand.
 */
import { shellCalls } from './calls.js';
import type { NeedDetector } from './runtime-need.js';

export const shell: NeedDetector = {
  kind: 'shell',
  summary: '/bin/sh for system() and popen()',
  detect(context) {
    const because = context.because('shell', context.findCall(shellCalls));
    if (because === undefined || !context.files.resolve('/bin/sh').found) return undefined;
    return { because, confidence: 'likely', starts: ['/bin/sh'] };
  },
};
