/**
 * `elfdeps image <file...> -o <file>`: an image archive, made without Docker.
 */

import type { Command } from 'commander';
import { UsageError } from '../../errors.js';
import { writers } from '../../registry/writers.js';
import { choiceOf } from '../choices.js';
import type { Action } from '../command.js';
import { requireReference } from '../image-names.js';
import { addImageOptions, type ImageOptions } from '../image-options.js';
import { requireManifestPlace, writeManifest } from '../manifest.js';
import { printNotes } from '../messages.js';
import { type PlannedRequest, planRequest } from '../plan-request.js';
import { addPlatformRootOption, planPlatforms } from '../platform-roots.js';
import { sourceDate } from '../source-date.js';
import type { Terminal } from '../terminal.js';
import { reportWritten, withWriteProgress } from '../write-progress.js';

interface ImageCommandOptions extends ImageOptions {
  readonly output?: string;
  readonly layout?: string;
  readonly tag?: string;
  readonly compression?: string;
  readonly force?: boolean;
  readonly platformRoot?: readonly string[];
}

/** Declares the command. */
export function addImage(program: Command, action: Action): void {
  const image = program
    .command('image')
    .description('write an image archive for docker load, skopeo and the like')
    .usage('[options] <file...>')
    .argument('[file...]', 'FILE or FILE:DEST; without one, what the image in --root starts')
    .requiredOption('-o, --output <file>', 'the file to write')
    .option('--layout <name>', 'layout: docker (for docker load) or oci (default: docker)')
    .option('-t, --tag <name:tag>', 'the name of the image')
    .option('--compression <name>', 'compression of the layer: gzip, zstd or none (default: gzip)')
    .option('--force', 'replace a file that is there')
    .action(action(runImage));
  addPlatformRootOption(image);
  addImageOptions(image);
}

async function runImage(
  files: readonly string[],
  options: ImageCommandOptions,
  terminal: Terminal,
): Promise<number> {
  if (!options.output) throw new UsageError('image needs -o <file>');
  const layout = choiceOf('layout', options.layout ?? 'docker');
  const compression = choiceOf('compression', options.compression ?? 'gzip');
  const reference = options.tag === undefined ? undefined : requireReference(options.tag);
  requireManifestPlace(options);
  const modified = sourceDate(terminal);
  const { platformRoot, root } = options;
  if (platformRoot !== undefined && root !== undefined)
    throw new UsageError('--platform-root and --root cannot be used together');
  const planIn = (directory: string | undefined) =>
    planRequest(files, { ...options, root: directory }, 'links', terminal);
  // Without the option there is one platform, that of the programs.
  const { planned, exitCode } =
    platformRoot === undefined
      ? await planOne(planIn(root))
      : await planPlatforms(platformRoot, planIn);
  const images = planned.map(({ plan, trace }) => ({ plan, root: trace.root }));
  const { output, force = false } = options;
  const plans = images.map(({ plan }) => plan);
  await withWriteProgress(plans, output, options, terminal, (onBytes) =>
    writers.image(images, output, {
      layout,
      compression,
      reference,
      force,
      modified,
      signal: terminal.interruption(),
      onBytes,
    }),
  );
  if (reference === undefined && !options.quiet && images.some(({ root: { image } }) => image))
    printNotes(
      ['the image has no name, since that of the root is not kept (-t NAME:TAG names it)'],
      terminal,
    );
  await writeManifest(planned, options, terminal);
  await terminal.written();
  for (const { plan, trace } of planned) {
    const { os, architecture } = plan.platform;
    const name = platformRoot === undefined ? output : `${output} (${os}/${architecture})`;
    reportWritten(plan, trace.root, name, options, terminal);
  }
  return exitCode;
}

async function planOne(planning: Promise<PlannedRequest>) {
  const planned = await planning;
  return { planned: [planned], exitCode: planned.exitCode };
}
