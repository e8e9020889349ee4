/**
 * `--format list`: every path that must be there, one per line, sorted. Feeds `tar -T`, cpio, rsync.
 */
import { closureFiles } from '../../closure/closure-files.js';
import { hasHidden, OutputError } from '../../errors.js';
import { compareBytes } from '../../root/byte-order.js';
import { nameOf, type Report } from './report.js';

/** Throws {@link OutputError} for a name that would be two lines, or that no terminal shows. */
function requireLine(path: string): string {
  if (!hasHidden(path)) return path;
  throw new OutputError('OUTPUT_FAILED', 'a name that a list of lines cannot hold', {
    path,
    hint: '--null ends each path with a NUL character, and takes every name',
  });
}

export const list: Report = {
  name: 'list',
  summary: 'one path per line: programs, interpreter, libraries and every link on the way',
  options: ['null'],
  format({ closures, isNullSeparated = false }) {
    const paths = new Set<string>();
    for (const closure of closures)
      for (const file of closureFiles(closure)) {
        paths.add(file.realPath);
        for (const link of file.links) paths.add(link.path);
      }
    return [...paths]
      .sort(compareBytes)
      .map((path) => (isNullSeparated ? `${path}\0` : `${requireLine(path)}\n`))
      .join('');
  },
  // A list of paths cannot show what is missing.
  notes: (input) =>
    input.closures.flatMap((closure) => {
      const { interpreter, libraries } = closure;
      const missing = [
        ...(interpreter?.status === 'missing' ? [interpreter.path] : []),
        ...libraries.filter(({ status }) => status === 'missing').map(({ name }) => name),
      ];
      return missing.length === 0
        ? []
        : [`${nameOf(input, closure)}: not found: ${missing.join(', ')}`];
    }),
};
