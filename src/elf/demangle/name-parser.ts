/**
 * Names: of functions, variables and types. Source: Itanium C++ ABI, 5.1.3 and 5.1.4 (<name>), 5.1.7
 * (scope encoding), 5.1.10 (compression).
 */
import { STANDARD_NAMES } from './builtin-types.js';
import { MangledTypeParser } from './mangled-type-parser.js';
import { type Node, type Part, textNode } from './node.js';
import { OPERATORS } from './operators.js';

/** A name, and what decides about the type behind it. */
export interface ParsedName {
  readonly node: Node;
  /** It ends with template arguments, so a function has its result in the name. */
  readonly hasArgs: boolean;
  /** Constructors, destructors and conversions have no result. */
  readonly hasNoResult: boolean;
  /** The arguments that it ends with. */
  readonly args: readonly Node[];
  /** The qualifiers of a member function. */
  readonly suffix: string;
}

type Unqualified = Pick<ParsedName, 'node' | 'hasNoResult'>;

/** Reads names. */
export abstract class NameParser extends MangledTypeParser {
  /** A function or variable; `isLocal` where it only says where another name is. */
  protected abstract encoding(isLocal: boolean): Node;

  protected typeName(): Node {
    return this.name().node;
  }

  /** <name>. */
  protected name(): ParsedName {
    return this.nested(() => {
      const code = this.peek();
      if (code === 'N') return this.#nestedName();
      if (code === 'Z') return this.#localName();
      if (code === 'S' && this.peek(1) !== 't') return this.#endWith(this.substitution(), false);
      const inStd = this.take('St');
      const { node, hasNoResult } = this.unqualifiedName();
      const full = inStd ? textNode('std::', node) : node;
      return this.peek() === 'I'
        ? this.#endWith(this.remember(full), hasNoResult)
        : { ...plain(full), hasNoResult };
    });
  }

