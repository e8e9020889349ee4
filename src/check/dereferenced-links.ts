/**
 * Libraries that are there twice as plain files, by their soname and by their full name: a copy that
 * followed the link. They load, but take twice the space, and ldconfig warns.
 * Source: glibc elf/ldconfig.c (create_links).
 */

import { madeOncePerPath } from '../files/made-once-per-path.js';
import type { LoadedObject } from '../loader/loader.js';
import { entryAt, namesIn } from '../root/list-directory.js';
import { baseName, directoryOf } from '../root/path-text.js';
import { shellCommand } from '../root/shell-word.js';
import { type CheckedProgram, defineCheck } from './check.js';

export const dereferencedLinks = defineCheck({
  rules: [
    {
      code: 'LINK_DEREFERENCED',
      levels: ['note'],
      summary: 'A file stands where a link to the same library should be.',
      cause:
        'The link was followed when it was copied, as COPY in a Dockerfile does with single files.',
      remedy: 'Copy with what keeps links, such as elfdeps copy or elfdeps tar.',
    },
  ],
  check({ closure, files }) {
    const notALink = closure.traits?.words.notALink;
    if (notALink === undefined) return [];
    const libraries = closure.objects.filter(
      ({ role }) => role === 'library' || role === 'preload',
    );
    return libraries.flatMap((object) => {
      const twin = twinOf(object, files);
      if (twin === undefined) return [];
      const { realPath: path } = object;
      return [
        {
          code: 'LINK_DEREFERENCED',
          severity: 'note',
          path,
          message: `${path}: a file, though ${twin} is the same library`,
          seen: notALink(path),
          cause: 'the link was followed when it was copied (COPY of single files does that)',
          remedy: `${shellCommand('ln', '-sf', baseName(twin), path)}, or copy with elfdeps copy or elfdeps tar`,
        },
      ];
    });
  },
});

/** A longer name beside a library that is a file of its own with the same size and soname. */
function twinOf(
  { realPath, entry, elf }: LoadedObject,
  files: CheckedProgram['files'],
): string | undefined {
  const soname = elf.dynamic?.soname;
  const directory = directoryOf(realPath);
  if (soname === undefined || realPath !== `${directory === '/' ? '' : directory}/${soname}`)
    return undefined;
  return namesWith(`${soname}.`, listing(files, directory))
    .map((name) => `${directory}/${name}`)
    .find((path) => {
      const other = entryAt(files.root, path);
      if (other?.kind !== 'file' || other.size !== entry.size || other.id === entry.id)
        return false;
      const file = files.resolve(path);
      return file.found && files.findElf(file)?.dynamic?.soname === soname;
    });
}

/** The names that start with a prefix, of sorted ones: each library of a directory asks for its own. */
function namesWith(prefix: string, sorted: readonly string[]): readonly string[] {
  let start = 0;
  for (let end = sorted.length; start < end; ) {
    const middle = (start + end) >> 1;
    if ((sorted[middle] as string) < prefix) start = middle + 1;
    else end = middle;
  }
  let end = start;
  while (sorted[end]?.startsWith(prefix)) end++;
  return sorted.slice(start, end);
}

/** Sorted names. The programs of a root have their libraries in the same few directories. */
const listing = madeOncePerPath((files, directory) => namesIn(files.root, directory).sort());
