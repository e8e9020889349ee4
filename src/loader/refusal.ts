/**
 * Why a loader has no file for a name, as a code with fields. Each loader makes its own words of it, so
 * that no code needs to read those.
 */

/** What is wrong with the file that was tried last, or with the name. */
export type RefusalCode =
  /** No file could be opened; `errno` tells why not the last that was tried. */
  | 'cannot-open'
  /** The name is empty, at least after its tokens were replaced. */
  | 'empty-name'
  /** The file could be opened, but not read; `errno` tells why where it was the system that refused. */
  | 'cannot-read'
  /** It ends before a segment does: whatever reads that page dies. `detail` tells what is lost. */
  | 'truncated'
  | 'too-short'
  | 'not-elf'
  | 'wrong-class'
  | 'wrong-byte-order'
  | 'wrong-ident-version'
  | 'wrong-os-abi'
  | 'wrong-abi-version'
  | 'ident-padding'
  | 'wrong-version'
  | 'wrong-machine'
  | 'wrong-type'
  | 'wrong-program-headers'
  | 'executable'
  | 'pie'
  | 'not-dynamic'
  /** None of the loader's checks that have a code of their own. */
  | 'not-loadable';

/** One refusal. */
export interface Refusal {
  readonly code: RefusalCode;
  /** The file or name that the message starts with, where it is not the requested name alone. */
  readonly file?: string;
  /** Of the system call that failed, such as `ENOENT`. */
  readonly errno?: string;
  readonly detail?: string;
}
