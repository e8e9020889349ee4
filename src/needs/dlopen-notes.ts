/**
 * Libraries that an object says it opens at run time.
 * Source: UAPI.12, ELF dlopen metadata (systemd).
 */

import type { DlopenCall } from '../closure/walk.js';
import type { DlopenNote } from '../elf/notes.js';
import type { NeedDetector } from './need.js';

const PRIORITIES: readonly DlopenNote['priority'][] = ['required', 'recommended', 'suggested'];

export const dlopenNotes: NeedDetector = {
  kind: 'dlopen',
  summary: 'libraries that .note.dlopen names',
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
};
