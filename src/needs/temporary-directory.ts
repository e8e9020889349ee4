/**
 * /tmp, where everybody may write and nobody may remove what is another's.
 */

import { goFunctions } from '../files/go-build.js';
import { temporaryCalls } from './libc-functions.js';
import type { NeedDetector } from './need.js';

export const temporaryDirectory: NeedDetector = {
  kind: 'tmp',
  summary: '/tmp with mode 1777',
  detect(context) {
    const because = context.because('tmp', context.findCall(temporaryCalls, goFunctions.temporary));
    if (because === undefined) return undefined;
    return { because, directories: [{ path: '/tmp', mode: 0o1777 }] };
  },
};
