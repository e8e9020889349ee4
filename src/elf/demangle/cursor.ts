/**
 * The text of a mangled name and what was met in it: what substitutions refer to. Work is counted, since
 * names come from files that anybody may have made.
 */
import type { Node } from './node.js';

/** Ends the demangling of a name that breaks the rules, or is too deep or too long. */
export class NotMangled extends Error {}

/** Deeper names do not occur; the parsers call each other this often at most. */
const MOST_LEVELS = 250;
/** Longer names are not taken apart. */
const MOST_CHARACTERS = 1 << 14;

/** Reads characters from the left to the right. */
export class Cursor {
  readonly text: string;
  position: number;
  /** What `S_`, `S0_` and so on stand for. */
  readonly substitutions: Node[] = [];
  /** The last simple name, which constructors repeat. */
  lastName = '';
  #level = 0;

  constructor(text: string, position: number) {
    if (text.length > MOST_CHARACTERS) throw new NotMangled();
    this.text = text;
    this.position = position;
  }

  /** The character here, or another one behind it; empty behind the end. */
  peek(ahead = 0): string {
    return this.text.charAt(this.position + ahead);
  }

  get isAtEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** Takes a text if it stands here. */
  take(text: string): boolean {
    if (!this.text.startsWith(text, this.position)) return false;
    this.position += text.length;
    return true;
  }

  /** Takes a text, or ends the demangling. */
  must(text: string): void {
    if (!this.take(text)) this.fail();
  }

  fail(): never {
    throw new NotMangled();
  }

  /** Takes digits; -1 where there are none. */
  number(): number {
    const [digits = ''] = /^\d{1,9}/.exec(this.text.slice(this.position, this.position + 9)) ?? [];
    this.position += digits.length;
    return digits === '' ? -1 : Number(digits);
  }

  /** Takes a number that may be negative, which `n` marks. */
  signedNumber(): string {
    const sign = this.take('n') ? '-' : '';
    const start = this.position;
    while (/\d/.test(this.peek())) this.position++;
    return sign + this.text.slice(start, this.position);
  }

  /** `_` is 0, `0_` is 1: takes what counts the parts of a name, in a base. */
  sequence(base: 10 | 36): number {
    const start = this.position;
    while (base === 36 ? /[\dA-Z]/.test(this.peek()) : /\d/.test(this.peek())) this.position++;
    const digits = this.text.slice(start, this.position);
    this.must('_');
    return digits === '' ? 0 : Number.parseInt(digits, base) + 1;
  }

  /** Counts a level of the grammar while `parse` runs. */
  nested<Result>(parse: () => Result): Result {
    if (this.#level >= MOST_LEVELS) this.fail();
    this.#level++;
    const result = parse();
    this.#level--;
    return result;
  }

  /** Makes a node that later parts of the name can refer to. */
  remember(node: Node): Node {
    this.substitutions.push(node);
    return node;
  }
}
