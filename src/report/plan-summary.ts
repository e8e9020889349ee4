/**
 * What an image weighs: files and bytes in all, the largest files first, and beside it what people
 * would have copied instead. For standard error, after the image was written.
 */
import { printable } from '../errors.js';
import type { ImagePlan } from '../image/image-plan.js';
import { count, formatBytes } from './style.js';

/** Bytes of debian:12-slim (amd64, August 2025) unpacked, for comparison. */
const DEBIAN_SLIM = 74_800_000;

/** How much a summary tells. */
export interface PlanSummaryOptions {
  /** Every file, not only the sum. */
  readonly verbose: boolean;
  /** Bytes of all files of the root, where somebody counted. */
  readonly rootBytes?: number;
}

/** Lines with a newline at the end; names of one file are counted once. */
export function formatPlanSummary(plan: ImagePlan, options: PlanSummaryOptions): string {
  const files = plan.entries.flatMap((entry) => {
    if (entry.kind === 'generated') return [{ path: entry.path, size: entry.bytes.length }];
    return entry.kind === 'file' && entry.hardLinkTo === undefined ? [entry] : [];
  });
  const links = plan.entries.filter(({ kind }) => kind === 'symlink').length;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const total = `${count(files.length, 'file')}, ${count(links, 'link')}, ${formatBytes(bytes)}`;
  if (!options.verbose) return `${total}\n`;
  const largest = [...files].sort((a, b) => b.size - a.size);
  const lines = largest.map(({ path, size }) => `  ${formatBytes(size).padStart(7)}  ${path}`);
  const others = [
    `debian:12-slim would be ${formatBytes(DEBIAN_SLIM)}`,
    ...(options.rootBytes === undefined
      ? []
      : [`all of the root ${formatBytes(options.rootBytes)}`]),
  ];
  return [total, ...lines.map(printable), `  (${others.join(', ')})`]
    .map((line) => `${line}\n`)
    .join('');
}
