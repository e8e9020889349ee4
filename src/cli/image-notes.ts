/**
 * Notes about an image that depend on what the user typed: where programs are, what was added for their
 * needs, and what a tree or a tar cannot keep. Notes of the plan itself are made with the plan.
 */
import nodePath from 'node:path';
import type { PlannedPrograms } from '../api/plan-programs.js';
import type { Trace } from '../closure/trace.js';
import { listed } from '../errors.js';
import type { RootFiles } from '../files/root-files.js';
import type { ImagePlan } from '../image/image-plan.js';
import { leftOutByCopy } from '../image/need-entries.js';
import type { PlanOptions } from '../image/plan-image.js';
import { addsNothing, isBesideLikely, kindOf } from '../needs/detect-needs.js';
import { filesBelow } from '../needs/files-below.js';
import type { RuntimeNeed } from '../needs/need.js';
import { askedPackages } from '../packages/find-packages.js';
import { needDetectors } from '../registry/needs.js';
import { formatPackageNotes } from '../report/notes.js';
import { formatBytes } from '../report/style.js';
import type { Root } from '../root/root.js';
import type { ImageOptions } from './image-options.js';
import type { Inputs } from './inputs.js';
import { openedNotes } from './opened-logs.js';
import { nameList } from './runtime-needs.js';

/** Programs that were named by a relative path keep their absolute one in the image. */
export function placeNotes({ root, programs, names, destinations }: Inputs): string[] {
  if (!root.isHost) return [];
  return programs.flatMap((path) => {
    const name = names.get(path) ?? path;
    if (name.startsWith('/') || name === '-' || destinations.has(path)) return [];
    const short = `/${nodePath.posix.basename(name)}`;
    return path === short ? [] : [`${name} is ${path} in the image (${name}:${short} moves it)`];
  });
}

/** Of several programs, which one the image starts, unless the user chose it. */
export function entrypointNotes(
  { programs }: Inputs,
  { entrypoint: [first] }: ImagePlan,
  options: ImageOptions,
): string[] {
  if (programs.length < 2 || first === undefined || options.entrypoint !== undefined) return [];
  return [`${programs.length} programs: the image starts ${first}`];
}

/** What was added for needs at run time, what may be added, and what --with did not add. */
export function needNotes(
  { trace, chosen, suggested, opened, plan }: PlannedPrograms,
  options: ImageOptions,
  layout: PlanOptions['layout'],
): string[] {
  const leftOut = (need: RuntimeNeed) =>
    layout === 'links' ? undefined : leftOutByCopy(need, trace.root);
  const { verbose = false } = options;
  const adding = suggested.filter((need) => !addsNothing(need));
  const worthy = adding.filter(({ confidence }) => verbose || confidence === 'likely');
  const added = chosen.filter((need) => !addsNothing(need));
  const packages = askedPackages(trace.files);
  return [
    ...facts([...chosen, ...suggested], verbose),
    ...(verbose
      ? needReasons(added, worthy, leftOut)
      : needSummary(
          added.filter((need) => leftOut(need) === undefined),
          worthy,
        )),
    ...largeTrees(trace.files, chosen, plan),
    ...openedNotes(opened, verbose),
    ...askedInVain(chosen, options),
    ...(packages === undefined ? [] : formatPackageNotes(packages)),
  ];
}

/** Bytes from which on a directory of modules is told; the library of a language has mostly less. */
const LARGE_TREE = 64_000_000;

/** Large directories that came for an interpreter: more may be there than the program needs. */
function largeTrees(files: RootFiles, chosen: readonly RuntimeNeed[], plan: ImagePlan): string[] {
  const paths = chosen.flatMap((need) => (need.kind === 'modules' ? need.files : []));
  return [...new Set(paths)].flatMap((path) => {
    const file = files.resolve(path);
    const bytes = file.found ? bytesFrom(files, file.path, plan) : 0;
    if (bytes < LARGE_TREE) return [];
    return `modules: ${formatBytes(bytes)} are from ${path} (--exclude leaves parts of it out)`;
  });
}

/** Bytes of an image that come from a directory. */
function bytesFrom(files: RootFiles, directory: string, { entries }: ImagePlan): number {
  let bytes = 0;
  for (const entry of entries) {
    if (entry.kind !== 'file' && entry.kind !== 'tree') continue;
    if (entry.source !== directory && !entry.source.startsWith(`${directory}/`)) continue;
    if (entry.kind === 'file') bytes += entry.size;
    else for (const below of filesBelow(files, entry.source)) bytes += below.entry.size;
  }
  return bytes;
}

/** The kinds that no image gets anything for; another need may have nothing left to add. */
const TOLD: ReadonlySet<string> = new Set(
  needDetectors.filter(({ isOnlyTold }) => isOnlyTold).map(({ kind }) => kind),
);

