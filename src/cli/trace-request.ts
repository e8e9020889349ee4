/**
 * From options and file arguments to a trace: opens the root, and resolves the arguments in it. How needs are
 * resolved there is search-options.ts's.
 */

import nodePath from 'node:path';
import { type Trace, type TraceOptions, trace as traceWith } from '../closure/trace.js';
import { ElfdepsError } from '../errors.js';
import { DEFAULT_PATH } from '../files/path-search.js';
import { RootFiles } from '../files/root-files.js';
import type { StartCommand } from '../needs/start-command.js';
import type { OpenedLog } from '../opened/opened-log.js';
import { loaders } from '../registry/loaders.js';
import { directoryRoot } from '../root/directory-root.js';
import { openRoot } from '../root/open-root.js';
import { directoryOf } from '../root/path-text.js';
import { resolvePath } from '../root/resolve-path.js';
import type { Root } from '../root/root.js';
import { shellWord } from '../root/shell-word.js';
import { parseByteSize } from './byte-size.js';
import { findSoname } from './find-soname.js';
import { hideOutputs } from './hidden-outputs.js';
import { type SearchOptions, workdirOf } from './image-start.js';
import { type Inputs, resolveInputs } from './inputs.js';
import { printError, printNotes } from './messages.js';
import type { SharedOptions } from './options.js';
import { Progress } from './progress.js';
import { toRootPath } from './root-path.js';
import { namesPath, searchOptions, starter, startPath } from './search-options.js';
import { readInput } from './standard-input.js';
import type { Terminal } from './terminal.js';

/** What a command line asks for, traced. */
export interface TraceRequest {
  readonly inputs: Inputs;
  readonly trace: Trace;
  /** What the image that is the root starts; undefined where files are named. */
  readonly start?: StartCommand;
  /** What the logs of a run tell; undefined without --opened. */
  readonly opened?: OpenedLog;
  /** Bad arguments, then files that cannot be read. */
  readonly errors: readonly ElfdepsError[];
  /** Where names without a slash are looked up: directories of the root, which colons separate. */
  readonly namesPath: string;
}

/** The errors, each with a file of a similar name as advice where the name may be misspelt. */
export async function explainFileErrors(
  { errors, inputs: { root, names }, namesPath: path }: TraceRequest,
  terminal: Terminal,
): Promise<readonly ElfdepsError[]> {
  if (errors.length === 0) return errors;
  const { withSimilarFiles } = await import('./similar-file.js');
  return withSimilarFiles(errors, { root, path, names }, terminal);
}

/** Prints the errors, explained. */
export async function printFileErrors(
  errors: readonly ElfdepsError[],
  request: TraceRequest,
  terminal: Terminal,
): Promise<void> {
  for (const error of await explainFileErrors({ ...request, errors }, terminal))
    printError(error, terminal, request.inputs.names);
}

/** What to trace with where the options do not say it. */
interface Defaults
  extends Pick<TraceOptions, 'hwcaps' | 'startedBy' | 'takesTexts' | 'searchPath'> {
  /** What the command writes: paths of this machine, which no directory brings. */
  readonly outputs?: readonly string[];
}

/**
 * For an image, which is for every CPU of the platform. Its user starts the programs in the image, with
 * its PATH; in the root they are only looked at.
 */
export const FOR_IMAGE: Defaults = {
  hwcaps: 'none',
  startedBy: 'trusted',
  searchPath: DEFAULT_PATH,
};

/**
 * Traces what the arguments name. Throws what openRoot() throws, and {@link UsageError}.
 */
