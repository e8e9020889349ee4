/**
 * `npm run test:jobs`: real jobs of real programs, each in a tree that `elfdeps copy` made, against the
 * whole root. No verdict may be worse and no tree much larger than docs/jobs.md says; `--update` writes the
 * page anew. The root (about 3 GB, a quarter of an hour) is kept in ELFDEPS_JOBS_DIR, with a report of each job.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { describeWith } from '../support/requirement.js';
import { KINDS } from './job.js';
import { jobs } from './jobs.js';
import { makeJobsRoot, requirements } from './jobs-root.js';
import { type Measurement, measure } from './measure.js';
import { rank, resultsOf, treeBytes, updatePage } from './results-table.js';

const PAGE = fileURLToPath(new URL('../../docs/jobs.md', import.meta.url));
const directory = process.env.ELFDEPS_JOBS_DIR ?? join(tmpdir(), 'elfdeps-jobs');
const root = join(directory, 'root');
/** How much larger than the page says a tree may be: packages of Debian have new versions. */
const MOST_GROWTH = 1.3;
const SMALL = 1e6;

describeWith('jobs', requirements, () => {
  const known = resultsOf(readFileSync(PAGE, 'utf8'));
  const measured: Measurement[] = [];
  beforeAll(() => makeJobsRoot(root, jobs));
  afterAll(() => {
    if (inject('update'))
      writeFileSync(PAGE, updatePage(readFileSync(PAGE, 'utf8'), jobs, measured));
  });

  it.concurrent.each(jobs)('$id', async (job) => {
    const one = await measure(job, root, join(directory, 'work', job.id));
    measured.push(one);
    console.log(`${one.id}: ${one.verdict} ${one.advice.join(' ')}`);
    expect(one.verdict, one.report).not.toBe('void');
    if (inject('update')) return;
    const before = known.get(job.id);
    expect(before, 'docs/jobs.md has no row for it').toBeDefined();
    expect(rank(one.verdict), one.report).toBeGreaterThanOrEqual(rank(before?.verdict ?? 'void'));
    // A rule that brings too much still does the job.
    expect(treeBytes(one)).toBeLessThanOrEqual(MOST_GROWTH * (before?.bytes ?? 0) + SMALL);
  });
});

describe('the list', () => {
  it('has no two jobs of one upstream', () => {
    const names = jobs.map(({ upstream }) => upstream);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('has a job of every kind', () => {
    expect(Object.keys(KINDS).filter((kind) => !jobs.some((job) => job.kind === kind))).toEqual([]);
  });
});
