/**
 * What a pattern finds among the bytes of a file, remembered: a libc has two megabytes, and every
 * program of a root shares it.
 */
import { latin1Text } from '../loader/embedded-strings.js';
import type { ObjectFiles } from '../loader/object-files.js';

const known = new WeakMap<ObjectFiles, Map<string, RegExpExecArray | undefined>>();

/** The first match, one character a byte; undefined without one, or when the file is unreadable. */
export function matchInFile(
  files: ObjectFiles,
  path: string,
  pattern: RegExp,
): RegExpExecArray | undefined {
  const matches = known.get(files) ?? new Map<string, RegExpExecArray | undefined>();
  known.set(files, matches);
  const key = `${path}\0${pattern.source}`;
  if (!matches.has(key)) {
    const bytes = files.readBytes(path);
    matches.set(
      key,
      bytes === undefined ? undefined : (pattern.exec(latin1Text(bytes)) ?? undefined),
    );
  }
  return matches.get(key);
}
