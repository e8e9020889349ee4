/**
 * The size of an image: how many files and bytes, with --verbose the files, the largest first, and for
 * comparison a usual base image and the whole root. Printed to standard error after the image is made.
 */
import { printable } from '../errors.js';
import type { ImagePlan } from '../image/image-plan.js';
import { foldFiles } from './folded-files.js';
import { count, formatBytes } from './style.js';

/** Bytes of debian:12-slim (amd64, August 2025), unpacked. */
const DEBIAN_SLIM = 74_800_000;

/** What the programs themselves load is told file by file. */
const NOT_FOLDED = new Set(['program', 'interpreter', 'library', 'preload']);

/** How much a summary shows. */
export interface PlanSummaryOptions {
  /** List the files, not only the sum; where a need has many, by directory. */
  readonly verbose: boolean;
  /** Bytes of all files of the root; undefined if they were not counted. */
  readonly rootBytes?: number;
}

/** Lines with a newline at the end. A file with several names is counted once. */
export function formatPlanSummary(plan: ImagePlan, options: PlanSummaryOptions): string {
  const files = plan.entries.flatMap((entry) => {
    const { path } = entry;
    if (entry.kind === 'generated')
      return [{ path, size: entry.bytes.length, because: entry.because }];
    return entry.kind === 'file' && entry.hardLinkTo === undefined ? [entry] : [];
  });
  const links = plan.entries.filter(({ kind }) => kind === 'symlink').length;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const total = `${count(files.length, 'file')}, ${count(links, 'link')}, ${formatBytes(bytes)}`;
  if (!options.verbose) return `${total}\n`;
  const largest = foldFiles(files, NOT_FOLDED).sort((a, b) => b.size - a.size);
  const lines = largest.map((row) => {
    const number = row.files === undefined ? '' : `  (${count(row.files, 'file')})`;
    return `  ${formatBytes(row.size).padStart(7)}  ${row.path}${number}`;
  });
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
