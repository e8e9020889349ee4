/**
 * Mangled names of C++ as people write them: `_ZN3foo3barEi` is `foo::bar(int)`. Follows the Itanium C++
 * ABI (5.1, <mangled-name>), which all systems with ELF files use, and words names as c++filt does.
 */
import { NotMangled } from './cursor.js';
import { ExpressionParser } from './expression-parser.js';
import { type Node, type Part, textNode } from './node.js';
import { Printer } from './print.js';

/** Names of real libraries are up to 30 times as long as they are mangled. */
const MOST_GROWTH = 64;

/**
 * The name without its mangling; undefined for a name that is not mangled, breaks the rules, or is deeper
 * or longer than those of real programs. The work and the length of the result are at most in proportion
 * to the length of the name.
 */
export function demangle(name: string): string | undefined {
  if (!name.startsWith('_Z')) return undefined;
  try {
    const node = new Demangler(name, 2).mangledName();
    const text = new Printer(name.length).print(node);
    return text.length > MOST_GROWTH * name.length ? undefined : text;
  } catch (error) {
    if (error instanceof NotMangled) return undefined;
    throw error;
  }
}

/** Names of compiler-made objects by their codes; behind them stands a type, or a name. */
const OF_TYPES: Readonly<Record<string, string>> = {
  TV: 'vtable for ',
  TT: 'VTT for ',
  TI: 'typeinfo for ',
  TS: 'typeinfo name for ',
  TF: 'typeinfo fn for ',
};
const OF_NAMES: Readonly<Record<string, string>> = {
  GV: 'guard variable for ',
  TH: 'TLS init function for ',
  TW: 'TLS wrapper function for ',
};

class Demangler extends ExpressionParser {
  /** <mangled-name> behind its `_Z`, with what compilers put behind the names of copies. */
  mangledName(): Node {
    const node = this.encoding(false);
    const parts: Part[] = [node];
    while (!this.isAtEnd) parts.push(` [clone ${this.#clone()}]`);
    return parts.length === 1 ? node : textNode(...parts);
  }

  #clone(): string {
    const rest = this.text.slice(this.position);
    const [clone] = /^\.(?:[A-Za-z_]+(?:\.\d+)*|\d+(?:\.\d+)*)/.exec(rest) ?? this.fail();
    this.position += clone.length;
    return clone;
  }

  protected encoding(isLocal: boolean): Node {
    return this.nested(() => {
      if (/[TG]/.test(this.peek())) return this.#special();
      return this.#named(isLocal);
    });
  }

  /** A function with its types, or a variable. */
  #named(isLocal: boolean): Node {
    const start = this.peek();
    const { node, hasArgs, hasNoResult, args, suffix } = this.name();
    if (this.isAtEnd || /[E.]/.test(this.peek())) return node;
    const result = hasArgs && !hasNoResult ? this.type() : undefined;
    return {
      kind: 'function',
      name: node,
      result: isLocal ? undefined : result,
      params: this.params(),
      suffix: suffix === '' ? [] : [suffix],
      args,
      isMember: (start === 'N' || start === 'S') && !hasArgs && suffix === '',
    };
  }

  #special(): Node {
    const code = this.peek() + this.peek(1);
    this.position += 2;
    const ofType = OF_TYPES[code];
    if (ofType !== undefined) return textNode(ofType, this.type());
    const ofName = OF_NAMES[code];
    if (ofName !== undefined) return textNode(ofName, this.name().node);
    switch (code) {
      case 'TC':
        return this.#constructionTable();
      case 'Th':
        this.#offset('h');
        return textNode('non-virtual thunk to ', this.encoding(false));
      case 'Tv':
        this.#offset('v');
        return textNode('virtual thunk to ', this.encoding(false));
      case 'Tc':
        this.#offset(this.#next());
        this.#offset(this.#next());
        return textNode('covariant return thunk to ', this.encoding(false));
      case 'TA':
        return textNode('template parameter object for ', this.exprPrimary());
      case 'GR':
        return this.#referenceTemporary();
      case 'GA':
        return textNode('hidden alias for ', this.encoding(false));
      case 'GT':
        return this.#transactionClone();
      default:
        return this.fail();
    }
  }

  #next(): string {
    this.position++;
    return this.peek(-1);
  }

  /** <call-offset>, which is not shown. */
  #offset(kind: string): void {
    if (kind !== 'h' && kind !== 'v') this.fail();
    this.signedNumber();
    this.must('_');
    if (kind === 'h') return;
    this.signedNumber();
    this.must('_');
  }

  #constructionTable(): Node {
    const whole = this.type();
    this.number();
    this.must('_');
    return textNode('construction vtable for ', this.type(), '-in-', whole);
  }

  #referenceTemporary(): Node {
    const { node } = this.name();
    return textNode(`reference temporary #${this.sequence(36)} for `, node);
  }

  #transactionClone(): Node {
    const kind = this.#next();
    return textNode(
      kind === 'n' ? 'non-transaction clone for ' : 'transaction clone for ',
      this.encoding(false),
    );
  }
}
