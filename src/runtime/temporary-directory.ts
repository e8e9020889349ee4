/**
 * /tmp, where everybody may write and nobody may remove what is another's.
 */
import { temporaryCalls } from './calls.js';
import { goFunctions } from './go-program.js';
import type { NeedDetector } from './runtime-need.js';

export const temporaryDirectory: NeedDetector = {
  kind: 'tmp',
  summary: '/tmp with mode 1777',
  detect(context) {
    const because = context.because('tmp', context.findCall(temporaryCalls, goFunctions.temporary));
    if (because === undefined) return undefined;
    return { because, directories: [{ path: '/tmp', mode: 0o1777 }] };
  },
};
