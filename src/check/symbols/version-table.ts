/**
 * The table of `ldd -v`: each version that each object asks for, and the file that defines it.
 * Source: glibc elf/rtld.c (LD_VERBOSE; match_version).
 */
import type { Closure } from '../../closure/closure.js';
import { printable } from '../../errors.js';
import type { ElfSymbols } from '../../files/elf-symbols.js';
import type { LoadedObject } from '../../loader/loader.js';
import { NamedObjects } from './named-objects.js';

/** One line of the table. */
export interface VersionRow {
  readonly object: LoadedObject;
  /** The needed name that the version shall come from. */
  readonly file: string;
  readonly version: string;
  readonly weak: boolean;
  /** The path of the file that defines it; absent when none does. */
  readonly path?: string;
}

/** All rows: objects in load order, then as in their DT_VERNEED. */
export function versionTable(closure: Closure, files: ElfSymbols): VersionRow[] {
  const names = new NamedObjects(closure);
  return closure.objects.flatMap((object) =>
    (files.versions(object)?.needs ?? []).flatMap(({ file, versions }) => {
      const provider = names.find(file);
      const definitions =
        provider === undefined ? [] : (files.versions(provider)?.definitions ?? []);
      return versions.map(({ name: version, weak }) => ({
        object,
        file,
        version,
        weak,
        // Unlike the check of versions, the table also takes the name of the file itself for one.
        path: definitions.some(({ name }) => name === version) ? provider?.path : undefined,
      }));
    }),
  );
}

/** The lines of `ldd -v` behind its list, an empty one in front; none for an empty table. */
export function formatVersionTable(rows: readonly VersionRow[]): string[] {
  if (rows.length === 0) return [];
  const lines = ['', '\tVersion information:'];
  let last: LoadedObject | undefined;
  for (const { object, file, version, weak, path } of rows) {
    if (object !== last) lines.push(`\t${printable(object.path)}:`);
    last = object;
    const flag = weak ? '[WEAK] ' : '';
    lines.push(`\t\t${printable(`${file} (${version}) ${flag}=> ${path ?? 'not found'}`)}`);
  }
  return lines;
}
