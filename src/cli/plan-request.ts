/**
 * From options and file arguments to a proven image plan, for the commands that write one.
 */
import nodePath from 'node:path';
import { printable, UsageError } from '../errors.js';
import type { ImagePlan } from '../image/image-plan.js';
import { leftOutByCopy } from '../image/need-entries.js';
import type { PlanOptions } from '../image/plan-image.js';
import { planImage } from '../index.js';
import { addsNothing } from '../needs/detect-needs.js';
import type { RuntimeNeed } from '../needs/need.js';
import { formatPlanSummary } from '../report/plan-summary.js';
import type { Root } from '../root/root.js';
import { totalBytes } from '../root/total-bytes.js';
import { requireStart } from './entrypoint.js';
import { COMPLETE, COULD_NOT_RUN, INCOMPLETE, printError } from './exit-code.js';
import { type ImageConfigOptions, imageConfig } from './image-options.js';
import type { Inputs } from './inputs.js';
import type { ImageOptions } from './options.js';
import { Progress } from './progress.js';
import { namesOf, withNeeds } from './runtime-needs.js';
import type { Terminal } from './terminal.js';
import { type TraceRequest, traceRequest } from './trace-request.js';

/** A plan, what it was made from, and the exit code once it is written. */
export interface PlannedRequest {
  readonly plan: ImagePlan;
  readonly request: TraceRequest;
  readonly exitCode: number;
}

/** What an image is built on; without a root, nobody knows what it has. */
interface Base {
  readonly root?: Root;
}

/**
 * The plan and what it was made from, or the exit code when a file cannot be read. Without a `base`
 * the image is built on nothing.
 */
export async function planRequest(
  files: readonly string[],
  options: ImageOptions & ImageConfigOptions,
  layout: PlanOptions['layout'],
  terminal: Terminal,
  base?: Base,
): Promise<PlannedRequest | number> {
  const config = imageConfig(options);
  // Images are for any CPU of the platform.
  const traced = await traceRequest(files, options, terminal, 'none');
  const { inputs, errors } = traced;
  for (const error of errors) printError(error, terminal, inputs.names);
  if (errors.length > 0) return COULD_NOT_RUN;
  const { environment, user } = config;
  const { request, chosen, suggested } = withNeeds(traced, options, {
    ...(environment === undefined ? {} : { environment }),
    ...(user === undefined ? {} : { user }),
  });
  const { trace } = request;
  const { preload } = request.options;
  const libraryPath = absoluteDirectories(request.options.libraryPath);
  const plan = planImage(trace, {
    layout,
    destinations: inputs.destinations,
    ...config,
    needs: chosen,
    ...(base?.root === undefined ? {} : { base: base.root }),
    ...(libraryPath === undefined ? {} : { libraryPath }),
    ...(preload === undefined ? {} : { preload }),
    ...(options.allowIncomplete === undefined ? {} : { allowIncomplete: options.allowIncomplete }),
  });
  if (base === undefined) requireStart(plan, trace.root, options);
  const notes = [...plan.notes];
  notes.push(...unexpectedPlaces(inputs));
  if (inputs.programs.length > 1 && plan.entrypoint[0] !== undefined && !config.entrypoint)
    notes.push(`${inputs.programs.length} programs: the image starts ${plan.entrypoint[0]}`);
  const leftOut = (need: RuntimeNeed) =>
    layout === 'links' ? undefined : leftOutByCopy(need, trace.root);
  notes.push(...needNotes(chosen, suggested, options.verbose ?? false, leftOut));
  notes.push(
    ...namesOf(options.with)
      .filter((kind) => kind !== 'all' && !chosen.some((need) => need.kind === kind))
      .map(
        (kind) =>
          `--with ${kind}: adds nothing, since nothing asks for it or the root has none of it`,
      ),
  );
  if (!options.quiet) printNotes(notes, terminal);
  return { plan, request, exitCode: plan.complete ? COMPLETE : INCOMPLETE };
}

/** A program that was named by a relative path keeps the absolute one, which surprises. */
function unexpectedPlaces({ root, programs, names, destinations }: Inputs): string[] {
  if (!root.isHost) return [];
  return programs.flatMap((path) => {
    const name = names.get(path) ?? path;
    if (name.startsWith('/') || !name.includes('/') || destinations.has(path)) return [];
    const short = `/${nodePath.posix.basename(name)}`;
    return path === short ? [] : [`${name} is ${path} in the image (${name}:${short} moves it)`];
  });
}