export async function traceRequest(
  files: readonly string[],
  options: SearchOptions,
  terminal: Terminal,
  defaults: Defaults = {},
): Promise<TraceRequest> {
  // The wait starts here: reading an archive and listing directories take time too.
  const progress = new Progress(terminal, options.quiet);
  const onProgress = (done: number, total: number, path: string) =>
    progress.show(done, total, path);
  try {
    const limit = maxUnpacked(options);
    const input = await readInput(options, files);
    const whole =
      options.root === undefined
        ? directoryRoot('/')
        : await openRoot(options.root, {
            onProgress: (done, total, path) => progress.show(done, total, path, 'bytes'),
            maxUnpacked: limit,
          });
    const root = withoutOutputs(whole, options, terminal, defaults.outputs);
    const opened = await readLogs(options, terminal, root);
    // One for the whole run, so that no file is read twice.
    const known = new RootFiles(root);
    const start = files.length === 0 ? await readStart(known, options) : undefined;
    // Their number is not known yet.
    const onFound = (path: string) => onProgress(0, 1, path);
    const names = start?.programs ?? files;
    const path = namesPath(root, options, terminal);
    const more = {
      findSoname: (name: string) => findSoname(known, name, searchOptions(options, terminal, root)),
      input,
    };
    const { include } = options;
    const inputs = resolveInputs(known, names, terminal.cwd, path, onFound, more, include);
    const traceOptions = {
      ...searchOptions(options, terminal, root),
      searchPath: startPath(root, options, terminal, defaults.searchPath),
      hwcaps: options.hwcaps ?? defaults.hwcaps,
      startedBy: defaults.startedBy ?? starter(options, root, inputs.root),
      files: known,
      takesTexts: defaults.takesTexts,
      onProgress,
    };
    const trace = traceWith(inputs.root, inputs.programs, traceOptions, loaders);
    if (!options.quiet) printNotes(inputs.notes, terminal);
    const errors = [
      ...inputs.errors,
      ...trace.errors.map((error) =>
        asArchive(ofOtherRoot(error, root, files, terminal), inputs.names),
      ),
    ];
    return { inputs, trace, start, opened, errors, namesPath: path };
  } finally {
    progress.end();
  }
}

/** The root, where it is a directory of this machine, without what the command writes. */
function withoutOutputs(
  root: Root,
  { root: base = '/' }: SearchOptions,
  { cwd }: Terminal,
  outputs: readonly string[] = [],
): Root {
  if (outputs.length === 0 || root.list === undefined) return root;
  return hideOutputs(
    root,
    base,
    outputs.map((path) => nodePath.resolve(cwd, path)),
  );
}

/**
 * Names the root in which a path is not found, and the way to a file of this machine where the path seems to
 * mean one: its directory is not in the root, or is the working directory. This machine is not asked.
 */
function ofOtherRoot(
  error: ElfdepsError,
  root: Root,
  files: readonly string[],
  { cwd }: Terminal,
): ElfdepsError {
  const { code, path = '', hint } = error;
  if (code !== 'FILE_NOT_FOUND' || root.isHost) return error;
  const isTyped = files.some((file) => file === path || file.startsWith(`${path}:/`));
  const isElsewhere =
    isTyped && (path.startsWith(`${cwd}/`) || !resolvePath(root, directoryOf(path)).found);
  const relative = nodePath.relative(cwd, path);
  const here = `an absolute path is inside the root; for a file of this machine, write ${relative.startsWith('.') ? relative : `./${relative}`}`;
  return new ElfdepsError(code, `not found in the root ${root.name}`, {
    path,
    hint: isElsewhere ? here : hint,
  });
}

/** The names of archives that --root takes. */
const ARCHIVE = /\.(?:tar(?:\.\w+)?|t(?:gz|xz|zst|bz2))$/i;

/** Says of a file that is named as an archive how its programs are asked about. */
function asArchive(error: ElfdepsError, names: ReadonlyMap<string, string>): ElfdepsError {
  const { code, fact, path = '' } = error;
  const name = names.get(path) ?? path;
  if (code !== 'NOT_ELF' || !ARCHIVE.test(name)) return error;
  const hint = `an archive is a root: --root ${shellWord(name)}`;
  return new ElfdepsError(code, fact, { path, cause: error, hint });
}

/** What the image starts, by code that other requests do not need. Throws what startOfImage() throws. */
async function readStart(files: RootFiles, options: SearchOptions): Promise<StartCommand> {
  const { startOfImage } = await import('./start-of-image.js');
  return startOfImage(files, options);
}

/** What the logs of --opened tell; undefined without them. Throws what readOpenedLogs() throws. */
async function readLogs(
  options: SearchOptions,
  terminal: Terminal,
  root: Root,
): Promise<OpenedLog | undefined> {
  if (options.opened === undefined) return undefined;
  const { readOpenedLogs } = await import('./opened-logs.js');
  // A run on this machine was most likely started here.
  const isHere = root.isHost && options.workdir === undefined;
  return readOpenedLogs(
    options,
    terminal,
    isHere ? toRootPath('.', terminal.cwd) : workdirOf(root, options),
  );
}

/** The bytes of --max-unpacked; undefined without it. */
export function maxUnpacked({ maxUnpacked: size }: SharedOptions): number | undefined {
  return size === undefined ? undefined : parseByteSize('--max-unpacked', size);
}