/** Needs that no option can satisfy. Without --verbose, only those that are sure. */
function facts(needs: readonly RuntimeNeed[], verbose: boolean): string[] {
  return needs
    .filter(({ kind, confidence }) => TOLD.has(kind) && (verbose || confidence === 'sure'))
    .map(({ because }) => because);
}

/** One line for each need, with its evidence. */
function needReasons(
  added: readonly RuntimeNeed[],
  worthy: readonly RuntimeNeed[],
  leftOut: (need: RuntimeNeed) => string | undefined,
): string[] {
  const isLarge = isBesideLikely(worthy, needDetectors);
  return [
    ...added.map((need) => {
      const why = leftOut(need);
      const what = why === undefined ? 'added' : `not added (${why})`;
      return `${need.kind}: ${what}, ${need.because}`;
    }),
    ...worthy.map((need) => {
      const option = isLarge(need) ? `${need.kind}=all` : need.kind;
      return `${need.kind}: not added, ${need.because} (--with ${option})`;
    }),
  ];
}

/** Kinds that the user names by options of their own. */
const NAMED: ReadonlySet<string> = new Set(['include', 'package', 'opened']);

/** At most two lines for all needs. */
function needSummary(added: readonly RuntimeNeed[], worthy: readonly RuntimeNeed[]): string[] {
  const has = kindsOf(added.filter(({ kind }) => !NAMED.has(kind)));
  const mayNeed = kindsOf(worthy).slice(-MOST_SUGGESTED);
  const why = '--verbose tells why';
  const isLast = mayNeed.length === 0;
  // Part of a kind may be sure, and added.
  const partly = mayNeed.filter((kind) => has.includes(kind));
  const more = partly.length === 0 ? '' : `more ${listed(partly, 'and')}; `;
  return [
    ...(has.length === 0
      ? []
      : [
          `added ${listed(has, 'and')} (--without leaves ${has.length === 1 ? 'it' : 'them'} out${isLast ? `, ${why}` : ''})`,
        ]),
    ...(isLast ? [] : [`it may also need --with ${mayNeed.join(',')} (${more}${why})`]),
  ];
}

/** A longer list is no advice. Detectors tell last what is the program's own, so the first are left out. */
const MOST_SUGGESTED = 6;

function kindsOf(needs: readonly RuntimeNeed[]): string[] {
  return [...new Set(needs.map(({ kind }) => kind))];
}

/** The kinds of --with that the image gets nothing for. */
function askedInVain(chosen: readonly RuntimeNeed[], options: ImageOptions): string[] {
  return nameList(options.with)
    .filter((name) => name !== 'all' && !chosen.some((need) => need.kind === kindOf(name)))
    .map(
      (kind) =>
        `--with ${kind}: adds nothing: no program asks for it, or the root does not have it`,
    );
}

/** What a tree or a tar cannot keep: the environment to set, and options of configurations. */
export function configurationNotes(
  { environment }: ImagePlan,
  options: ImageOptions,
  what: 'a tree' | 'a tar',
  root: Root,
): string[] {
  const names = (['entrypoint', 'cmd', 'workdir', 'label'] as const).filter(
    (name) => options[name] !== undefined,
  );
  return [
    ...Object.entries(environment)
      .filter(([name, value]) => isNews(name, value, root))
      .map(
        ([name, value]) => `${name}=${value}: ${what} has no environment, set it for the program`,
      ),
    ...names.map((name) => `--${name}: only images and Dockerfiles keep it, ${what} cannot`),
  ];
}

/** What every container has in /dev. Source: OCI Runtime Specification, Default Devices and Dev symbolic links. */
const DEVICES = [
  ...['null', 'zero', 'full', 'random', 'urandom', 'tty', 'ptmx', 'shm', 'fd'],
  ...['stdin', 'stdout', 'stderr'],
].map((name) => `/dev/${name}`);

/** Devices that programs open: a container has them, a tree in a chroot does not. */
export function deviceNotes({ closures, files, programs }: Trace, tree: string): string[] {
  const named = closures.filter(({ program }) => programs.includes(program.path));
  const opened = new Set(
    named.flatMap(({ program, objects: [object] }) => {
      const text = program.kind === 'script' ? (files.readText(program.realPath) ?? '') : undefined;
      if (text !== undefined) return DEVICES.filter((path) => text.includes(path));
      return object === undefined ? [] : [...files.texts.among(object, DEVICES)];
    }),
  );
  if (opened.size === 0) return [];
  const it = opened.size === 1 ? 'it' : 'them';
  return [
    `${listed([...opened].sort(), 'and')}: containers have ${it}; for chroot, mount /dev at ${tree}/dev`,
  ];
}

/** Whether a variable is not just one that the image had, and that the search does without. */
function isNews(name: string, value: string, { image }: Root): boolean {
  return name.startsWith('LD_') || image?.environment[name] !== value;
}
