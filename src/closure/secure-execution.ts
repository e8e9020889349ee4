/**
 * What secure-execution mode takes from a program: its walk in that mode is compared with one outside of
 * it. Whether the mode applies is decided in program-start.ts, what it means by each loader.
 */

import type { Diagnostic } from '../loader/diagnostic.js';
import type { LoadedObject, LoaderOptions } from '../loader/loader.js';
import type { SecureCause } from '../loader/process-rights.js';
import { isOptional, type Library, type SecureExecution } from './closure.js';
import type { WalkResult } from './walk.js';

/**
 * What the mode takes from the program, whose loader ignores what is in `ignored`: names that are
 * missing among `libraries`, and found among those of a start outside of the mode.
 */
export function secureExecutionOf(
  because: SecureCause,
  ignored: readonly string[],
  libraries: readonly Library[],
  trusted: readonly Library[] = [],
): SecureExecution {
  const found = new Map(
    trusted.flatMap(({ needed, object }) =>
      object === undefined ? [] : [[needed, object.path] as const],
    ),
  );
  const lost = libraries.flatMap((row) => {
    const path = found.get(row.needed);
    const isLost = row.status === 'missing' && !isOptional(row) && path !== undefined;
    return isLost ? [{ name: row.name, path }] : [];
  });
  return { because, ignored, lost };
}

/** Whether the mode could change what was loaded outside of it, or what could not be read. */
export function mattersInSecureMode(
  { objects, libraries, ignoredPreloads }: WalkResult,
  { libraryPath, preload, audit }: LoaderOptions,
): boolean {
  if (libraryPath || preload || audit || ignoredPreloads.length > 0) return true;
  return (
    objects.some((object) => object.role === 'preload' || dependsOnMode(object)) ||
    libraries.some(({ tried }) => tried.some(({ outcome }) => outcome === 'denied'))
  );
}

/** A leading `$ORIGIN` of a library is replaced in either mode; anything else may not be. */
function dependsOnMode({ role, elf: { dynamic } }: LoadedObject): boolean {
  const { rpath = '', runpath = '', needed = [] } = dynamic ?? {};
  const isPlain = (element: string) =>
    !element.includes('$') || (role !== 'program' && LEADING_ORIGIN.test(element));
  const hasOther = (list: string) => list.includes('$') && !list.split(':').every(isPlain);
  return hasOther(rpath) || hasOther(runpath) || needed.some((name) => name.includes('$'));
}

const LEADING_ORIGIN = /^\$(?:ORIGIN|\{ORIGIN\})(?:\/[^$]*)?$/;

/** The diagnostic about the program at `path`. */
export function secureDiagnostic(path: string, secure: SecureExecution): Diagnostic {
  const { because, ignored, lost } = secure;
  return {
    code: 'SECURE_EXECUTION',
    path,
    because,
    ignored,
    lost,
    message: `${path}: ${secureFact(secure)}`,
    hint: 'this depends on the user who starts it: --user USER, or startedBy in the library',
  };
}

/** Why it runs in that mode, and what it loses, in one line without the program's path. */
export function secureFact({ because, ignored, lost }: SecureExecution): string {
  const mode = `runs in secure-execution mode (${because})`;
  if (ignored.length === 0) return mode;
  const without = `${mode}, where the loader ignores ${ignored.join(', ')}`;
  return lost.length === 0
    ? without
    : `${without}; it does not find ${lost.map(({ name }) => name).join(', ')} there`;
}
