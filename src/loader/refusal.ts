/**
 * Why a loader does not load a file for a name: a code with fields. Each loader makes its message from
 * them, so that no code has to read the message.
 */

/** What is wrong with the candidate, or with the name. */
export type RefusalCode =
  /** No candidate could be opened. `errno` is that of the last one. */
  | 'cannot-open'
  /** The name is empty, perhaps only after its tokens were replaced. */
  | 'empty-name'
  /** The file was opened, but could not be read. `errno` is absent if it is merely too short. */
  | 'cannot-read'
  /** It ends before a segment does, and reading the missing page is fatal. `detail` has the sizes. */
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
  /** A PT_LOAD whose p_align, or whose address and offset, do not fit the size of a page. */
  | 'unaligned'
  | 'unaligned-address'
  /** A PT_LOAD whose address and offset do not fit its p_align. */
  | 'unfit-alignment'
  /** The loader refuses it without saying why. */
  | 'not-loadable'
  /** The needed name has a token such as `$ORIGIN`, in secure-execution mode. */
  | 'token-not-allowed';

/** One refusal. */
export interface Refusal {
  readonly code: RefusalCode;
  /** The path or name that the message starts with, if it has one besides the requested name. */
  readonly file?: string;
  /** The error of the system call that failed, such as `ENOENT`. */
  readonly errno?: string;
  readonly detail?: string;
}
