/**
 * /tmp and /var/tmp, where every user may write and may remove only files of their own.
 */

import { goFunctions } from '../files/go-build.js';
import { temporaryCalls } from './libc-functions.js';
import { missingFiles } from './missing-files.js';
import { defineNeed } from './need.js';
import type { ProgramFacts } from './program-facts.js';

export const temporaryDirectory = defineNeed({
  kind: 'tmp',
  summary: '/tmp and /var/tmp with mode 1777',
  documentation: {
    evidence:
      'an import of `mkstemp`, `tmpfile` and their like; `os.CreateTemp` of Go; a path in `/var/tmp` in the data of the program or a library',
    added: '`/tmp` with mode 1777; `/var/tmp` where it is named',
    confidence: ['sure'],
  },
  detect(facts) {
    const called = facts.because('tmp', facts.findCall(temporaryCalls, goFunctions.temporary));
    const kept = namesKept(facts);
    const because = called ?? kept;
    if (because === undefined) return undefined;
    const paths = [
      ...(called === undefined ? [] : ['/tmp']),
      ...(kept === undefined ? [] : [KEPT]),
    ];
    return { because, directories: paths.map((path) => ({ path, mode: 0o1777 })) };
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

/** What is kept when a system starts anew. Source: Filesystem Hierarchy Standard 3.0, 5.15. */
const KEPT = '/var/tmp';

function namesKept({ outsideOfLibc, files }: ProgramFacts): string | undefined {
  const isKept = (path: string) => path === KEPT || path.startsWith(`${KEPT}/`);
  const by = outsideOfLibc.find((object) => files.texts.paths(object).some(isKept));
  return by && `${by.path} names ${KEPT}`;
}
