/**
 * `elfdeps slim --format json`: schema `elfdeps-slim/1`, one document.
 */
import { describeSlimNote } from './notes.js';
import type { SlimReport } from './slim-report.js';

export const slimJson: SlimReport = {
  name: 'json',
  summary: 'schema elfdeps-slim/1',
  format(results) {
    const document = {
      schema: 'elfdeps-slim/1',
      images: results.map(({ base, packages, notes, ...rest }) => ({
        ...rest,
        base: base.layers === undefined ? null : { layers: base.layers, by: base.by },
        isSmaller: rest.after.bytes < rest.before.bytes,
        packages: packages.map(({ name = null, version = null, ...part }) => ({
          name,
          version,
          ...part,
        })),
        notes: notes.map((note) => ({ code: note.code, message: describeSlimNote(note) })),
      })),
    };
    return `${JSON.stringify(document, null, 2)}\n`;
  },
};
