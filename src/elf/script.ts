/**
 * The `#!` line of a script, read as the kernel reads it (fs/binfmt_script.c).
 */
import { decodeText } from './byte-source.js';

/** An interpreter, and the rest of the line as the one argument that the kernel makes of it. */
export interface Shebang {
  readonly interpreter: string;
  readonly argument?: string;
}

/** BINPRM_BUF_SIZE: the kernel looks at no more bytes than these. */
export const SHEBANG_BYTES = 256;

/** Whether a file begins with `#!`. The rest of the line does not matter. */
export function hasShebang(head: Uint8Array): boolean {
  return head[0] === 0x23 && head[1] === 0x21;
}

/** Parses the first bytes of a file; undefined when it is not a script the kernel would run. */
export function parseShebang(head: Uint8Array): Shebang | undefined {
  if (!hasShebang(head)) return undefined;
  const text = decodeText(head.subarray(2, SHEBANG_BYTES));
  const line = (text.split(/[\n\0]/, 1)[0] ?? '').replace(/^[ \t]+|[ \t]+$/g, '');
  const match = /^([^ \t]+)(?:[ \t]+(.*))?$/s.exec(line);
  if (match?.[1] === undefined) return undefined;
  return match[2] === undefined
    ? { interpreter: match[1] }
    : { interpreter: match[1], argument: match[2] };
}
