/**
 * What commands tell about the writing of an image: how far it is, and what was written.
 */
import { printable } from '../errors.js';
import type { ImagePlan } from '../image/image-plan.js';
import { formatPlanSummary } from '../report/plan-summary.js';
import type { Root } from '../root/root.js';
import { totalBytes } from '../root/total-bytes.js';
import type { SharedOptions } from './options.js';
import { Progress } from './progress.js';
import type { Terminal } from './terminal.js';

/** Shows how many bytes of `plans` are written while `write` runs, which says so to `onBytes`. */
export async function withWriteProgress<T>(
  plans: readonly ImagePlan[],
  destination: string,
  { quiet }: SharedOptions,
  terminal: Terminal,
  write: (onBytes: (length: number) => void) => Promise<T>,
): Promise<T> {
  const total = plans
    .flatMap(({ entries }) => entries)
    .reduce((sum, entry) => sum + (entry.kind === 'file' && !entry.hardLinkTo ? entry.size : 0), 0);
  const progress = new Progress(terminal, quiet);
  let done = 0;
  try {
    return await write((length) => {
      done += length;
      progress.show(done, total, destination, 'bytes');
    });
  } finally {
    progress.end();
  }
}

/** Says what was written, on standard error; `root` is where the files of the plan come from. */
export function reportWritten(
  plan: ImagePlan,
  root: Root,
  destination: string,
  { quiet, verbose = false }: SharedOptions,
  terminal: Terminal,
): void {
  if (quiet) return;
  // The files of a whole machine take minutes to count.
  const rootBytes = verbose && !root.isHost ? totalBytes(root) : undefined;
  const summary = formatPlanSummary(plan, { verbose, rootBytes });
  terminal.err(`elfdeps: ${printable(destination)}: ${summary}`);
}
