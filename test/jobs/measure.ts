/**
 * One job → its verdict: what it prints in the whole root is the truth, and the tree that
 * `elfdeps copy` makes must give the same, by default or with every option that the notes name.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { directoryRoot } from '../../src/root/directory-root.js';
import { ELFDEPS } from '../support/built-cli.js';
import { adviceOf } from './advice.js';
import type { Job } from './job.js';
import { bytesOf, openedFiles } from './opened-files.js';
import { type Outcome, runJob, runProgram } from './run-job.js';
import { type TreeBytes, treeBytes } from './tree-bytes.js';

/**
 * `default`: the first tree does the job. `advised`: the second does, made with what the notes of the
 * first named. `silent`: neither does. `broken`: elfdeps failed. `void`: the job itself fails in the
 * whole root, or prints something else each time, so it shows nothing.
 */
export type Verdict = 'default' | 'advised' | 'silent' | 'broken' | 'void';

export interface Measurement {
  readonly id: string;
  readonly verdict: Verdict;
  /** The options that the notes named; empty for `default` too. */
  readonly advice: readonly string[];
  /** Of the last tree; undefined without one. */
  readonly tree?: TreeBytes;
  /** What the job opens in the whole root; the tree tells what of it is a standard library. */
  readonly opened?: { readonly all: number; readonly standardLibraries: number };
  /** What each step printed, for whoever looks into a failure. */
  readonly report: string;
}

/**
 * Measures a job in the root, a directory. Logs and trees are made in `work`, which is emptied first;
 * only logs stay.
 */
export async function measure(job: Job, root: string, work: string): Promise<Measurement> {
  rmSync(work, { recursive: true, force: true });
  const trace = join(work, 'trace');
  mkdirSync(trace, { recursive: true });
  const lines: string[] = [];
  const enter = async (step: string, lower: string, logs?: string) => {
    const outcome = await runJob(job, { lower, whole: root, directory: work, trace: logs });
    lines.push(`== ${step}: ${outcome.status}`, outcome.stdout, outcome.stderr);
    return outcome;
  };
  const end = (verdict: Verdict, more: Partial<Measurement> = {}): Measurement => {
    const report = lines.join('\n');
    writeFileSync(join(work, 'report'), `${job.id}: ${verdict}\n${report}\n`);
    return { id: job.id, verdict, advice: [], ...more, report };
  };

  const truth = await enter('truth', root);
  const again = await enter('truth, traced', root, trace);
  if (truth.status !== 0 || truth.stdout.trim() === '' || !isSame(truth, again)) return end('void');
  const files = openedFiles(directoryRoot(root), trace, join(work, 'place/tree/root'));
  writeFileSync(join(work, 'opened'), `${files.join('\n')}\n`);
  const bytes = (chosen: typeof files) => bytesOf(directoryRoot(root), chosen);
  const sizes = (tree: TreeBytes | undefined) =>
    tree && {
      tree,
      opened: {
        all: bytes(files),
        standardLibraries: bytes(files.filter((path) => tree.standardFiles.has(path))),
      },
    };

  const attempt = async (step: string, extra: readonly string[]) => {
    const tree = join(work, 'tree');
    rmSync(tree, { recursive: true, force: true });
    const manifest = `${tree}.json`;
    const copied = await copy(job, root, tree, [...extra, '--manifest', manifest, '--force']);
    lines.push(`== ${step}, copy ${extra.join(' ')}: ${copied.status}`, copied.stderr);
    if (copied.status !== 0) return { works: false, copied, tree: undefined };
    const size = treeBytes(tree, manifest);
    writeFileSync(join(work, `${step}.files`), `${filesBelow(tree).join('\n')}\n`);
    const works = isSame(truth, await enter(step, tree));
    rmSync(tree, { recursive: true, force: true });
    return { works, copied, tree: size };
  };
  const first = await attempt('default', []);
  if (first.works) return end('default', sizes(first.tree));
  const advice = adviceOf(first.copied.stderr);
  const last = advice.length === 0 ? first : await attempt('advised', advice);
  const verdict = last.works ? 'advised' : last.copied.status === 0 ? 'silent' : 'broken';
  return end(verdict, { advice, ...sizes(last.tree) });
}

function copy(job: Job, root: string, tree: string, extra: readonly string[]): Promise<Outcome> {
  const options = [...(job.options ?? []), ...extra, '--to', tree];
  return runProgram(process.execPath, [ELFDEPS, 'copy', '--root', root, ...job.files, ...options]);
}

function isSame(one: Outcome, other: Outcome): boolean {
  return one.status === other.status && one.stdout === other.stdout;
}

function filesBelow(tree: string): string[] {
  return readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(tree.length))
    .sort();
}
