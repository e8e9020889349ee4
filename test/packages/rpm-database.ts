/**
 * Databases of rpm as bytes: headers by the format's description, in a table that SQLite writes.
 */
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import sqlite from 'node-sqlite3-wasm';

/** Values by their tag: texts, one text, or numbers of 32 bits. */
export type Tags = Readonly<Record<number, string | readonly string[] | readonly number[]>>;

/** A header as the database has it, without magic. */
export function rpmHeader(tags: Tags): Uint8Array {
  const entries: number[] = [];
  let store: number[] = [];
  for (const [tag, value] of Object.entries(tags)) {
    const values: readonly (string | number)[] = typeof value === 'string' ? [value] : value;
    const isNumber = typeof values[0] === 'number';
    if (isNumber) store = [...store, ...new Array((4 - (store.length % 4)) % 4).fill(0)];
    const type = isNumber ? 4 : typeof value === 'string' ? 6 : 8;
    entries.push(Number(tag), type, store.length, values.length);
    for (const each of values)
      store.push(
        ...(typeof each === 'number' ? bigEndian(each) : [...new TextEncoder().encode(each), 0]),
      );
  }
  const numbers = [entries.length / 4, store.length, ...entries].flatMap(bigEndian);
  return Uint8Array.from([...numbers, ...store]);
}

function bigEndian(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

/** The statement that rpm makes the table with. */
export const TABLE =
  "CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT,blob BLOB NOT NULL)";

/** The files of a database; the log is empty where it has none. */
export interface DatabaseBytes {
  readonly database: Uint8Array;
  readonly log: Uint8Array;
}

/**
 * Runs statements; the rows of `later` are in the log only, as where a system stopped before SQLite put them
 * into the database.
 */
export function sqliteBytes(
  statements: string,
  rows: readonly Uint8Array[] = [],
  later: readonly Uint8Array[] = [],
): DatabaseBytes {
  const directory = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-test-'));
  const path = nodePath.join(directory, 'db');
  try {
    const database = new sqlite.Database(path);
    const insert = 'INSERT INTO Packages (blob) VALUES (?)';
    database.exec(statements);
    for (const row of rows) database.run(insert, [row]);
    if (later.length > 0) {
      database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL');
      for (const row of later) database.run(insert, [row]);
    }
    const bytes = (name: string) => (fs.existsSync(name) ? fs.readFileSync(name) : Buffer.of());
    const files = { database: bytes(path), log: bytes(`${path}-wal`) };
    database.close();
    return files;
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}
