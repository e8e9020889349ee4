/**
 * What a minimal image holds, as plain data: decided here, written by src/output in whatever form.
 */
import type { RealPath } from '../root/root.js';
import type { ImageNote } from './image-note.js';

/** Numbers of the user and group that own an entry; root's without them. */
export interface PlannedOwner {
  readonly uid?: number;
  readonly gid?: number;
}

/** A directory; `mode` as in the source root. */
export interface PlannedDirectory extends PlannedOwner {
  readonly kind: 'directory';
  readonly path: string;
  readonly mode: number;
}

/** A file with the bytes of `source` in the root that was traced. */
export interface PlannedFile extends PlannedOwner {
  readonly kind: 'file';
  readonly path: string;
  readonly source: RealPath;
  /** A path in that root that leads to `source`, by links or not, with the name the file has here. */
  readonly openedAs: string;
  /** Permission bits. */
  readonly mode: number;
  /** Bytes. */
  readonly size: number;
  /** The value of the attribute security.capability, on programs that have one. */
  readonly capability?: Uint8Array;
  /** The path of an earlier entry that is the same file: a hard link to it. */
  readonly hardLinkTo?: string;
  /** Why it is there: `program`, `interpreter`, `library`, `preload` or `configuration`. */
  readonly because: string;
}

/** A symbolic link, its text as in the source root. */
export interface PlannedLink {
  readonly kind: 'symlink';
  readonly path: string;
  readonly target: string;
}

/** A small file that elfdeps makes, such as an ld.so.cache. */
export interface PlannedText {
  readonly kind: 'generated';
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly mode: number;
  readonly because: string;
}

/** A directory with all that is below it, as one COPY takes it; only in plans for COPY. */
export interface PlannedTree {
  readonly kind: 'tree';
  readonly path: string;
  readonly source: RealPath;
  readonly because: string;
}

/** What stands at one path of an image. */
export type PlanEntry = PlannedDirectory | PlannedFile | PlannedLink | PlannedText | PlannedTree;

/** As in the OCI image specification: Go's names of systems and CPUs. */
export interface Platform {
  readonly os: 'linux';
  readonly architecture: string;
  readonly variant?: string;
}

/** All that goes into an image, and how it is started: true for every writer, and proven. */
export interface ImagePlan {
  /** One entry a path, parents before what is in them, in byte order. */
  readonly entries: readonly PlanEntry[];
  readonly platform: Platform;
  /** Where the programs stand in the image, in the order in which they were named. */
  readonly programs: readonly string[];
  readonly entrypoint: readonly string[];
  /** The first arguments, which who starts the image may replace. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Who runs the program: a name or number, with `:GROUP` behind it or not. */
  readonly user?: string;
  /** Where the program starts; `/` without it. */
  readonly workdir?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What a user should know: a choice that was made, a thing that was left out. */
  readonly notes: readonly ImageNote[];
  /** Nothing is missing: false only where the user allowed that. */
  readonly complete: boolean;
}
