/**
 * The jobs that work by default and need few packages, in a small root of their own: what
 * `npm run test:jobs` does with all jobs. Downloads about 80 MB; ELFDEPS_ROOTS_DIR keeps the root.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { jobs } from '../jobs/jobs.js';
import { makeJobsRoot, requirements } from '../jobs/jobs-root.js';
import { measure } from '../jobs/measure.js';
import { describeWith } from '../support/requirement.js';

const SMALL = [
  'sqlite',
  'jq',
  'tput',
  'iconv',
  'wget',
  'musl-accounts',
  'musl-zones',
  'musl-convert',
  'musl-names',
];
const chosen = jobs.filter(({ id }) => SMALL.includes(id));

describeWith('real jobs', requirements, () => {
  const directory = mkdtempSync(join(tmpdir(), 'elfdeps-jobs-'));
  const root = join(process.env.ELFDEPS_ROOTS_DIR ?? directory, 'jobs');
  beforeAll(() => makeJobsRoot(root, chosen));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it.each(chosen)('$id: a tree made by default does it', async (job) => {
    const { verdict, report } = await measure(job, root, join(directory, job.id));
    expect(verdict, report).toBe('default');
  });

  it('has all of them', () => expect(chosen.length).toBe(SMALL.length));
});
