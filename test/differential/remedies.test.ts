/**
 * Remedies help: for each code that a finding can have, a root that has it, the remedy applied as it is
 * printed, and then no finding of that code. Commands are run by a real shell, files are built again
 * by a real compiler. That every code has a row is in test/check/finding-rules.test.ts.
 */
import { expect, it } from 'vitest';
import type { Finding } from '../../src/index.js';
import { RemedySite } from '../support/apply-remedy.js';
import { diskWorld, removeDiskWorldsAfterwards } from '../support/disk-world.js';
import { command, describeWith } from '../support/requirement.js';
import { REMEDY_ROWS } from './remedy-rows.js';

removeDiskWorldsAfterwards();

describeWith(
  'remedies',
  ['gcc', 'musl-gcc', 'bash', 'patchelf', 'sed', 'setcap'].map(command),
  () => {
    it.each(REMEDY_ROWS.map((row) => [`${row.code} ${row.name ?? ''}`.trim(), row] as const))(
      '%s',
      (_name, row) => {
        const site = new RemedySite(diskWorld(row.world ?? {}), row.trace, row.options);
        if (row.program !== undefined) site.program = row.program;
        row.make?.(site);
        const found = site.findings().filter(({ code }) => code === row.code);
        expect(site.findings().map(({ code }) => code)).toContain(row.code);
        row.apply(found[0]?.remedy ?? '', site);
        // What is worse is gone; that it is judged as another user starts it stays worth a note.
        const isSame = (finding: Finding) =>
          finding.code === row.code && finding.severity === found[0]?.severity;
        expect(site.findings().filter(isSame)).toEqual([]);
      },
    );
  },
);
