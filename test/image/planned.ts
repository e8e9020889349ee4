/**
 * Plans of worlds in memory, as short rows.
 */
import { expect } from 'vitest';
import {
  type ImagePlan,
  memoryRoot,
  PlanError,
  type PlanOptions,
  planImage,
  type TraceOptions,
  traceDependencies,
} from '../../src/index.js';
import { memoryWorld, type World } from '../support/world.js';

/** Options of the plan, and of the trace before it. */
export type Options = Partial<PlanOptions> & { readonly trace?: TraceOptions };

/** Plans an image of programs of a world. */
export function plan(
  world: World,
  programs: string | readonly string[],
  options: Options = {},
): ImagePlan {
  const { trace: traceOptions = {}, ...planOptions } = options;
  const paths = typeof programs === 'string' ? [programs] : programs;
  const trace = traceDependencies(memoryRoot(memoryWorld(world)), paths, traceOptions);
  expect(trace.errors).toEqual([]);
  return planImage(trace, { layout: 'links', ...planOptions });
}

/** `d /usr`, `l /lib -> usr/lib`, `f /a/x <- /b/x (program)`; a file that stays has no arrow. */
export function rows({ entries }: ImagePlan): string[] {
  return entries.map((entry) => {
    if (entry.kind === 'directory') return `d ${entry.path}`;
    if (entry.kind === 'symlink') return `l ${entry.path} -> ${entry.target}`;
    if (entry.kind === 'generated') return `g ${entry.path}`;
    const from = entry.source === entry.path ? '' : ` <- ${entry.source}`;
    return `f ${entry.path}${from} (${entry.because})`;
  });
}

/** The rows of files. */
export const filesOf = (made: ImagePlan) => rows(made).filter((row) => row.startsWith('f '));

/** The PlanError that `make` throws. */
export function errorOf(make: () => unknown): PlanError {
  try {
    make();
  } catch (error) {
    if (error instanceof PlanError) return error;
    throw error;
  }
  throw new Error('no error');
}
