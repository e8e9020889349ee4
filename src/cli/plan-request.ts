/**
 * From options and file arguments to a proven image plan, for the commands that write one.
 */
import { type ImagePlan, type PlanOptions, planImage } from '../index.js';
import { COULD_NOT_RUN, printError } from './exit-code.js';
import type { ImageOptions } from './options.js';
import type { Terminal } from './terminal.js';
import { type TraceRequest, traceRequest } from './trace-request.js';

/** The plan and what it was made from, or the exit code when a file cannot be read. */
export async function planRequest(
  files: readonly string[],
  options: ImageOptions,
  layout: PlanOptions['layout'],
  terminal: Terminal,
): Promise<{ readonly plan: ImagePlan; readonly request: TraceRequest } | number> {
  // Images are for any CPU of the platform.
  const request = await traceRequest(files, options, terminal, 'none');
  const { trace, inputs, errors } = request;
  for (const error of errors) printError(error, terminal, inputs.names);
  if (errors.length > 0) return COULD_NOT_RUN;
  const { libraryPath, preload, hwcaps } = request.options;
  const plan = planImage(trace, {
    layout,
    destinations: inputs.destinations,
    ...(libraryPath === undefined ? {} : { libraryPath }),
    ...(preload === undefined ? {} : { preload }),
    ...(hwcaps === undefined ? {} : { hwcaps }),
    ...(options.allowIncomplete === undefined ? {} : { allowIncomplete: options.allowIncomplete }),
  });
  if (!options.quiet) for (const note of plan.notes) terminal.err(`elfdeps: note: ${note}\n`);
  return { plan, request };
}
