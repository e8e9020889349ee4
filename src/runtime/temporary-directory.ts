/**
 * /tmp, where everybody may write and nobody may remove what is another's.
 */
import { goFunctions } from './go-program.js';
import type { NeedDetector } from './runtime-need.js';

const CALLS = [
  ...['mkstemp', 'mkstemp64', 'mkostemp', 'mkostemp64', 'mkstemps', 'mkstemps64', 'mkdtemp'],
  ...['tmpfile', 'tmpfile64', 'tmpnam', 'tempnam', 'mktemp'],
];

export const temporaryDirectory: NeedDetector = {
  kind: 'tmp',
  summary: '/tmp with mode 1777',
  detect(context) {
    const because = context.because('tmp', CALLS, goFunctions.temporary);
    if (because === undefined) return undefined;
    return { because, directories: [{ path: '/tmp', mode: 0o1777 }] };
  },
};
