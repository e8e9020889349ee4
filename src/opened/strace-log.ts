/**
 * The calls of strace's lines into events: follows each process through fork(), chdir(), chroot() and
 * its descriptors, so that relative paths are known, and joins calls that other processes interrupted.
 * Source: open(2), execve(2), clone(2), strace(1).
 */

import type { OpenedEvent } from './opened-log.js';
import { type Descriptor, StraceArguments, shownPath, splitStraceLine } from './strace-line.js';
import {
  childOf,
  directoryAt,
  firstProcess,
  type Process,
  placeOf,
  remember,
  shorten,
  WORKDIR,
} from './traced-process.js';

type Report = (event: OpenedEvent) => void;

/** Processes that are remembered; of more, those that come later start anew. */
const MOST_PROCESSES = 1 << 16;
/** Characters of a call that is interrupted. */
const MOST_UNFINISHED = 1 << 16;

/** Reads line after line; `report` gets what they tell. */
export class StraceLog {
  readonly #report: Report;
  readonly #workdir: string;
  readonly #processes = new Map<string, Process>();
  readonly #unfinished = new Map<string, string>();
  /** The last execve() of a process, until a path is shown that tells where the process is. */
  readonly #executed = new Map<string, OpenedEvent>();
  /** The process whose fork() is interrupted, for a child that is seen first. */
  #forking: Process | undefined;

  /** `workdir` is where the first process starts. */
  constructor(workdir: string, report: Report) {
    this.#workdir = workdir;
    this.#report = report;
  }

  /** Whether the line is one of strace; `owner` is the process of a line that names none. */
  line(line: string, owner: string): boolean {
    const { task, text } = splitStraceLine(line);
    if (isMessage(text)) return true;
    const id = task || owner;
    const whole = this.#join(id, text);
    if (whole === undefined) return true;
    const name = /^([a-z_][a-z0-9_]{1,40})\(/.exec(whole)?.[1];
    if (name === undefined || !isCall(whole)) return false;
    this.#call(id, name, whole);
    return true;
  }

  /** Reports what still waits. */
  end(): void {
    for (const event of this.#executed.values()) this.#report(event);
    this.#executed.clear();
  }

  /** The whole call; undefined while a part of it is missing. */
  #join(id: string, text: string): string | undefined {
    const cut = text.indexOf('<unfinished ...>');
    if (cut >= 0) {
      const begin = text.slice(0, Math.min(cut, MOST_UNFINISHED)).trimEnd();
      if (this.#unfinished.size < MOST_PROCESSES) this.#unfinished.set(id, begin);
      if (isFork(begin)) this.#forking = this.#task(id);
      return undefined;
    }
    const resumed = /^<\.\.\. [a-z0-9_]{1,40} resumed> ?/.exec(text);
    if (resumed === null) return text;
    const begin = this.#unfinished.get(id);
    this.#unfinished.delete(id);
    // A log that begins later has the ends of calls alone.
    return begin === undefined ? undefined : begin + text.slice(resumed[0].length);
  }

  #task(id: string): Process {
    let task = this.#processes.get(id);
    if (task === undefined) {
      task = this.#forking === undefined ? firstProcess(this.#workdir) : childOf(this.#forking);
      if (this.#processes.size < MOST_PROCESSES) this.#processes.set(id, task);
    }
    return task;
  }

  #call(id: string, name: string, text: string): void {
    const given = new StraceArguments(text, name.length + 1);
    switch (name) {
      case 'open':
      case 'creat':
        this.#open(id, given, WORKDIR, name === 'creat');
        break;
      case 'openat':
      case 'openat2':
        this.#open(id, given, given.descriptor());
        break;
      case 'execve':
        this.#execute(id, given, WORKDIR);
        break;
      case 'execveat':
        this.#execute(id, given, given.descriptor());
        break;
      case 'chdir':
      case 'fchdir':
        this.#changeDirectory(id, given);
        break;
      case 'chroot':
        this.#changeRoot(id, given);
        break;
      case 'dup':
      case 'dup2':
      case 'dup3':
      case 'fcntl':
        this.#duplicate(id, given, text);
        break;
      default:
        if (isFork(text)) this.#fork(id, text);
    }
  }

  #open(id: string, given: StraceArguments, from: Descriptor | undefined, creates = false): void {
    const text = given.string();
    const flags = given.flags();
    const result = resultOf(given.rest());
    const task = this.#task(id);
    if (result === undefined || from === undefined || text === undefined) return;
    const place = placeOf(task, text, from);
    const real = shownPath(/^<([^<>]*)/.exec(result.behind)?.[1]);
    const shown = real === undefined ? undefined : { path: real, isReal: true };
    const named = place ?? shown;
    if (named === undefined) return;
    const isDirectory = flags.has('O_DIRECTORY') || flags.has('O_TMPFILE');
    const event: OpenedEvent = {
      how: isDirectory ? 'directory' : 'opened',
      ...named,
      real,
      creates: creates || flags.has('O_CREAT'),
      writes: creates ? 'anew' : writesOf(flags),
      chroot: task.chroot,
      program: task.program,
    };
    this.#settle(id, event);
    this.#report(event);
    remember(task, result.number, shown ?? named);
  }

