/**
 * One line of strace, taken apart: the process, and the call with its arguments and result. Knows the
 * options that change a line: -f, -y, -yy, -t, -r, -i, -n, -T. What the calls mean is strace-log.ts's.
 * Source: strace(1), and the output of strace 5 and 6.
 */

/** The parts of a line; `text` is what stands behind the process and the times. */
export interface StraceLine {
  /** The ID of the process, in digits; empty where the line has none. */
  readonly task: string;
  readonly text: string;
}

/** A file descriptor or AT_FDCWD, with the path that -y shows behind it. */
export interface Descriptor {
  /** The number in digits, or `AT_FDCWD`. */
  readonly number: string;
  readonly path?: string;
}

const PROCESS = /^(?:\[pid +(\d{1,10})(?:<[^<>]{0,64}>)?\]|(\d{1,10})(?:<[^<>]{0,64}>)?(?= )) */;
/** A clock, seconds since 1970, or seconds since the last line; a pointer of -i; a number of -n. */
const BEFORE =
  /^ *(?:\d\d:\d\d:\d\d(?:\.\d{1,9})? |\d{1,12}\.\d{1,9} |\[[0-9a-f?]{8,16}\] |\[ {0,3}\d{1,4}\] )/;

/** Takes the process and the times away; every text has these parts, be they empty. */
export function splitStraceLine(line: string): StraceLine {
  const match = PROCESS.exec(line);
  let text = match === null ? line : line.slice(match[0].length);
  for (let count = 0; count < 4; count++) {
    const before = BEFORE.exec(text);
    if (before === null) break;
    text = text.slice(before[0].length);
  }
  return { task: match?.[1] ?? match?.[2] ?? '', text: text.trimStart() };
}

/** Reads the arguments of a call from left to right. */
export class StraceArguments {
  readonly #text: string;
  #at: number;

  /** `at` is where the first argument begins. */
  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  /** The string that comes next; undefined where none does, or where it is cut short. */
  string(): string | undefined {
    const match = this.#match(/"((?:[^"\\]|\\[\s\S])*)"(?!\.\.\.)/y);
    return match === undefined ? undefined : unescapeText(match[1] as string);
  }

  /** The descriptor that comes next; undefined where none does. */
  descriptor(): Descriptor | undefined {
    const match = this.#match(/(AT_FDCWD|-?\d{1,10})(?:<([^<>]*)(?:<[^<>]*>)?>)?(?:\(deleted\))?/y);
    if (match === undefined) return undefined;
    return { number: match[1] as string, path: shownPath(match[2]) };
  }

  /** Words in capitals between bars, also those of a structure's field `flags`. */
  flags(): ReadonlySet<string> {
    const match = this.#match(/(?:\{flags=)?([A-Z0-9_|x]+)/y);
    return new Set(match?.[1]?.split('|'));
  }

  /** What stands behind the arguments. */
  rest(): string {
    return this.#text.slice(this.#at);
  }

  /** Steps over what matches, and the comma behind it. */
  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    if (this.#text.startsWith(', ', this.#at)) this.#at += 2;
    return match;
  }
}

/** The path of `</a/b>`; undefined for sockets, pipes and what else has no path. */
export function shownPath(text: string | undefined): string | undefined {
  return text?.startsWith('/') ? unescapeText(text) : undefined;
}

const ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, v: 11, f: 12 };

/** Text as strace escapes it: C's escapes, bytes as octal or hexadecimal numbers. */
function unescapeText(text: string): string {
  if (!text.includes('\\')) return text;
  const bytes: Buffer[] = [];
  let at = 0;
  for (const match of text.matchAll(/\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|([\s\S]))/g)) {
    bytes.push(Buffer.from(text.slice(at, match.index)));
    at = match.index + match[0].length;
    const [, hex, octal, sign = ''] = match;
    if (hex !== undefined) bytes.push(Buffer.from([Number.parseInt(hex, 16)]));
    else if (octal !== undefined) bytes.push(Buffer.from([Number.parseInt(octal, 8) & 0xff]));
    else bytes.push(sign in ESCAPES ? Buffer.from([ESCAPES[sign] as number]) : Buffer.from(sign));
  }
  bytes.push(Buffer.from(text.slice(at)));
  return Buffer.concat(bytes).toString('utf8');
}
