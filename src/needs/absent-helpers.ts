/**
 * Programs of its own that a program names by their whole paths, and that the root lacks: gpg-agent of gpg.
 * This counts in roots that someone put together: where a package database is, packages brought what they
 * have.
 */
import { findProgram } from '../files/path-search.js';
import { baseName } from '../root/path-text.js';
import { startCalls } from './libc-functions.js';
import { stemsOf } from './name-stems.js';
import type { ProgramFacts } from './program-facts.js';

const PROGRAM = /^\/(?:[\w.+-]+\/)*s?bin\/[\w+-]+$/;

/** Paths, each once; none for what is no program or starts none. */
export function absentHelpers(facts: ProgramFacts): string[] {
  const { program, files, place } = facts;
  if (program === undefined || facts.findOwnImport(startCalls) === undefined) return [];
  const stems = stemsOf(program.realPath);
  const isOwn = (name: string) => stems.some((stem) => name.startsWith(`${stem}-`));
  const paths = files.texts
    .paths(program)
    .filter((path) => PROGRAM.test(path) && isOwn(baseName(path)));
  if (paths.length === 0 || facts.packages !== undefined) return [];
  const isThere = (path: string) =>
    files.resolve(path).found || findProgram(files, baseName(path), place) !== undefined;
  // The same one may be in several places.
  const found = new Set(paths.filter(isThere).map(baseName));
  return [...new Set(paths)].filter((path) => !found.has(baseName(path)));
}
