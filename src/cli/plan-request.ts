/**
 * From options and file arguments to a proven image plan, for the commands that write one and for
 * `check --image`.
 */

import { type PlannedPrograms, planTrace } from '../api/plan-programs.js';
import { UsageError } from '../errors.js';
import type { PlanOptions } from '../image/plan-image.js';
import { formatNotes } from '../report/notes.js';
import type { Root } from '../root/root.js';
import { requireStart } from './entrypoint.js';
import { COMPLETE, INCOMPLETE } from './exit-code.js';
import { entrypointNotes, needNotes, placeNotes } from './image-notes.js';
import { type ImageOptions, imageStart } from './image-options.js';
import { requireFiles, startIn } from './image-start.js';
import type { Inputs } from './inputs.js';
import { printNotes, UnreadableFiles } from './messages.js';
import { advised } from './plan-advice.js';
import { needChoice } from './runtime-needs.js';
import type { Terminal } from './terminal.js';
import { explainFileErrors, FOR_IMAGE, type TraceRequest, traceRequest } from './trace-request.js';

/** A plan, what it was made from, and the exit code once it is written. */
export interface PlannedRequest extends PlannedPrograms {
  readonly inputs: Inputs;
  readonly exitCode: number;
}

/** The options that say where a command writes. */
interface OutputOptions {
  readonly to?: string;
  readonly output?: string;
}

/** An image to build on. */
interface Base {
  /** Its files; undefined where they are not known. */
  readonly root?: Root;
}

/**
 * Plans an image of the files, and prints the notes about it. Without a `base` the image is built on
 * nothing. Throws {@link UnreadableFiles} when a file cannot be read, and what planTrace() throws.
 */
export async function planRequest(
  files: readonly string[],
  options: ImageOptions & OutputOptions,
  layout: PlanOptions['layout'],
  terminal: Terminal,
  base?: Base,
): Promise<PlannedRequest> {
  requireFiles(files, options);
  // Wrong values are told before anything is read.
  imageStart(options);
  const request = await traceRequest(files, options, terminal, {
    ...FOR_IMAGE,
    outputs: [options.to, options.output].filter((path) => path !== undefined),
  });
  const { inputs, errors } = request;
  if (errors.length > 0)
    throw new UnreadableFiles(await explainFileErrors(request, terminal), inputs.names);
  const { allowIncomplete } = options;
  const planned = planTraced(request, options, { layout, allowIncomplete }, base);
  const { plan } = planned;
  if (!options.quiet) {
    const notes = [
      ...formatNotes(plan.notes, options.verbose),
      ...placeNotes(inputs),
      ...(request.start === undefined ? entrypointNotes(inputs, plan, options) : []),
      ...needNotes(planned, options, layout),
    ];
    printNotes(notes, terminal);
  }
  const exitCode = plan.complete ? COMPLETE : INCOMPLETE;
  return { ...planned, inputs, exitCode };
}

/**
 * Plans an image of traced files, with the needs that the options choose. Throws what planTrace() throws,
 * and {@link UsageError} for a program or user that is not in an image built on nothing.
 */
export function planTraced(
  { trace, inputs, start, opened }: TraceRequest,
  options: ImageOptions,
  about: Pick<PlanOptions, 'layout' | 'allowIncomplete'>,
  base?: Base,
): PlannedPrograms {
  const planned = orAdvise(options, inputs, () =>
    planTrace(trace, {
      ...about,
      base: base?.root,
      ...startIn(trace.root, options, start !== undefined),
      ...needChoice(trace, options),
      opened,
      started: start?.files,
      destinations: inputs.destinations,
      libraryPath: absoluteDirectories(trace.options.libraryPath),
    }),
  );
  if (base === undefined) requireStart(planned.plan, planned.trace.root, options);
  return planned;
}

/** Adds the words of its advice to the error of a plan that cannot be made. */
function orAdvise<T>(options: ImageOptions, inputs: Inputs, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw advised(error, options, inputs);
  }
}

/** A library path that means the same in an image, in whatever directory a program is started. */
function absoluteDirectories(libraryPath = ''): string {
  const directories = libraryPath.split(/[:;]/).filter((directory) => directory !== '');
  for (const directory of directories)
    if (!/^[/$]/.test(directory))
      throw new UsageError(`the library path has the relative directory '${directory}'`, {
        hint: 'it would be another directory in an image; give --library-path absolute directories',
      });
  return directories.join(':');
}
