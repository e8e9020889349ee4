/**
 * Libraries that an object opens at run time, looked for as the loader would when that object asks:
 * those that it says so of (.note.dlopen), and those that a program with dlopen names. What is not
 * there is said when the program comes to it.
 * Source: UAPI.12, ELF dlopen metadata.
 */
import type { DlopenNote } from '../elf/notes.js';
import type { LoadedObject } from '../loader/loader.js';
import { dlopenNames } from '../needs/dlopen-texts.js';
import { isHostProvided } from '../needs/host-provided.js';
import { dlopenCalls } from '../needs/libc-functions.js';
import { baseName } from '../root/path-text.js';
import type { Check, Fact } from './check.js';

export const checkDlopenNotes: Check = ({ closure, evidence }) =>
  closure.objects.flatMap((object) =>
    object.elf.dlopenNotes
      .filter((note) => note.priority !== 'suggested')
      // Any of the alternatives will do.
      .filter(({ sonames }) => !sonames.some((name) => evidence.finds(name, object)))
      .map((note) => missingNote(note, object)),
  );

function missingNote({ sonames, priority, feature }: DlopenNote, { path }: LoadedObject): Fact {
  const names = sonames.join(' or ');
  return missing({
    severity: priority === 'required' ? 'warning' : 'note',
    path,
    names: sonames,
    message: `${path}: opens ${names} at run time (${priority}${feature === undefined ? '' : `, for ${feature}`}), and that is not in the root`,
    cause: 'its .note.dlopen names a library that no DT_NEEDED shows',
    remedy: `put ${names} into the root`,
  });
}

/** A path, or the soname of a release: what a program that opens it cannot mean otherwise. */
const WHOLE_NAME = /^\/|\.so\.\d/;
/** May be a file of a directory of plug-ins, of development, or of a test. Others are no library. */
const LIBRARY = /^lib/;

/**
 * Names in the program's data; those of one library (`liba.so.1` and `liba.so`) are alternatives. Most
 * of what a program does not find it can do without, so this is never more than a warning.
 */
export const checkDlopenTexts: Check = ({ closure, evidence }) => {
  const [program] = closure.objects;
  const call = evidence.findOwnImport(dlopenCalls);
  if (program === undefined || call === undefined) return [];
  const noted = new Set(program.elf.dlopenNotes.flatMap(({ sonames }) => sonames));
  const byLibrary = new Map<string, string[]>();
  for (const name of dlopenNames(evidence)) {
    const library = baseName(name).replace(/\.so[.\d]*$/, '');
    byLibrary.set(library, [...(byLibrary.get(library) ?? []), name]);
  }
  return [...byLibrary.values()]
    .filter((names) => names.some((name) => WHOLE_NAME.test(name) || LIBRARY.test(name)))
    .filter((names) => !names.some((name) => noted.has(name) || isHostProvided(baseName(name))))
    .filter((names) => !names.some((name) => evidence.finds(name, program)))
    .map((names) =>
      missing({
        severity: names.some((name) => WHOLE_NAME.test(name)) ? 'warning' : 'note',
        path: program.path,
        names,
        message: `${program.path}: ${call.text} and names ${names.join(' or ')}, which is not in the root`,
        cause: 'what a program opens by dlopen stands in no DT_NEEDED, only in its data',
        remedy: `put ${names.join(' or ')} into the root, if the program cannot do without`,
      }),
    );
};

function missing({
  names,
  ...about
}: Omit<Fact, 'code' | 'seen'> & { readonly names: readonly string[] }): Fact {
  return {
    ...about,
    code: 'DLOPEN_MISSING',
    seen: `${names[0]}: cannot open shared object file: No such file or directory`,
  };
}