  /** The process that ran execve() is where its next open() is, as -y shows. */
  #settle(id: string, { path, real, isReal }: OpenedEvent): void {
    const executed = this.#executed.get(id);
    if (executed === undefined || isReal || real === undefined) return;
    this.#executed.delete(id);
    this.#report({ ...executed, witness: { path, real } });
  }

  #execute(id: string, given: StraceArguments, from: Descriptor | undefined): void {
    const text = given.string();
    const task = this.#task(id);
    if (text === undefined || from === undefined) return;
    if (resultOf(lastPart(given.rest()))?.number !== '0') return;
    // With AT_EMPTY_PATH the descriptor itself is executed.
    const named = text === '' ? directoryAt(task, from) : placeOf(task, text, from);
    if (named === undefined) return;
    const waiting = this.#executed.get(id);
    if (waiting !== undefined) this.#report(waiting);
    task.program = named.path;
    const { chroot, program } = task;
    this.#executed.set(id, { how: 'executed', ...named, creates: false, chroot, program });
  }

  #changeDirectory(id: string, given: StraceArguments): void {
    const task = this.#task(id);
    const text = given.string();
    const from = text === undefined ? given.descriptor() : WORKDIR;
    if (from === undefined || resultOf(given.rest())?.number !== '0') return;
    const place = text === undefined ? directoryAt(task, from) : placeOf(task, text, from);
    task.directory = place ?? task.directory;
  }

  #changeRoot(id: string, given: StraceArguments): void {
    const text = given.string();
    if (text === undefined || resultOf(given.rest())?.number !== '0') return;
    const task = this.#task(id);
    const place = placeOf(task, text, WORKDIR);
    if (place === undefined) return;
    const top = place.path.replace(/\/+$/, '');
    task.chroot = place.isReal ? top : shorten(task.chroot + top);
    // A directory that was outside has no name in the new root.
    if (!task.directory.isReal) task.directory = { path: '/', isReal: false };
  }

  #duplicate(id: string, given: StraceArguments, text: string): void {
    const from = given.descriptor();
    if (from === undefined || (text.startsWith('fcntl') && !text.includes('F_DUPFD'))) return;
    const task = this.#task(id);
    const directory = directoryAt(task, from);
    const result = resultOf(lastPart(given.rest()));
    if (directory !== undefined && result !== undefined) remember(task, result.number, directory);
  }

  #fork(id: string, text: string): void {
    const parent = this.#task(id);
    if (this.#forking === parent) this.#forking = undefined;
    const child = /\)\s*= (\d{1,10})/.exec(lastPart(text))?.[1];
    if (child === undefined || this.#processes.has(child)) return;
    if (this.#processes.size < MOST_PROCESSES) this.#processes.set(child, childOf(parent));
  }
}

/** Without O_CREAT, an image needs the file, be it empty. Source: open(2). */
function writesOf(flags: ReadonlySet<string>): OpenedEvent['writes'] {
  if (!flags.has('O_CREAT')) return undefined;
  if (flags.has('O_TRUNC') || flags.has('O_EXCL')) return 'anew';
  return flags.has('O_WRONLY') ? 'only' : undefined;
}

interface Result {
  readonly number: string;
  readonly behind: string;
}

/** The result of a call that succeeded; undefined for all others. */
function resultOf(text: string): Result | undefined {
  const match = /\)\s*= (\d{1,10})(.*)$/s.exec(text);
  return match === null ? undefined : { number: match[1] as string, behind: match[2] as string };
}

/** From the bracket before the last ` = `: strings of arguments may have others. */
function lastPart(text: string): string {
  const equals = text.lastIndexOf(' = ');
  const bracket = equals < 0 ? -1 : text.lastIndexOf(')', equals);
  return bracket < 0 ? '' : text.slice(bracket);
}

function isCall(text: string): boolean {
  return /\)\s*= (?:-?\d|\?|0x)/.test(text);
}

function isFork(text: string): boolean {
  return /^(?:clone3?|v?fork)\(/.test(text);
}

/** Lines beside the calls: exits, signals, strace's own words. */
function isMessage(text: string): boolean {
  return /^(?:\+\+\+ |--- |strace: |Process \d+ (?:at|de)tached)/.test(text);
}
