/**
 * Files that dpkg puts to another place than their package has them, see dpkg-divert(1).
 * Source: dpkg lib/dpkg/db-fsys-divert.c.
 */
import type { DatabaseFiles } from './database-text.js';

/** Where a path of packages went. */
export interface Diversion {
  readonly to: string;
  /** The package whose own file keeps the path; `:` for none, where an administrator diverted it. */
  readonly by: string;
}

/** The diversions in a file of dpkg: three lines each, the path, where it went, and who diverted it. */
export function readDiversions(
  database: DatabaseFiles,
  path: string,
): ReadonlyMap<string, Diversion> {
  const diversions = new Map<string, Diversion>();
  if (!database.files.resolve(path).found) return diversions;
  const lines = database.lines(path) ?? [];
  for (let at = 0; at + 2 < lines.length; at += 3) {
    const [from, to, by] = lines.slice(at, at + 3) as [string, string, string];
    diversions.set(from, { to, by });
  }
  return diversions;
}
