/**
 * From one image to the smallest that still does the same job: finds what it starts and what is its
 * application, plans an image of both with what they need, and checks the plan against the image.
 */

import { planTrace } from '../api/plan-programs.js';
import { traceDependencies } from '../api/trace-dependencies.js';
import type { Trace } from '../closure/trace.js';
import { UsageError } from '../errors.js';
import { RootFiles } from '../files/root-files.js';
import type { ImagePlan } from '../image/image-plan.js';
import type { StartCommand } from '../needs/start-command.js';
import type { PlannedImage } from '../output/image-archive.js';
import type { ManifestImage } from '../report/manifest.js';
import { accountsOf, isCalled } from '../root/accounts.js';
import type { OpenedImage } from '../root/open-root.js';
import type { ImageConfiguration } from '../root/root.js';
import { type Application, findApplication } from '../slim/application.js';
import { namedByConfiguration } from '../slim/configuration.js';
import { type KeptPaths, PathPatterns } from '../slim/kept-paths.js';
import { LayerHistory } from '../slim/layer-history.js';
import { PackageOwners } from '../slim/package-owner.js';
import { packagePaths } from '../slim/package-paths.js';
import { applicationNeed, readHealthCheck } from '../slim/slim-programs.js';
import { type SlimNote, type SlimResult, sumUp } from '../slim/slim-result.js';
import { requireStart } from './entrypoint.js';
import type { ImageOptions } from './image-options.js';
import { startIn } from './image-start.js';
import { needChoice } from './runtime-needs.js';
import {
  baseNotes,
  contentNotes,
  droppedNotes,
  planNotes,
  withoutBaseNames,
} from './slim-notes.js';
import { newFindings, requireStarting } from './slim-proof.js';
import { startOfImage } from './start-of-image.js';

/** The options of an image command that slim has too, and those that decide what is kept. */
export interface SlimOptions
  extends Pick<
    ImageOptions,
    | 'with'
    | 'without'
    | 'allowIncomplete'
    | 'manifest'
    | 'maxUnpacked'
    | 'quiet'
    | 'verbose'
    | 'color'
  > {
  readonly keep?: readonly string[];
  readonly drop?: readonly string[];
}

/** A slim image that can be written, and what was done. */
export interface SlimImage {
  readonly planned: PlannedImage;
  readonly manifest: ManifestImage;
  readonly result: SlimResult;
}

/**
 * Plans one platform. `companions` are what was stored about the image. Throws {@link UsageError} where
 * it is not known what the image starts, and PLAN_INCOMPLETE where that would not start in the result.
 */
export function slimImage(
  opened: OpenedImage,
  options: SlimOptions,
  companions: readonly string[],
  reference: string | undefined,
): SlimImage {
  const { root, annotations } = opened;
  const image = root.image;
  if (image === undefined)
    throw new UsageError('the image has no configuration', { path: root.name });
  const files = new RootFiles(root);
  const owners = new PackageOwners(files);
  const history = new LayerHistory(root, owners.kind, annotations);
  const workdir = files.resolve(image.workdir ?? '/');
  const [keep, drop] = [
    new PathPatterns('--keep', options.keep),
    new PathPatterns('--drop', options.drop),
  ];
  const application = findApplication({
    files,
    owners,
    history,
    workdir: workdir.found ? workdir.path : '/',
    directories: namedDirectories(image, files),
    keep,
    drop,
  });
  const healthCheck = readHealthCheck(image, files);
  const start = startCommand(files, options, application);
  const programs = [...new Set([...start.programs, ...(healthCheck?.start?.programs ?? [])])];
  const { kept } = application;
  for (const path of packagePaths(files, owners, programs)) kept.add(path, 'package');
  for (const path of namedByConfiguration(files, owners, kept.paths(), application.all))
    keepWhole(files, path, kept, drop);
  const trace = traceImage(opened, files, programs);
  const { LD_LIBRARY_PATH: libraryPath } = image.environment;
  const named = [...start.files, ...(healthCheck?.start?.files ?? [])];
  const planned = planTrace(trace, {
    ...startIn(root, options, true),
    ...needChoice(trace, options),
    likely: true,
    labels: withoutBaseNames(image.labels),
    started: named,
    given: [applicationNeed(files, image, mainProgram(trace, start), kept.paths(), programs)],
    kept: kept.reasons(),
    libraryPath,
    allowIncomplete: true,
  });
  const plan = { ...withoutDropped(planned.plan, drop), ...platformOf(image) };
  requireStarting(plan, new Set(programs), options);
  requireStart(plan, root, options);
  const findings = newFindings(planned.trace, plan, new Set(programs), options);
  const sums = sumUp(application, plan, history);
  const notes: SlimNote[] = [
    ...baseNotes(history, owners, files),
    ...droppedNotes(opened, companions),
    ...contentNotes(application, healthCheck, plan),
    ...planNotes(plan),
    ...findings.map((finding): SlimNote => ({ code: 'FINDING', finding })),
  ];
  if (sums.after.bytes >= sums.before.bytes) notes.push({ code: 'NOT_SMALLER' });
  return {
    planned: {
      plan,
      root,
      origin: { configuration: image.fields, annotations: withoutBaseNames(annotations) },
    },
    manifest: { plan, trace: planned.trace, chosen: planned.chosen },
    result: {
      image: root.name,
      platform: opened.platform ?? `${plan.platform.os}/${plan.platform.architecture}`,
      reference,
      base: history.base,
      ...sums,
      notes,
    },
  };
}

