/**
 * What a program needs at run time that no DT_NEEDED shows: the shape that every detector in this
 * room gives, one file per need.
 */

/** A need, with the evidence for it and the files of the root that satisfy it. */
export interface RuntimeNeed {
  /** The name for `--with` and `--without`: `nss`, `certs`, `tz`, `gconv`, ... */
  readonly kind: string;
  /** The evidence in one line: which object imports which symbol, or which note says so. */
  readonly because: string;
  /** `sure` needs go into images by default; the others are suggestions. */
  readonly confidence: 'sure' | 'likely' | 'possible';
  /** Absolute paths in the root, each a file or a directory (taken with all that is below it). */
  readonly files: readonly string[];
  /** Which of them are objects that the program opens with dlopen: traced like preloads. */
  readonly objects: readonly string[];
  /** Directories that an image must have, such as `/tmp` with mode 0o1777. */
  readonly directories: readonly { readonly path: string; readonly mode: number }[];
  /** Small files to make where the root has none, by path. */
  readonly generated: ReadonlyMap<string, string>;
}
