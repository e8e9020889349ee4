/**
 * Everything that stops elfdeps from going on, and the one place that words it.
 *
 * A fact about the analysed program (a missing library, say) is never thrown: it is data in the
 * closure. Wording: the subject (a path) first, a colon, the fact in lower case, expected against
 * actual, no full stop. Advice goes into `hint`.
 */

/** The stable names of what can be thrown, or reported in `errors` of the JSON format. */
export type ErrorCode =
  | 'NOT_ELF'
  | 'EMPTY_FILE'
  | 'ELF_TRUNCATED'
  | 'ELF_BAD_HEADER'
  | 'ELF_BAD_DYNAMIC'
  | 'FILE_NOT_FOUND'
  | 'NO_ELF_FILES'
  | 'FILE_UNREADABLE'
  | 'NOT_REGULAR_FILE'
  | 'ROOT_NOT_FOUND'
  | 'ROOT_UNSUPPORTED'
  | 'ROOT_SYMLINK_LOOP'
  | 'ARCHIVE_DAMAGED'
  | 'ARCHIVE_AMBIGUOUS'
  | 'LOADER_UNKNOWN'
  | 'USAGE'
  | 'OUTPUT_EXISTS'
  | 'OUTPUT_FAILED'
  | 'PLAN_CONFLICT'
  | 'PLAN_INCOMPLETE';

/** What an {@link ElfdepsError} may carry beside its code and its fact. */
export interface ErrorDetails {
  /** The file the error is about, as the user knows it. */
  readonly path?: string;
  /** What the user can do about it. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** The base of every error that elfdeps throws on purpose. `fact` is `message` without the path. */
export class ElfdepsError extends Error {
  static {
    // The built files have shorter names for classes, so each class says its own.
    ElfdepsError.prototype.name = 'ElfdepsError';
  }
  readonly code: ErrorCode;
  readonly fact: string;
  readonly path?: string;
  readonly hint?: string;

