/**
 * How the image that is the root starts: its variables, working directory, user and command, with the
 * options in place of single values.
 */
import { UsageError } from '../errors.js';
import type { Root } from '../root/root.js';
import { type ImageOptions, type ImageStart, imageStart } from './image-options.js';
import type { SharedOptions } from './options.js';

/** Options that decide about the search; those of images are absent for reports. */
export type SearchOptions = SharedOptions &
  Partial<Pick<ImageOptions, 'env' | 'workdir' | 'entrypoint' | 'cmd'>>;

/** Throws {@link UsageError} where no file is named and no root either, whose command could be meant. */
export function requireFiles(files: readonly string[], { root }: SearchOptions): void {
  if (files.length === 0 && root === undefined) throw new UsageError('no file given');
}

/** The variables that a program of the image starts with; none where the root is no image. */
export function environmentOf(
  root: Root,
  options: SearchOptions,
): Readonly<Record<string, string>> {
  return { ...root.image?.environment, ...imageStart(options).environment };
}

/** Who starts the programs of the image, and with which variables: what needs at run time depend on. */
export function startOf(root: Root, options: SearchOptions) {
  return { environment: environmentOf(root, options), user: options.user ?? root.image?.user };
}

/** The directory that a program of the image starts in. */
export function workdirOf(root: Root, { workdir }: SearchOptions): string {
  return workdir ?? root.image?.workdir ?? '/';
}

/** The image's way to start, and the options in place of its single values. */
export function startIn(root: Root, options: ImageOptions, usesCommand: boolean): ImageStart {
  const given = imageStart(options);
  const { image } = root;
  if (image === undefined) return given;
  return {
    ...given,
    ...(usesCommand ? commandOf(root, given) : {}),
    ...startOf(root, options),
    workdir: given.workdir ?? image.workdir,
    labels: { ...image.labels, ...given.labels },
  };
}

/**
 * The words that the image starts with. As an engine has it: another entrypoint takes the image's default
 * arguments away.
 */
export function commandOf(root: Root, { entrypoint, command }: ImageStart) {
  return {
    entrypoint: entrypoint ?? root.image?.entrypoint ?? [],
    command: command ?? (entrypoint === undefined ? (root.image?.command ?? []) : []),
  };
}
