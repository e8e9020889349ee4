/**
 * From options and file arguments to a trace: opens the root, resolves the arguments, and takes the
 * variables of the environment that count.
 */
import type { Trace, TraceOptions } from '../closure/trace.js';
import { type ElfdepsError, UsageError } from '../errors.js';
import { DEFAULT_PATH } from '../files/path-search.js';
import { traceDependencies } from '../index.js';
import { loaders } from '../registry.js';
import { directoryRoot } from '../root/directory-root.js';
import { openRoot } from '../root/open-root.js';
import type { Root } from '../root/root.js';
import { parseByteSize } from './byte-size.js';
import { type Inputs, resolveInputs } from './inputs.js';
import type { SharedOptions } from './options.js';
import { Progress } from './progress.js';
import { toRootPath } from './root-path.js';
import type { Terminal } from './terminal.js';

/** What a command line asks for, traced. */
export interface TraceRequest {
  readonly inputs: Inputs;
  readonly trace: Trace;
  /** Bad arguments, then files that cannot be read. */
  readonly errors: readonly ElfdepsError[];
}

/**
 * Traces what the arguments name; `hwcaps` is the value of --hwcaps without that option. Throws what
 * openRoot() throws, and {@link UsageError}.
 */
export async function traceRequest(
  files: readonly string[],
  options: SharedOptions,
  terminal: Terminal,
  hwcaps?: string,
): Promise<TraceRequest> {
  if (files.length === 0)
    throw new UsageError('no file given', { hint: 'elfdeps --help shows how to use it' });
  // The wait starts here: reading an archive and listing directories take time too.
  const progress = new Progress(terminal, options.quiet);
  const onProgress = (done: number, total: number, path: string) =>
    progress.show(done, total, path);
  try {
    const root =
      options.root === undefined
        ? directoryRoot('/')
        : await openRoot(options.root, { onProgress, maxUnpacked: maxUnpacked(options) });
    // Their number is not known yet.
    const onFound = (path: string) => onProgress(0, 1, path);
    const inputs = resolveInputs(root, files, terminal.cwd, searchPath(root, terminal), onFound);
    const trace = traceDependencies(inputs.root, inputs.programs, {
      ...searchOptions(options, terminal, root.isHost),
      hwcaps: options.hwcaps ?? hwcaps,
      files: inputs.files,
      onProgress,
    });
    return { inputs, trace, errors: [...inputs.errors, ...trace.errors] };
  } finally {
    progress.end();
  }
}

/** The bytes of --max-unpacked; undefined without it. */
export function maxUnpacked({ maxUnpacked: size }: SharedOptions): number | undefined {
  return size === undefined ? undefined : parseByteSize('--max-unpacked', size);
}

/** Where names without a slash are looked up: as this shell does, or as a container would. */
function searchPath(root: Root, { env }: Terminal): string {
  return root.isHost ? (env.PATH ?? '') : DEFAULT_PATH;
}

/** How needs are resolved. The variables of this machine count only for its own root. */
function searchOptions(
  options: SharedOptions,
  { env, cwd }: Terminal,
  isHost: boolean,
): TraceOptions {
  const loader = loaders.find(({ name }) => name === options.loader)?.name;
  if (options.loader !== undefined && loader === undefined)
    throw new UsageError(`unknown loader '${options.loader}'`, {
      hint: `known are ${loaders.map(({ name }) => name).join(', ')}`,
    });
  return {
    cwd: isHost ? toRootPath('.', cwd) : '/',
    libraryPath: options.libraryPath ?? (isHost ? env.LD_LIBRARY_PATH : undefined),
    preload: options.preload ?? (isHost ? env.LD_PRELOAD : undefined),
    loader,
    ldconfig: options.ldconfig,
  };
}
