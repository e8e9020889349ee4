/**
 * `elfdeps dockerfile <file...> [-o <file>]`: the last stage of a Dockerfile, or one for each of several
 * CPUs, to standard output by default.
 */
import type { Command } from 'commander';
import { ElfdepsError, UsageError } from '../../errors.js';
import { adviceOnBase } from '../../image/known-bases.js';
import { writers } from '../../registry/writers.js';
import { openRoot } from '../../root/open-root.js';
import type { Action } from '../command.js';
import { contextNotes, linkNotes } from '../dockerfile-notes.js';
import { requireSource } from '../image-names.js';
import { addImageOptions, type ImageOptions } from '../image-options.js';
import { requireManifestPlace, writeManifest } from '../manifest.js';
import { printLine, printNotes } from '../messages.js';
import { type PlannedRequest, planRequest } from '../plan-request.js';
import { addPlatformRootOption, planPlatforms } from '../platform-roots.js';
import { requireReportPlace, writeReport } from '../report-options.js';
import { isInput } from '../standard-input.js';
import type { Terminal } from '../terminal.js';
import { maxUnpacked } from '../trace-request.js';

interface DockerfileCommandOptions extends ImageOptions {
  readonly from?: string;
  readonly base?: string;
  readonly baseRoot?: string;
  readonly copyOnly?: boolean;
  readonly parents?: boolean;
  readonly platformRoot?: readonly string[];
  readonly output?: string;
  readonly force?: boolean;
}

/** Declares the command. */
export function addDockerfile(program: Command, action: Action): void {
  const dockerfile = program
    .command('dockerfile')
    .description('print the last stage of a Dockerfile')
    .usage('[options] <file...>')
    .argument('[file...]', 'FILE or FILE:DEST; without one, what the image in --root starts')
    .option('--from <stage>', 'the stage to copy from (default: build)')
    .option('--base <image>', 'the image to build on (default: scratch)')
    .option('--base-root <dir or archive>', 'the files of that image, to leave out what it has')
    .option('-o, --output <file>', 'the file to write (default: standard output)')
    .option('--force', 'replace a file that is there')
    .option('--copy-only', 'only the COPY lines')
    .option('--parents', 'one COPY --parents with links kept, for BuildKit (syntax 1.20)')
    .action(action(runDockerfile));
  addPlatformRootOption(dockerfile);
  addImageOptions(dockerfile);
}

async function runDockerfile(
  files: readonly string[],
  options: DockerfileCommandOptions,
  terminal: Terminal,
): Promise<number> {
  requireCompatible(options);
  if (files.some(isInput))
    throw new UsageError('a Dockerfile cannot copy standard input', { hint: 'name a file' });
  requireReportPlace(options);
  requireManifestPlace(options);
  return options.platformRoot === undefined
    ? runForOne(files, options, terminal)
    : runForPlatforms(files, options, options.platformRoot, terminal);
}

async function runForOne(
  files: readonly string[],
  options: DockerfileCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const planned = await planStage(files, options, terminal);
  const { plan, inputs, exitCode } = planned;
  const { contextFiles } = inputs;
  const lines = writers.dockerfile(plan, { ...writerOptions(options), contextFiles });
  await writeReport(lines, options, terminal);
  if (options.copyOnly) {
    for (const [name, value] of Object.entries(plan.environment))
      printLine(`elfdeps: the image needs ENV ${name}=${value} too`, terminal);
    if (options.parents && !options.quiet)
      printNotes(['# syntax=docker/dockerfile:1.20 must be the first line there'], terminal);
  }
  await writeManifest([planned], options, terminal);
  return exitCode;
}

async function runForPlatforms(
  files: readonly string[],
  options: DockerfileCommandOptions,
  platformRoots: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const { planned, exitCode } = await planPlatforms(platformRoots, (root) =>
    planStage(files, { ...options, root }, terminal),
  );
  const stages = planned.map(({ plan, inputs: { contextFiles } }) => ({ plan, contextFiles }));
  const lines = writers.dockerfileForPlatforms(stages, writerOptions(options));
  await writeReport(lines, options, terminal);
  await writeManifest(planned, options, terminal);
  return exitCode;
}

/** Plans a stage and prints the notes about it. */
async function planStage(
  files: readonly string[],
  options: DockerfileCommandOptions,
  terminal: Terminal,
): Promise<PlannedRequest> {
  const { baseRoot, parents } = options;
  const isOnBase = options.base !== undefined && options.base !== 'scratch';
  const limits = { maxUnpacked: maxUnpacked(options) };
  const root = baseRoot === undefined ? undefined : await openRoot(baseRoot, limits);
  const layout = parents ? 'parents' : 'flat';
  const base = isOnBase ? { root } : undefined;
  const planned = await planRequest(files, options, layout, terminal, base);
  const { plan, trace, inputs } = planned;
  const advice =
    root === undefined ? adviceOnBase(options.base ?? 'scratch', trace.closures) : undefined;
  // The base's own C library and loader would be replaced, or mixed with others.
  if (advice !== undefined && !options.copyOnly)
    throw new ElfdepsError('PLAN_INCOMPLETE', advice, {
      hint: '--copy-only still prints the COPY lines',
    });
  if (options.quiet) return planned;
  printNotes(
    [
      ...(options.verbose && !parents ? linkNotes(plan) : []),
      ...contextNotes(inputs.contextFiles),
      ...(advice === undefined ? [] : [advice]),
    ],
    terminal,
  );
  return planned;
}

function writerOptions(options: DockerfileCommandOptions) {
  return {
    from: options.from ?? 'build',
    base: options.base ?? 'scratch',
    copyOnly: options.copyOnly ?? false,
    parents: options.parents ?? false,
  };
}

/** Throws {@link UsageError} for options that contradict each other, and for names of no image. */
function requireCompatible(options: DockerfileCommandOptions): void {
  const { from, base, baseRoot, copyOnly, parents, platformRoot, root } = options;
  requireSource('--from', from);
  requireSource('--base', base, { withVariables: true });
  if (baseRoot !== undefined && (base === undefined || base === 'scratch'))
    throw new UsageError('--base-root needs --base');
  if (parents && base !== undefined && base !== 'scratch')
    throw new UsageError('--parents works on scratch only', {
      hint: 'on another base, its links could take the place of directories',
    });
  if (platformRoot === undefined) return;
  const other =
    root !== undefined ? '--root' : baseRoot !== undefined ? '--base-root' : '--copy-only';
  if (root !== undefined || baseRoot !== undefined || copyOnly)
    throw new UsageError(`--platform-root and ${other} cannot be used together`);
}