/** Keeps what configuration names, and all below it. */
function keepWhole(files: RootFiles, path: string, kept: KeptPaths, drop: PathPatterns): void {
  const entry = files.root.lstat(path);
  if (entry === undefined || drop.has(path)) return;
  kept.add(path, 'configuration');
  if (entry.kind !== 'directory') return;
  for (const name of files.namesIn(path)) keepWhole(files, `${path}/${name}`, kept, drop);
}

/** What the image starts; of an image without a command, the programs that --keep names. */
function startCommand(files: RootFiles, options: SlimOptions, { kept }: Application): StartCommand {
  const { root } = files;
  const { entrypoint, command } = root.image as ImageConfiguration;
  if (entrypoint.length + command.length > 0) return startOfImage(files, options);
  const programs = (options.keep ?? []).filter(
    (path) => kept.has(path) && files.elfAt(path) !== undefined,
  );
  if (programs.length > 0) return { programs, files: [] };
  throw new UsageError('the image has no entry point and no command', {
    path: root.name,
    hint: '--keep PATH names the program that is started in it',
  });
}

/**
 * The program that opens the application's libraries: the last that is started, as wrappers and shells
 * come first. A script opens none, so what runs it is meant.
 */
function mainProgram({ closures }: Trace, { programs }: StartCommand): string {
  const lasts = [...programs].reverse();
  const isExecutable = (path: string) =>
    closures.some(({ program }) => program.path === path && program.kind === 'executable');
  const executables = closures.filter(({ program }) => program.kind === 'executable');
  const found = lasts.find(isExecutable) ?? executables[0]?.program.path;
  return found ?? (programs[0] as string);
}

function traceImage({ root }: OpenedImage, files: RootFiles, programs: readonly string[]): Trace {
  const { environment, workdir = '/' } = root.image as ImageConfiguration;
  return traceDependencies(root, programs, {
    cwd: workdir,
    searchPath: environment.PATH,
    libraryPath: environment.LD_LIBRARY_PATH,
    preload: environment.LD_PRELOAD,
    audit: environment.LD_AUDIT,
    // The plan is proven with the user of the image.
    startedBy: 'trusted',
    // An image is for every CPU of its platform.
    hwcaps: 'none',
    files,
  });
}

/** Directories that the configuration names: volumes, and the home of the user. */
function namedDirectories(image: ImageConfiguration, files: RootFiles): string[] {
  const { Volumes: volumes } = (image.fields.config ?? {}) as { Volumes?: object };
  const [user = ''] = (image.user ?? 'root').split(':');
  const account = accountsOf(files.root).accounts.find((each) => isCalled(each, user));
  const home = account?.home;
  return [...Object.keys(volumes ?? {}), ...(home ? [home] : [])].flatMap((path) => {
    const found = files.resolve(path);
    return found.found && found.entry.kind === 'directory' ? [found.path] : [];
  });
}

/** The platform that the image says it is for; nothing where it does not say. */
function platformOf({ fields }: ImageConfiguration): Partial<Pick<ImagePlan, 'platform'>> {
  const { architecture, variant } = fields;
  if (typeof architecture !== 'string') return {};
  const isKnown = typeof variant === 'string' && variant !== '';
  return { platform: { os: 'linux', architecture, variant: isKnown ? variant : undefined } };
}

/** The plan without what --drop names, whatever brought it. The check of the result tells if it was needed. */
function withoutDropped(plan: ImagePlan, drop: PathPatterns): ImagePlan {
  const dropped = new Set(plan.entries.flatMap(({ path }) => (drop.has(path) ? [path] : [])));
  if (dropped.size === 0) return plan;
  const first = new Map<string, string>();
  const entries = plan.entries
    .filter(({ path }) => !dropped.has(path))
    .map((entry) => {
      if (entry.kind !== 'file' || entry.hardLinkTo === undefined) return entry;
      if (!dropped.has(entry.hardLinkTo)) return entry;
      // The first name of the file is gone, so the next one takes its place.
      const before = first.get(entry.hardLinkTo);
      first.set(entry.hardLinkTo, before ?? entry.path);
      return { ...entry, hardLinkTo: before };
    });
  return { ...plan, entries };
}