  #endWith(node: Node, hasNoResult: boolean): ParsedName {
    if (this.peek() !== 'I') return { ...plain(node), hasNoResult };
    const args = this.args();
    return { ...plain({ kind: 'template', name: node, args }), hasArgs: true, hasNoResult, args };
  }

  #nestedName(): ParsedName {
    this.must('N');
    const suffix = this.qualifiers();
    const reference = this.take('R') ? ' &' : this.take('O') ? ' &&' : '';
    let found: Omit<ParsedName, 'suffix'> | undefined;
    while (!this.take('E')) {
      found = this.#prefix(found);
      if (this.peek() === 'E') continue;
      if (!this.#isKnown) this.remember(found.node);
    }
    return found === undefined ? this.fail() : { ...found, suffix: suffix + reference };
  }

  /** Whether the last prefix is a substitution, which is no new one. */
  #isKnown = false;

  /** One more part of a nested name. */
  #prefix(before: Omit<ParsedName, 'suffix'> | undefined): Omit<ParsedName, 'suffix'> {
    this.#isKnown = false;
    const code = this.peek();
    if (code === 'I') {
      if (before === undefined || before.hasArgs) this.fail();
      const { node, hasNoResult } = before;
      return this.#endWith(node, hasNoResult);
    }
    if (before === undefined) {
      if (code === 'S') return this.#firstSubstitution();
      if (code === 'T') return plain(this.templateParam());
      if (code === 'D' && /[tT]/.test(this.peek(1))) {
        this.position += 2;
        return plain(this.decltype());
      }
      if (code === 'Z') return this.#localName();
      const { node, hasNoResult } = this.unqualifiedName();
      return { ...plain(node), hasNoResult };
    }
    // The name of a variable, which a closure in its initializer is in.
    this.take('M');
    const { node, hasNoResult } = this.unqualifiedName();
    return { ...plain(textNode(before.node, '::', node)), hasNoResult, args: before.args };
  }

  #firstSubstitution(): ParsedName {
    if (this.take('St')) {
      const { node, hasNoResult } = this.unqualifiedName();
      return { ...plain(textNode('std::', node)), hasNoResult };
    }
    const node = this.substitution();
    this.#isKnown = true;
    return plain(node);
  }

  /** An `S` and what follows, but for `St`. */
  protected substitution(): Node {
    this.must('S');
    const standard = STANDARD_NAMES[this.peek()];
    if (standard !== undefined) {
      this.position++;
      const [name, last] = standard;
      this.lastName = last;
      const tagged = this.#tagged(textNode(name));
      return this.peek() === 'B' ? this.remember(tagged) : tagged;
    }
    return this.substitutions[this.sequence(36)] ?? this.fail();
  }

  /** <unqualified-name>, with its ABI tags. */
  protected unqualifiedName(): Unqualified {
    return this.nested(() => {
      const { node, hasNoResult } = this.#untaggedName();
      return { node: this.#tagged(node), hasNoResult };
    });
  }

  #untaggedName(): Unqualified {
    this.take('L');
    const code = this.peek();
    if (/\d/.test(code)) return named(this.sourceName());
    if (code === 'C' || (code === 'D' && /[0-5]/.test(this.peek(1)))) return this.#structor();
    if (code === 'D' && this.take('DC')) return named(this.#binding());
    if (code === 'U') return named(this.#unnamed());
    return this.#operatorName();
  }

  #tagged(name: Node): Node {
    let node = name;
    const { lastName } = this;
    while (this.take('B')) node = textNode(node, '[abi:', this.sourceName(), ']');
    this.lastName = lastName;
    return node;
  }

  /** <source-name>: a length and as many characters. */
  protected sourceName(): Node {
    const length = this.number();
    if (length <= 0 || this.position + length > this.text.length) this.fail();
    const name = this.text.slice(this.position, this.position + length);
    this.position += length;
    this.lastName = /^_GLOBAL_[._$]N/.test(name) ? '(anonymous namespace)' : name;
    return textNode(this.lastName);
  }

  #structor(): Unqualified {
    const sign = this.peek() === 'D' ? '~' : '';
    this.position++;
    const isInheriting = sign === '' && this.take('I');
    if (!/[0-5]/.test(this.peek())) this.fail();
    this.position++;
    const { lastName } = this;
    if (isInheriting) this.type();
    this.lastName = lastName;
    return { node: textNode(sign + lastName), hasNoResult: true };
  }

  /** Names of a structured binding. */
  #binding(): Node {
    const names: Part[] = [];
    while (!this.take('E')) names.push(names.length === 0 ? '' : ', ', this.sourceName());
    return textNode('[', ...names, ']');
  }

  #unnamed(): Node {
    if (this.take('Ut')) return textNode(`{unnamed type#${this.sequence(10) + 1}}`);
    this.must('Ul');
    const params = this.params();
    this.must('E');
    return { kind: 'lambda', params, number: this.sequence(10) + 1 };
  }

  #operatorName(): Unqualified {
    if (this.take('cv')) return { node: this.#conversion(), hasNoResult: true };
    if (this.take('li')) return named(textNode('operator"" ', this.sourceName()));
    const code = this.peek() + this.peek(1);
    if (/^v\d$/.test(code)) {
      this.position += 2;
      return named(textNode('operator ', this.sourceName()));
    }
    const operator = OPERATORS.get(code);
    if (operator === undefined) this.fail();
    this.position += 2;
    const space = /^[a-z]/.test(operator.sign) ? ' ' : '';
    return named(textNode(`operator${space}${operator.sign.trimEnd()}`));
  }

  #conversion(): Node {
    const outer = this.isConversion;
    this.isConversion = true;
    const { lastName } = this;
    const type = this.type();
    this.isConversion = outer;
    this.lastName = lastName;
    return textNode('operator ', type);
  }

  /** <local-name>: a function, and a name in it. */
  #localName(): ParsedName {
    this.must('Z');
    const outer = this.encoding(true);
    this.must('E');
    if (this.take('s')) {
      this.#discriminator();
      return plain(textNode(outer, '::string literal'));
    }
    const scope: Part[] = [outer, '::'];
    if (this.take('d')) scope.push(`{default arg#${this.sequence(10) + 1}}::`);
    const name = this.name();
    this.#discriminator();
    return { ...name, node: textNode(...scope, name.node) };
  }

  #discriminator(): void {
    if (this.take('__')) {
      this.number();
      this.must('_');
    } else if (this.peek() === '_' && /\d/.test(this.peek(1))) this.position += 2;
  }
}

function plain(node: Node): ParsedName {
  return { node, hasArgs: false, hasNoResult: false, args: [], suffix: '' };
}

function named(node: Node): Unqualified {
  return { node, hasNoResult: false };
}
