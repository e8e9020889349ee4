/**
 * `--format list`: every path that must be there, one a line, sorted. Feeds `tar -T`, cpio, rsync.
 */
import { requiredFiles } from '../closure/required-files.js';
import { compareBytes } from '../root/glob.js';
import type { Report } from './report.js';

export const list: Report = {
  name: 'list',
  summary: 'one path per line: programs, interpreter, libraries and every link on the way',
  format({ closures }) {
    const paths = new Set<string>();
    for (const closure of closures)
      for (const file of requiredFiles(closure)) {
        paths.add(file.realPath);
        for (const link of file.links) paths.add(link.path);
      }
    return [...paths]
      .sort(compareBytes)
      .map((path) => `${path}\n`)
      .join('');
  },
};
