/**
 * Logs into events, line by line: each line is one of strace, of LD_DEBUG or a path. Bounded whatever
 * the log has: what it tells twice is kept once, and long lines are not looked at.
 */
import type { OpenedEvent, OpenedLog } from './opened-log.js';
import { StraceLog } from './strace-log.js';

/** Different events that are kept. */
const MOST_EVENTS = 1 << 20;
/** Characters of a line: execve() with thousands of arguments, by `strace -v -s 65536`. */
const MOST_CHARACTERS = 1 << 20;

/** Takes pieces of logs, in bytes, one log after the other. */
export class LogReader {
  readonly #strace: StraceLog;
  readonly #events = new Map<string, OpenedEvent>();
  /** The process of lines that name none. */
  #owner = '';
  /** The begin of a line whose end is in the next piece. */
  #rest = '';
  #isTooLong = false;
  #decoder = new TextDecoder();
  #lines = 0;
  #unreadable = 0;
  #tellsFiles = false;

  /** `workdir` is where the first process of the logs starts. */
  constructor(workdir = '/') {
    this.#strace = new StraceLog(workdir, (event) => this.#keep(event));
  }

  /** Begins a log; of the name, strace -ff tells by its end which process it is about. */
  begin(name: string): void {
    this.#owner = /\.(\d{1,10})$/.exec(name)?.[1] ?? '';
    this.#decoder = new TextDecoder();
  }

  /** The next bytes of the log. */
  push(bytes: Uint8Array): void {
    this.#split(this.#decoder.decode(bytes, { stream: true }));
  }

  /** Ends a log; its last line may lack the newline. */
  end(): void {
    this.#split(`${this.#decoder.decode()}\n`);
    this.#strace.end();
  }

  /** What all logs tell. */
  result(): OpenedLog {
    return {
      events: [...this.#events.values()],
      lines: this.#lines,
      unreadable: this.#unreadable,
      tellsFiles: this.#tellsFiles,
    };
  }

  #split(text: string): void {
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#add(text.slice(from, end));
      this.#line();
      from = end + 1;
    }
    this.#add(text.slice(from));
  }

  #add(text: string): void {
    if (this.#rest.length + text.length > MOST_CHARACTERS) this.#isTooLong = true;
    else this.#rest += text;
  }

  #line(): void {
    const line = this.#rest.endsWith('\r') ? this.#rest.slice(0, -1) : this.#rest;
    if (line !== '' || this.#isTooLong) {
      this.#lines++;
      if (this.#isTooLong || !this.#read(line)) this.#unreadable++;
    }
    this.#rest = '';
    this.#isTooLong = false;
  }

  #read(line: string): boolean {
    if (line.startsWith('/')) return this.#path(line);
    if (/^ *\d{1,10}:\t/.test(line)) {
      this.#loader(line);
      return true;
    }
    const isCall = this.#strace.line(line, this.#owner);
    this.#tellsFiles ||= isCall;
    return isCall;
  }

  #path(path: string): boolean {
    if (path.includes('\0')) return false;
    this.#tellsFiles = true;
    this.#keep({ ...ALONE, how: 'opened', path });
    return true;
  }

  /**
   * A line of LD_DEBUG=files. The names of what is needed may be no paths, but the loader tells the path
   * when it calls the initializers. Source: glibc elf/dl-init.c (call_init), elf/dl-load.c.
   */
  #loader(line: string): void {
    const [, called, file, program] =
      /:\t(?:calling init: (\/.*)|file=(\/[^[]{0,4096}) \[\d+\]; {1,2}generating link map|initialize program: (\/.*))/.exec(
        line,
      ) ?? [];
    const path = called ?? file;
    if (path !== undefined) this.#keep({ ...ALONE, how: 'loaded', path });
    if (program !== undefined) this.#keep({ ...ALONE, how: 'executed', path: program });
  }

  #keep(event: OpenedEvent): void {
    if (this.#events.size >= MOST_EVENTS) return;
    const { how, path, real = '', isReal, creates, writes, chroot, program = '', witness } = event;
    const about = [how, path, real, isReal, creates, writes, chroot, program, witness?.real ?? ''];
    const key = about.join('\0');
    if (!this.#events.has(key)) this.#events.set(key, event);
  }
}

/** An event of a line that tells of no process. */
const ALONE = { isReal: false, creates: false, chroot: '' } as const;