/**
 * Says what whoever starts the program must set, since `what` (a tree, a tar) has no configuration.
 */
export function noteConfiguration(
  { environment }: ImagePlan,
  options: ImageOptions & ImageConfigOptions,
  what: string,
  terminal: Terminal,
): void {
  if (options.quiet) return;
  const names = (['entrypoint', 'cmd', 'workdir', 'label'] as const).filter(
    (name) => options[name] !== undefined,
  );
  printNotes(
    [
      ...Object.entries(environment).map(
        ([name, value]) => `${name}=${value}: ${what} has no environment, set it for the program`,
      ),
      ...names.map((name) => `--${name}: only images and Dockerfiles keep it, ${what} cannot`),
    ],
    terminal,
  );
}

/** Shows how many bytes of `plans` `write` has told to be written, while it runs. */
export async function withWriteProgress<T>(
  plans: readonly ImagePlan[],
  destination: string,
  { quiet }: ImageOptions,
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
      progress.show(done, total, destination);
    });
  } finally {
    progress.end();
  }
}

/** Says what was written, on standard error. */
export function reportWritten(
  { plan, request }: PlannedRequest,
  destination: string,
  { quiet, verbose }: ImageOptions,
  terminal: Terminal,
): void {
  if (quiet) return;
  const { root } = request.trace;
  const summary = formatPlanSummary(plan, {
    verbose: verbose ?? false,
    // Counting a whole machine takes minutes.
    ...(verbose && !root.isHost ? { rootBytes: totalBytes(root) } : {}),
  });
  terminal.err(`elfdeps: ${printable(destination)}: ${summary}`);
}

/** Prints notes, each on its line. */
export function printNotes(notes: readonly string[], terminal: Terminal): void {
  for (const note of notes) terminal.err(`elfdeps: note: ${printable(note)}\n`);
}

/**
 * What was added, with --verbose; and what may be needed, with the option that adds it. `leftOut` says
 * why a need that counts is not in the image all the same.
 */
function needNotes(
  chosen: readonly RuntimeNeed[],
  suggested: readonly RuntimeNeed[],
  verbose: boolean,
  leftOut: (need: RuntimeNeed) => string | undefined,
): string[] {
  const adding = suggested.filter((need) => !addsNothing(need));
  const worthy = adding.filter(({ confidence }) => verbose || confidence === 'likely');
  // No option helps with these, so whoever makes an image has to know.
  const facts = [...chosen, ...suggested]
    .filter((need) => addsNothing(need) && (verbose || need.confidence === 'sure'))
    .map(({ because }) => because);
  const kinds = [...new Set(worthy.map(({ kind }) => kind))].join(',');
  if (verbose)
    return [
      ...facts,
      ...chosen
        .filter((need) => !addsNothing(need))
        .map((need) => {
          const why = leftOut(need);
          return why === undefined
            ? `${need.kind}: added, ${need.because}`
            : `${need.kind}: not added (${why}), ${need.because}`;
        }),
      ...worthy.map(({ kind, because }) => `${kind}: not added, ${because} (--with ${kind})`),
    ];
  const added = chosen.filter(
    (need) => !addsNothing(need) && need.kind !== 'include' && leftOut(need) === undefined,
  );
  const has = [...new Set(added.map(({ kind }) => kind))].join(',');
  const told = [
    ...(has === '' ? [] : [`added ${has} (see --without)`]),
    ...(kinds === '' ? [] : [`it may also need --with ${kinds}`]),
  ];
  return [
    ...facts,
    ...told.slice(0, -1),
    ...told.slice(-1).map((t) => `${t} (--verbose tells why)`),
  ];
}

/** A library path that means the same in an image, whatever directory a program is started in. */
function absoluteDirectories(libraryPath: string | undefined): string | undefined {
  const directories = libraryPath?.split(/[:;]/).filter((directory) => directory !== '') ?? [];
  for (const directory of directories)
    if (!/^[/$]/.test(directory))
      throw new UsageError(`the library path has the relative directory '${directory}'`, {
        hint: 'in an image it would be another; give --library-path absolute directories',
      });
  return directories.length === 0 ? undefined : directories.join(':');
}
