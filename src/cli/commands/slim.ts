/**
 * `elfdeps slim <image>`: an image into the smallest one that still does the same job.
 */

import type { Command } from 'commander';
import { UsageError } from '../../errors.js';
import type { ImageArchiveOptions } from '../../output/image-archive.js';
import { slimReports } from '../../registry/slim-reports.js';
import { writers } from '../../registry/writers.js';
import { shortName } from '../../root/archive/image-name.js';
import { type OpenedImages, openImages } from '../../root/open-root.js';
import { baseName } from '../../root/path-text.js';
import { choiceOf } from '../choices.js';
import type { Action } from '../command.js';
import { COMPLETE } from '../exit-code.js';
import { requireReference } from '../image-names.js';
import { requireManifestPlace, writeManifest } from '../manifest.js';
import { repeated } from '../options.js';
import { Progress } from '../progress.js';
import { chooseFormat } from '../report-options.js';
import { type SlimImage, type SlimOptions, slimImage } from '../slim-image.js';
import { sourceDate } from '../source-date.js';
import type { Terminal } from '../terminal.js';
import { maxUnpacked } from '../trace-request.js';
import { withWriteProgress } from '../write-progress.js';

interface SlimCommandOptions extends SlimOptions {
  readonly output?: string;
  readonly tag?: string;
  readonly layout?: string;
  readonly compression?: string;
  readonly force?: boolean;
  readonly format?: string;
  readonly dryRun?: boolean;
}

/** Declares the command. */
export function addSlim(program: Command, action: Action): void {
  program
    .command('slim')
    .description('write the smallest image that does the same job as another')
    .usage('[options] <image>')
    .argument(
      '<image...>',
      'a docker-save archive, an OCI layout (a directory or a tar), or - for standard input;' +
        ' IMAGE#NAME:TAG or IMAGE#OS/CPU chooses one',
    )
    .option('-o, --output <file>', 'the file to write (default: standard output)')
    .option('-t, --tag <name:tag>', 'the name of the result (default: NAME:TAG-slim)')
    .option(
      '--layout <name>',
      'layout: docker (for docker load) or oci (default: that of the image)',
    )
    .option('--compression <name>', 'compression of the layer: gzip, zstd or none (default: gzip)')
    .option('--force', 'replace a file that is there')
    .option(
      '--manifest <file>',
      'write every entry with its reason, evidence, owner and package, as JSON',
    )
    .option('--dry-run', 'only report, write no image')
    .option('-f, --format <name>', 'format of the report on standard error: text, json')
    .optionsGroup('What is kept:')
    .option('--keep <glob>', 'keep these files and directories too; may be repeated', repeated)
    .option('--drop <glob>', 'leave these out whatever needs them; may be repeated', repeated)
    .option('--with <needs>', 'add run-time needs that are only possible: names, or all')
    .option('--without <needs>', 'leave out run-time needs: nss, certs, ...; or all')
    .option('--allow-incomplete', 'go on although the result would not start')
    .option('--max-unpacked <size>', 'how much an archive may unpack to, such as 20GiB')
    .optionsGroup('What is printed:')
    .option('-q, --quiet', 'no report')
    .option('-v, --verbose', 'every package in the report')
    .option('--no-color', 'no colours (also: NO_COLOR, FORCE_COLOR)')
    .action(action(runSlim));
}

async function runSlim(
  paths: readonly string[],
  options: SlimCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const [path, ...more] = paths;
  if (path === undefined || more.length > 0) throw new UsageError('slim takes one image');
  const report = await chooseFormat(slimReports, { format: options.format });
  const { output = '-', dryRun = false, quiet = false, verbose = false } = options;
  if (output === '-' && !dryRun && terminal.isTerminal)
    throw new UsageError('standard output is a terminal', {
      hint: 'give -o FILE, or a pipe: docker save NAME | elfdeps slim - | docker load',
    });
  const settings = writeSettings(options, terminal);
  requireManifestPlace(options);
  const opened = await openWithProgress(path, options, terminal);
  const layout = settings.layout ?? layoutFor(opened);
  const reference = referenceFor(path, opened, options);
  const slim = opened.images.map((image) =>
    slimImage(image, options, opened.companions, reference),
  );
  if (!dryRun) {
    await write(slim, output, { ...settings, layout, reference }, options, terminal);
    await writeManifest(
      slim.map(({ manifest }) => manifest),
      options,
      terminal,
    );
    await terminal.written();
  }
  if (!quiet)
    terminal.err(
      report.format(
        slim.map(({ result }) => result),
        { verbose, columns: terminal.errColumns() },
      ),
    );
  return COMPLETE;
}

/** Wrong values are told before anything is read. */
function writeSettings(options: SlimCommandOptions, terminal: Terminal) {
  const { layout, compression = 'gzip', tag, force = false } = options;
  if (tag !== undefined) requireReference(tag);
  return {
    layout: layout === undefined ? undefined : choiceOf('layout', layout),
    compression: choiceOf('compression', compression),
    force,
    modified: sourceDate(terminal),
  };
}

async function openWithProgress(
  path: string,
  options: SlimCommandOptions,
  terminal: Terminal,
): Promise<OpenedImages> {
  const progress = new Progress(terminal, options.quiet);
  try {
    return await openImages(path, {
      onProgress: (done, total, what) => progress.show(done, total, what, 'bytes'),
      maxUnpacked: maxUnpacked(options),
    });
  } finally {
    progress.end();
  }
}

/** That of the image, unless it cannot hold what there is to write. */
function layoutFor({ layout, images }: OpenedImages): ImageArchiveOptions['layout'] {
  return images.length > 1 ? 'oci' : layout;
}

/** `-t`, or the first name of the image with `-slim` behind its tag; undefined for one without a name. */
function referenceFor(
  path: string,
  { images }: OpenedImages,
  { tag }: SlimCommandOptions,
): string | undefined {
  if (tag !== undefined) return requireReference(tag);
  const names = images[0]?.names ?? [];
  const full = names.find((name) => /:[^/]+$/.test(name));
  const [first] = names;
  if (first === undefined) return undefined;
  // An OCI layout may name the tag alone.
  const name = full ?? `${baseName(path.replace(/\/+$/, '')).replace(/[^a-z0-9]+/g, '-')}:${first}`;
  return `${shortName(name)}-slim`.replace(/@sha256:[0-9a-f]+/, '');
}

async function write(
  slim: readonly SlimImage[],
  output: string,
  settings: Omit<ImageArchiveOptions, 'signal' | 'onBytes'>,
  options: SlimCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const images = slim.map(({ planned }) => planned);
  const plans = images.map(({ plan }) => plan);
  const destination = output === '-' ? 'standard output' : output;
  await withWriteProgress(plans, destination, options, terminal, (onBytes) => {
    const about = { ...settings, signal: terminal.interruption(), onBytes };
    return output === '-'
      ? writers.imageTo(images, (bytes) => terminal.outBytes(bytes), about)
      : writers.image(images, output, about);
  });
}
