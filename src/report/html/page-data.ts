/**
 * What the HTML page knows: every file once, the needs between files, and what is to be said about each
 * program. It stands in the page as JSON; the page's script makes tables and pictures of it.
 */
import type { Severity } from '../../finding.js';

/** Everything that the page shows. Texts are printable; sizes are in bytes. */
export interface PageData {
  readonly root: string;
  /** Different files and their bytes, hard links counted once. */
  readonly total: PageCost;
  readonly programs: readonly PageProgram[];
  readonly files: readonly PageFile[];
  readonly needs: readonly PageNeed[];
  /** Why files that the user named could not be read. */
  readonly errors: readonly string[];
}

/** Files and bytes. */
export type PageCost = readonly [files: number, bytes: number];

/**
 * How a program does, the worst first. `fails`, `warns` and `runs` come from the checks; `incomplete` and
 * `complete` where nothing was checked.
 */
export const PAGE_STATES = ['fails', 'incomplete', 'warns', 'runs', 'complete'] as const;
export type PageState = (typeof PAGE_STATES)[number];

/** Whether a program in this state does not start. */
export function isBad(state: PageState): boolean {
  return state === 'fails' || state === 'incomplete';
}

/** A program that the user named. */
export interface PageProgram {
  /** As the user named it. */
  readonly name: string;
  /** Its place in {@link PageData.files}. */
  readonly file: number;
  readonly state: PageState;
  /** The state in words: `runs`, `does not load`. */
  readonly verdict: string;
  /** What kind of file it is, in a few words. */
  readonly kind: string;
  readonly total: PageCost;
  /** The oldest glibc that it runs with, such as `2.34`; absent where none is needed. */
  readonly glibc?: string;
  /** Places in {@link PageData.files}: everything that it loads or misses, itself included. */
  readonly loads: readonly number[];
  readonly findings: readonly PageFinding[];
  readonly runtime: readonly PageRuntimeNeed[];
  /** Facts about the search that no check reports. */
  readonly notes: readonly string[];
}

/** What `check` says. */
export interface PageFinding {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly seen?: string;
  readonly cause: string;
  readonly remedy: string;
  readonly consequences?: readonly string[];
  /** Places in {@link PageData.files} that it is about; empty where it is about the program alone. */
  readonly about: readonly number[];
}

/** Something that a program may open at run time. */
export interface PageRuntimeNeed {
  readonly kind: string;
  readonly confidence: string;
  readonly because: string;
}

/** A file, or a name without one. */
export interface PageFile {
  /** As people call it: the needed name; of a program, how the user named it. */
  readonly name: string;
  readonly role: 'program' | 'interpreter' | 'preload' | 'library' | 'missing' | 'excluded';
  /** As it is opened; absent when missing. */
  readonly path?: string;
  /** Where it is, if that is another path. */
  readonly realPath?: string;
  readonly size: number;
  /** What would go if nothing needed it any more, itself included. */
  readonly cost: PageCost;
  /** The place of the nearest file that every chain to it goes through; absent where there is none. */
  readonly holder?: number;
  /** The package that it belongs to; absent where no database tells. */
  readonly package?: string;
  /** The rule that found it; absent for programs and for what is missing. */
  readonly rule?: string;
  /** It is a part of the C library, which nearly every file needs. */
  readonly usual?: true;
  /** How each needed name that leads to it was looked for. */
  readonly searches: readonly PageSearch[];
}

/** The attempts to find one name. */
export interface PageSearch {
  readonly name: string;
  readonly tried: readonly PageAttempt[];
}

/** One path that was tried, the rule it comes from, and of which object. */
export type PageAttempt = readonly [path: string, outcome: string, rule: string, from?: string];

/** A need between two files, by their places; the kind is absent for DT_NEEDED. */
export type PageNeed = readonly [from: number, to: number, kind?: string];
