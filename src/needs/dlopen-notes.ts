/**
 * Libraries that an object says it opens at run time.
 * Source: UAPI.12, ELF dlopen metadata (systemd).
 */

import type { DlopenCall } from '../closure/dlopen-call.js';
import type { DlopenNote } from '../elf/notes.js';
import type { Fact } from '../finding.js';
import type { LoadedObject } from '../loader/loader.js';
import { dlopenMissing, missingLibrary } from './missing-library.js';
import { defineNeed } from './need.js';

const PRIORITIES: readonly DlopenNote['priority'][] = ['required', 'recommended', 'suggested'];

export const dlopenNotes = defineNeed({
  kind: 'dlopen',
  summary: 'libraries that .note.dlopen names',
  documentation: {
    evidence: '`.note.dlopen` of any object, of the priority that `--dlopen` says',
    added: "those libraries, found as their object's dlopen would",
    confidence: ['sure'],
  },
  detect({ closure, options }) {
    const level = options.dlopen ?? 'required';
    const wanted = PRIORITIES.slice(0, level === 'none' ? 0 : PRIORITIES.indexOf(level) + 1);
    const opens: DlopenCall[] = [];
    const reasons = new Set<string>();
    for (const object of closure.objects)
      for (const note of object.elf.dlopenNotes)
        if (wanted.includes(note.priority)) {
          // The first alternative that is there is used; the loader finds out which.
          opens.push(...note.sonames.map((name) => ({ name, from: object.path })));
          reasons.add(
            `${object.path} has a note of ${note.sonames.join(' or ')} (${note.priority})`,
          );
        }
    return opens.length === 0 ? undefined : { because: [...reasons].join('; '), opens };
  },
  absent: {
    rules: [dlopenMissing],
    check: (facts) =>
      facts.closure.objects.flatMap((object) =>
        object.elf.dlopenNotes
          .filter((note) => note.priority !== 'suggested')
          // Any of the alternatives will do.
          .filter(({ sonames }) => !sonames.some((name) => facts.finds(name, object)))
          .map((note) => missingNote(note, object)),
      ),
  },
});

function missingNote(
  { sonames, priority, feature }: DlopenNote,
  { path }: LoadedObject,
): Fact<'DLOPEN_MISSING'> {
  const names = sonames.join(' or ');
  return missingLibrary({
    severity: priority === 'required' ? 'warning' : 'note',
    path,
    names: sonames,
    message: `${path}: opens ${names} at run time (${priority}${feature === undefined ? '' : `, for ${feature}`}), and that is not in the root`,
    cause: 'its .note.dlopen names a library that no DT_NEEDED shows',
    remedy: `put ${names} into the root`,
  });
}
