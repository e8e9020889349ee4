/**
 * Words the notes of `elfdeps slim`.
 */

import type { ImageNote } from '../../image/image-note.js';
import { describePackageNote } from '../../packages/package-note.js';
import type { NoBase } from '../../slim/layer-history.js';
import type { SlimNote } from '../../slim/slim-result.js';
import { formatNote } from '../notes.js';

const NO_BASE: Readonly<Record<NoBase, string>> = {
  'one-layer': 'the image has one layer',
  'no-history': 'the image has no history of its layers',
  'no-database': 'no layer brings a package database',
  'nothing-after': 'no layer comes after the one with the package database',
};

/** How many paths are named. */
const MOST_PATHS = 8;
/** How many options are written out. */
const MOST_OPTIONS = 3;

/** One line without a full stop. */
export function describeSlimNote(note: SlimNote): string {
  switch (note.code) {
    case 'BASE_UNKNOWN':
      return `${NO_BASE[note.why]}, so base and application cannot be told apart: every file that no package owns is kept (--drop leaves more out)`;
    case 'NO_PACKAGES':
      return 'there is no package database, so no file is known to be of a package';
    case 'PACKAGES_UNREADABLE':
      return `${note.note.path}: ${describePackageNote(note.note)}`;
    case 'BASE_NAMES_DROPPED':
      return `dropped, since the result has no base image: ${note.names.join(', ')}`;
    case 'COMPANIONS_DROPPED':
      return `dropped, since they are about the image as it was: ${note.kinds.map((kind) => `${kind}s`).join(', ')}`;
    case 'SECRETS_LEFT_OUT': {
      const isFew = note.paths.length <= MOST_OPTIONS;
      const options = isFew ? note.paths.map((path) => `--keep ${path}`) : ['--keep PATH'];
      return `${listed(note.paths)}: left out, because they may hold secrets (${options.join(' ')} keeps ${isFew ? 'them' : 'one'})`;
    }
    case 'SPECIAL_FILES_LEFT_OUT':
      return `${listed(note.paths)}: left out, neither files nor links`;
    case 'HEALTHCHECK_UNKNOWN':
      return `what the health check starts cannot be told from '${note.words.join(' ')}' (--keep PATH keeps its program)`;
    case 'FINDING':
      return `check: ${note.finding.message}`;
    case 'PLAN':
      return planNote(note.note);
    case 'NOT_SMALLER':
      return 'the result is not smaller than the image';
  }
}

/** Notes whose advice is about options that slim does not have get its own. */
function planNote(note: ImageNote): string {
  return note.code === 'VARIANT_LEFT_OUT'
    ? `${note.path}: left out, it is for newer CPUs only (--keep ${note.path} keeps it)`
    : formatNote(note);
}

function listed(paths: readonly string[]): string {
  const more = paths.length - MOST_PATHS;
  return `${paths.slice(0, MOST_PATHS).join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}
