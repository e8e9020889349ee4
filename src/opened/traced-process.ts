/**
 * A process of a log: its working directory, its root, its program and the directories that it has open,
 * so that relative paths are known.
 */
import { componentsOf, pathFrom } from '../root/path-text.js';
import type { Descriptor } from './strace-line.js';

/** A directory as the process names it, or as the tracer sees it. */
export interface Directory {
  readonly path: string;
  readonly isReal: boolean;
}

/** One process; children get a copy. */
export interface Process {
  directory: Directory;
  chroot: string;
  program: string | undefined;
  /** Directories by descriptor; shared with other processes until one changes them. */
  descriptors: Map<string, Directory>;
  sharesDescriptors: boolean;
}

/** Descriptors that are remembered of one process. */
const MOST_DESCRIPTORS = 256;
/** The process that starts in `workdir`. */
export function firstProcess(workdir: string): Process {
  return {
    directory: { path: workdir, isReal: false },
    chroot: '',
    program: undefined,
    descriptors: new Map(),
    sharesDescriptors: false,
  };
}

/** A copy with the same descriptors, until one of the two changes them. */
export function childOf(parent: Process): Process {
  parent.sharesDescriptors = true;
  return { ...parent };
}

/** What relative paths start from. */
export const WORKDIR: Descriptor = { number: 'AT_FDCWD' };
/** Characters of a path; Linux takes 4096 bytes. */
const MOST_CHARACTERS = 1 << 12;

/** Where a path leads to that a process names; undefined where it starts from an unknown directory. */
export function placeOf(task: Process, text: string, from: Descriptor): Directory | undefined {
  if (text.startsWith('/')) return { path: shorten(text), isReal: false };
  const base = directoryAt(task, from);
  return base && { path: shorten(pathFrom(base.path, text)), isReal: base.isReal };
}

/** The path with single slashes; of one that no system takes, only the top. */
export function shorten(path: string): string {
  return path.length > MOST_CHARACTERS ? '/' : `/${componentsOf(path).join('/')}`;
}

/** The directory of a descriptor; undefined where it is not known. */
export function directoryAt(task: Process, { number, path }: Descriptor): Directory | undefined {
  if (path !== undefined) return { path, isReal: true };
  return number === WORKDIR.number ? task.directory : task.descriptors.get(number);
}

/** Notes the directory of a descriptor; of too many, nothing. */
export function remember(task: Process, descriptor: string, directory: Directory): void {
  if (task.descriptors.size >= MOST_DESCRIPTORS && !task.descriptors.has(descriptor)) return;
  if (task.sharesDescriptors) task.descriptors = new Map(task.descriptors);
  task.sharesDescriptors = false;
  task.descriptors.set(descriptor, directory);
}
