/**
 * Notes about COPY lines: which links become files, and which files a build does not have.
 */
import nodePath from 'node:path';
import type { ImagePlan } from '../image/image-plan.js';

/** Links of the root that become files in the image. */
export function linkNotes({ entries }: ImagePlan): string[] {
  const nameOf = nodePath.posix.basename;
  return entries.flatMap((entry) =>
    entry.kind === 'file' && nameOf(entry.path) === nameOf(entry.openedAs)
      ? nameOf(entry.source) === nameOf(entry.path)
        ? []
        : [`${entry.path}: a link to ${nameOf(entry.source)} in the root, a file in the image`]
      : [],
  );
}

/** Files of this machine that a build in the working directory cannot copy. */
export function contextNotes(contextFiles: ReadonlyMap<string, string>): string[] {
  return [...new Set(contextFiles.values())]
    .filter((name) => name.startsWith('/') || /^(?:\.?\/)*\.\.(?:\/|$)/.test(name))
    .map((name) => `${name}: outside the working directory, so not in its build context`);
}
