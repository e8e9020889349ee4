/**
 * What a log tells of the files that a run opened: the lines of strace, of LD_DEBUG=files, and of a list
 * of paths become events. No file is looked at here; opened-files.ts compares the events with a root.
 */

/** A path with the file that it led to, as strace -y shows both. */
export interface ShownPath {
  /** Absolute, as the process named it. */
  readonly path: string;
  /** Links followed, in the file system of the tracer, which may be outside of a chroot. */
  readonly real: string;
}

/** A file that a process opened or executed. */
export interface OpenedEvent {
  /** `loaded` is by the loader, as LD_DEBUG tells; `directory` with O_DIRECTORY. */
  readonly how: 'opened' | 'executed' | 'loaded' | 'directory';
  /** Absolute; `..` and links are in it as the process named them. */
  readonly path: string;
  /** Whether `path` is in the file system of the tracer, not of the process. */
  readonly isReal: boolean;
  /** Where the path led to, as in {@link ShownPath}; undefined where the log does not show it. */
  readonly real?: string;
  /** Of an executed file: what its process opened next, which tells where the process is. */
  readonly witness?: ShownPath;
  /** With O_CREAT, so that the run may have made it. */
  readonly creates: boolean;
  /**
   * What the file held before does not matter: `only` where it is created or opened for writing alone,
   * `anew` where the run created or emptied it, so that what is read later is the run's own. Undefined for
   * all others.
   */
  readonly writes?: 'only' | 'anew';
  /** The directory that the process had given to chroot(), where the log shows the call; else empty. */
  readonly chroot: string;
  /** The program that the process had executed, as it was named; undefined where the log begins later. */
  readonly program?: string;
}

/** What the lines of one or several logs tell. */
export interface OpenedLog {
  /** In the order of the lines, each once. */
  readonly events: readonly OpenedEvent[];
  /** Lines that are not empty. */
  readonly lines: number;
  /** How many of these were not understood. */
  readonly unreadable: number;
  /** Whether the log tells of every file; LD_DEBUG tells of libraries alone. */
  readonly tellsFiles: boolean;
}
