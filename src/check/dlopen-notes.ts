/**
 * Libraries that an object says it opens at run time (.note.dlopen), looked for as the loader would
 * when that object asks. What is required and not there is said when the program comes to it.
 * Source: UAPI.12, ELF dlopen metadata.
 */
import type { DlopenNote } from '../elf/notes.js';
import type { LoadedObject, LoaderSession } from '../loader/loader.js';
import type { Check, Fact } from './check.js';

export const checkDlopenNotes: Check = ({ closure, configured }) => {
  const [program] = closure.objects;
  if (configured === undefined || program === undefined) return [];
  const session = configured.start(program);
  return closure.objects.flatMap((object) =>
    object.elf.dlopenNotes
      .filter((note) => note.priority !== 'suggested' && !isFound(note, object, session))
      .map((note) => missing(note, object)),
  );
};

/** Any of the alternatives will do. */
function isFound({ sonames }: DlopenNote, object: LoadedObject, session: LoaderSession): boolean {
  return sonames.some((name) => {
    const { outcome } = session.locate({ name, kind: 'needed' }, object);
    return outcome === 'found' || outcome === 'loaded';
  });
}

function missing({ sonames, priority, feature }: DlopenNote, { path }: LoadedObject): Fact {
  const names = sonames.join(' or ');
  return {
    code: 'DLOPEN_MISSING',
    severity: priority === 'required' ? 'warning' : 'note',
    path,
    message: `${path}: opens ${names} at run time (${priority}${feature === undefined ? '' : `, for ${feature}`}), and that is not in the root`,
    seen: `${sonames[0]}: cannot open shared object file: No such file or directory`,
    cause: 'its .note.dlopen names a library that no DT_NEEDED shows',
    remedy: `put ${names} into the root`,
  };
}
