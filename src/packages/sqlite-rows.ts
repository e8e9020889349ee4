/**
 * The values of one column of a table in an SQLite database of a root. The package that reads SQLite
 * opens files by path, so it gets a copy in a temporary directory, with the log of what is not in the
 * database yet; it is loaded only for this.
 * Source: The SQLite Database File Format; Write-Ahead Logging, chapter 8 (without shared memory).
 */
import { createRequire } from 'node:module';
import type { RealPath, Root } from '../root/root.js';
import { temporaryCopy } from '../root/temporary-copy.js';

/** A table with plain columns. */
const TABLE = /^CREATE TABLE\s+['"`[]?\w+['"`\]]?\s*\([^()]*\)$/i;
/** More than any system has, so that a database whose pages lead in circles comes to an end. */
const MOST_ROWS = 1 << 15;
const MOST_BYTES = 2 ** 31;

/** The files of a database in a root. */
export interface SqliteFiles {
  readonly database: RealPath;
  /** The write-ahead log; undefined where there is none. */
  readonly log?: RealPath;
}

/**
 * Each value of `column` in `table` that is bytes, in the order of `order`. The value is valid until the
 * next one. Throws what the root throws, and the error of SQLite for a damaged database.
 */
export function* sqliteRows(
  root: Root,
  { database, log }: SqliteFiles,
  { table, column, order }: Readonly<Record<'table' | 'column' | 'order', string>>,
): Generator<Uint8Array> {
  const { Database } = createRequire(import.meta.url)(
    'node-sqlite3-wasm',
  ) as typeof import('node-sqlite3-wasm');
  const copy = temporaryCopy(root, { database, 'database-wal': log });
  try {
    const opened = new Database(copy.path('database'), { fileMustExist: true });
    try {
      // Without it, a database with a log needs memory that processes share.
      opened.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA trusted_schema = OFF');
      const declared = opened.get(
        "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?",
        table,
      );
      // A view or a computed column could make rows without end.
      if (!TABLE.test(String(declared?.sql))) throw new Error(`no plain table ${table}`);
      let [rows, bytes] = [0, 0];
      // Its files are open, so a signal leaves nothing behind from now on.
      copy.remove();
      const statement = opened.prepare(
        `SELECT "${column}" AS value FROM "${table}" ORDER BY "${order}"`,
      );
      try {
        for (const { value } of statement.iterate()) {
          if (!(value instanceof Uint8Array)) continue;
          bytes += value.length;
          if (++rows > MOST_ROWS || bytes > MOST_BYTES) throw new Error('too many rows');
          yield value;
        }
      } finally {
        statement.finalize();
      }
    } finally {
      opened.close();
    }
  } finally {
    copy.remove();
  }
}
