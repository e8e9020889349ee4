/**
 * /tmp, where every user may write and may remove only files of their own.
 */

import { goFunctions } from '../files/go-build.js';
import { temporaryCalls } from './libc-functions.js';
import { missingFiles } from './missing-files.js';
import { defineNeed } from './need.js';

export const temporaryDirectory = defineNeed({
  kind: 'tmp',
  summary: '/tmp with mode 1777',
  documentation: {
    evidence: 'an import of `mkstemp`, `tmpfile` and their like; `os.CreateTemp` of Go',
    added: '`/tmp` with mode 1777',
    confidence: ['sure'],
  },
  detect(facts) {
    const because = facts.because('tmp', facts.findCall(temporaryCalls, goFunctions.temporary));
    if (because === undefined) return undefined;
    return { because, directories: [{ path: '/tmp', mode: 0o1777 }] };
  },
  absent: missingFiles({
    rule: {
      code: 'TMP_MISSING',
      levels: ['note'],
      summary: 'The root has no /tmp.',
      cause: 'Temporary files are made there, unless TMPDIR says otherwise.',
      remedy: 'Make /tmp with mode 1777 (elfdeps copy --with tmp), or mount a tmpfs there.',
    },
    evidence: (facts) => facts.findCall(temporaryCalls, goFunctions.temporary),
    paths: () => ['/tmp'],
    what: 'no /tmp',
    seen: 'No such file or directory',
    remedy: 'make /tmp with mode 1777 in the root, or mount a tmpfs there',
  }),
});