  constructor(code: ErrorCode, fact: string, details: ErrorDetails = {}) {
    super(
      details.path === undefined ? fact : `${details.path}: ${fact}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = code;
    this.fact = fact;
    if (details.path !== undefined) this.path = details.path;
    if (details.hint !== undefined) this.hint = details.hint;
  }
}

/** The codes of ELF files that are not whole; most are downloads or copies that ended early. */
const NOT_WHOLE: readonly ErrorCode[] = ['ELF_TRUNCATED', 'ELF_BAD_HEADER', 'ELF_BAD_DYNAMIC'];

/**
 * Bytes that are not the ELF file they claim to be. `offset` is where in the file, in bytes, the
 * offending field or the missing bytes are. The fact says first, for whoever does not know the
 * format, that the file is not whole.
 */
export class ElfFormatError extends ElfdepsError {
  static {
    ElfFormatError.prototype.name = 'ElfFormatError';
  }
  readonly offset: number;
  readonly #detail: string;

  constructor(code: ErrorCode, detail: string, offset: number, details: ErrorDetails = {}) {
    const isWhole = !NOT_WHOLE.includes(code);
    super(code, isWhole ? detail : `cut off or damaged: ${detail}`, details);
    this.offset = offset;
    this.#detail = detail;
  }

  /** The same error about a named file: the parser knows bytes, its caller knows the path. */
  at(path: string): ElfFormatError {
    return new ElfFormatError(this.code, this.#detail, this.offset, { path, cause: this });
  }
}

/** A root, or a file in it, that cannot be read. */
export class RootError extends ElfdepsError {
  static {
    RootError.prototype.name = 'RootError';
  }
}

/** An archive whose bytes are not what they should be, `offset` bytes from its start. */
export class ArchiveError extends RootError {
  static {
    ArchiveError.prototype.name = 'ArchiveError';
  }
  readonly offset: number;

  constructor(fact: string, offset: number, details: ErrorDetails = {}) {
    super('ARCHIVE_DAMAGED', `${fact} (at byte ${hex(offset)})`, details);
    this.offset = offset;
  }
}

/** Arguments that make no sense; the CLI exits with 2. */
export class UsageError extends ElfdepsError {
  static {
    UsageError.prototype.name = 'UsageError';
  }

  constructor(fact: string, details: ErrorDetails = {}) {
    super('USAGE', fact, details);
  }
}

/** Throws a TypeError that names an argument of the library, and what to pass, unless it is right. */
export function requireArgument(isRight: boolean, name: string, right: string): void {
  if (!isRight) throw new TypeError(`${name}: pass ${right}`);
}

/** An output that cannot be written, or that must not be replaced. */
export class OutputError extends ElfdepsError {
  static {
    OutputError.prototype.name = 'OutputError';
  }
}

/**
 * What kept `path` from being written, in words, with advice where the place is full. An error that
 * no system call gave is a mistake of ours and stays what it is.
 */
export function writeError(
  path: string,
  error: unknown,
  hint = 'make room there, or name another place',
): unknown {
  const code = errnoOf(error);
  if (error instanceof ElfdepsError || code === undefined) return error;
  return new OutputError('OUTPUT_FAILED', describeErrno(code), {
    path,
    cause: error,
    hint: NO_ROOM.has(code) ? hint : undefined,
  });
}

/** The place has no room: for these bytes, for this user, or for a file so large. */
const NO_ROOM: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** A plan that would not run: two files for one place, or a closure that does not resolve in it. */
export class PlanError extends ElfdepsError {
  static {
    PlanError.prototype.name = 'PlanError';
  }
  /** What helps; undefined where two files want one place. */
  readonly advice?: PlanAdvice;

  constructor(
    code: ErrorCode,
    fact: string,
    { advice, ...details }: ErrorDetails & { readonly advice?: PlanAdvice } = {},
  ) {
    super(code, fact, details);
    if (advice !== undefined) this.advice = advice;
  }
}

/** What helps where an image would not run, for a caller that knows its own commands and options. */
export type PlanAdvice =
  /** The root lacks files; the report on `program`, a path of the trace, tells where they were looked for. */
  | { readonly code: 'SHOW_SEARCH'; readonly program: string }
  /** The image has every file, and `program` does not start there; the check of it tells why. */
  | { readonly code: 'CHECK'; readonly program: string }
  /** A command to run in the root, after which its loader finds what it loses in secure-execution mode. */
  | { readonly code: 'RUN_IN_ROOT'; readonly command: string }
  /** Needed names lead from the working directory, which the image shall have too. */
  | { readonly code: 'SET_WORKDIR'; readonly workdir: string }
  /** The programs find their libraries from the paths that they have in the root. */
  | { readonly code: 'KEEP_PATHS' }
  /** The base image is older than the root. */
  | { readonly code: 'OTHER_BASE' };

/**
 * Characters that a terminal does not show as they are: controls, line separators, and those that are
 * invisible or change the direction of what follows (Unicode: Cc, Cf, Zl, Zp, Default_Ignorable_Code_Point).
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}]/u;

/** Whether a text has a character that {@link printable} escapes. */
export function hasHidden(text: string): boolean {
  return HIDDEN.test(text);
}

/** The text with `replace(character)` in the place of each hidden character. */
export function replaceHidden(text: string, replace: (character: string) => string): string {
  return text.replaceAll(new RegExp(HIDDEN, 'gu'), replace);
}

/**
 * Text from a file as a terminal may show it: control characters as `\\x1b`, other hidden ones as
 * `\\u202e`, so that no name can move the cursor, hide a line, make a second one, or look like another.
 */
export function printable(text: string): string {
  return HIDDEN.test(text) ? replaceHidden(text, escapeHidden) : text;
}

function escapeHidden(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  const digits = code.toString(16).padStart(4, '0');
  return digits.length > 4 ? `\\u{${digits}}` : `\\u${digits}`;
}

/** Words as a sentence lists them: `a, b or c`. Of more than `most`, the others are only counted: `a, b and 3 more`. */
export function listed(
  words: readonly string[],
  last: 'and' | 'or',
  most: number = words.length,
): string {
  const more = words.length - most;
  const shown = more > 0 ? [...words.slice(0, most), `${more} more`] : [...words];
  const [end = '', ...before] = shown.reverse();
  return before.length === 0 ? end : `${before.reverse().join(', ')} ${last} ${end}`;
}

/** A byte offset or length as error messages show it. */
export function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}

const ERRNO_WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  ENOTDIR: 'not a directory',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EISDIR: 'is a directory',
  ELOOP: 'too many levels of symbolic links',
  ENAMETOOLONG: 'file name too long',
  ENOSPC: 'no space left on device',
  EROFS: 'read-only file system',
  EEXIST: 'file exists',
  EIO: 'input/output error',
  ENXIO: 'no such device or address',
  EMFILE: 'too many open files',
  EPIPE: 'broken pipe',
  EBADF: 'the stream is closed',
  ENFILE: 'too many open files in the system',
  EFBIG: 'file too large',
  EDQUOT: 'disk quota exceeded',
  EBUSY: 'device or resource busy',
  ETXTBSY: 'a program that is running',
  ENOTEMPTY: 'directory not empty',
  EXDEV: 'on another file system',
  EINVAL: 'invalid argument',
  ENOEXEC: 'exec format error',
  ELIBBAD: 'accessing a corrupted shared library',
  ENOMEM: 'out of memory',
};

/** The words for a system error such as `EACCES`; the code itself where there are none. */
export function describeErrno(code: string | undefined): string {
  return ERRNO_WORDS[code ?? ''] ?? code ?? 'unknown error';
}

/** The `code` of a Node.js system error, or undefined when the value is something else. */
export function errnoOf(error: unknown): string | undefined {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string')
    return error.code;
  return undefined;
}
