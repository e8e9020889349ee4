/**
 * Small roots with a package database, and what is read from them.
 */
import { RootFiles } from '../../src/files/root-files.js';
import { findPackages } from '../../src/packages/find-packages.js';
import type { Package, PackageDatabase } from '../../src/packages/package.js';
import { type MemoryNode, memoryRoot } from '../../src/root/memory-root.js';

/** Files of a root by their path. */
export type Nodes = Record<string, MemoryNode>;

/** Text of lines that each end with a line break. */
export const lines = (...each: readonly string[]) => each.map((line) => `${line}\n`).join('');

/** What the root has of databases. */
export const found = (nodes: Nodes) => findPackages(new RootFiles(memoryRoot(nodes)));

/** The database of the root; throws where there is none. */
export function read(nodes: Nodes): PackageDatabase {
  const { database } = found(nodes);
  if (database === undefined) throw new Error('no database');
  return database;
}

/** The installed package of that name; throws where there is none. */
export function must(database: PackageDatabase, name: string): Package {
  const one = database.package(name);
  if (one === undefined) throw new Error(`no package ${name}`);
  return one;
}

/** The names of packages, in their order. */
export const names = (packages: readonly Package[]) => packages.map(({ name }) => name);
