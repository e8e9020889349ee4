/**
 * From options and file arguments to a trace: opens the root, resolves the arguments, and takes
 * from the environment what counts there.
 */

import type { Trace, TraceOptions } from '../closure/trace.js';
import { type ElfdepsError, UsageError } from '../errors.js';
import { DEFAULT_PATH } from '../files/path-search.js';
import { traceDependencies } from '../index.js';
import { loaders } from '../registry.js';
import { directoryRoot } from '../root/directory-root.js';
import { openRoot } from '../root/open-root.js';
import type { Root } from '../root/root.js';
import { type Inputs, resolveInputs } from './inputs.js';
import type { SharedOptions } from './options.js';
import { Progress } from './progress.js';
import { toRootPath } from './root-path.js';
import type { Terminal } from './terminal.js';

export interface TraceRequest {
  readonly inputs: Inputs;
  readonly trace: Trace;
  /** What was traced with, for plans that are traced again. */
  readonly options: TraceOptions;
  /** Bad arguments and bad files together. */
  readonly errors: readonly ElfdepsError[];
}

/** Traces what the arguments name. `hwcaps` is what holds when the user chose nothing. */
export async function traceRequest(
  files: readonly string[],
  options: SharedOptions,
  terminal: Terminal,
  hwcaps?: string,
): Promise<TraceRequest> {
  if (files.length === 0)
    throw new UsageError('no file given', { hint: 'elfdeps --help shows how to use it' });
  // Patience starts here: to read an archive or to list directories is work too.
  const progress = new Progress(terminal, options.quiet);
  const onProgress = (done: number, total: number, path: string) =>
    progress.show(done, total, path);
  try {
    const root =
      options.root === undefined
        ? directoryRoot('/')
        : await openRoot(options.root, { onProgress });
    // How many there will be nobody knows yet.
    const onFound = (path: string) => onProgress(0, 1, path);
    const inputs = resolveInputs(root, files, terminal.cwd, searchPath(root, terminal), onFound);
    const traceOptions = toTraceOptions(options, terminal, root.isHost, hwcaps);
    const trace = traceDependencies(inputs.root, inputs.programs, {
      ...traceOptions,
      files: inputs.files,
      onProgress,
    });
    return { inputs, trace, options: traceOptions, errors: [...inputs.errors, ...trace.errors] };
  } finally {
    progress.end();
  }
}

/** Where names without a slash are looked up: as this shell does, or as a container would. */
function searchPath(root: Root, { env }: Terminal): string {
  return root.isHost ? (env.PATH ?? '') : DEFAULT_PATH;
}

function toTraceOptions(
  options: SharedOptions,
  { env, cwd }: Terminal,
  isHost: boolean,
  hwcaps: string | undefined,
): TraceOptions {
  const loader = loaders.find(({ name }) => name === options.loader)?.name;
  if (options.loader !== undefined && loader === undefined)
    throw new UsageError(`unknown loader '${options.loader}'`, {
      hint: `known are ${loaders.map(({ name }) => name).join(', ')}`,
    });
  const libraryPath = options.libraryPath ?? (isHost ? env.LD_LIBRARY_PATH : undefined);
  const preload = options.preload ?? (isHost ? env.LD_PRELOAD : undefined);
  const variants = options.hwcaps ?? hwcaps;
  return {
    cwd: isHost ? toRootPath('.', cwd) : '/',
    ...(libraryPath === undefined ? {} : { libraryPath }),
    ...(preload === undefined ? {} : { preload }),
    ...(loader === undefined ? {} : { loader }),
    ...(variants === undefined ? {} : { hwcaps: variants }),
    ...(options.ldconfig === undefined ? {} : { ldconfig: options.ldconfig }),
  };
}
