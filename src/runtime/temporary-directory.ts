/**
 * /tmp, where everybody may write and nobody may remove what is another's.
 */
import { importText } from './need-context.js';
import type { NeedDetector } from './runtime-need.js';

const CALLS = [
  ...['mkstemp', 'mkstemp64', 'mkostemp', 'mkostemp64', 'mkstemps', 'mkstemps64', 'mkdtemp'],
  ...['tmpfile', 'tmpfile64', 'tmpnam', 'tempnam', 'mktemp'],
];

export const temporaryDirectory: NeedDetector = {
  kind: 'tmp',
  summary: '/tmp with mode 1777',
  detect(context) {
    const found = context.findImport(CALLS);
    if (found === undefined) return undefined;
    return { because: importText(found), directories: [{ path: '/tmp', mode: 0o1777 }] };
  },
};
