/**
 * Expressions in types and template arguments, in the parentheses that c++filt sets. Source: Itanium C++
 * ABI, 5.1.6 (<expression>, <expr-primary>).
 */
import { LITERAL_SUFFIXES } from './builtin-types.js';
import { NameParser } from './name-parser.js';
import { type Node, type Part, textNode } from './node.js';
import { OPERATORS, type Operator } from './operators.js';

/** Casts with a type in angle brackets. */
const NAMED_CASTS = new Set(['dc', 'sc', 'cc', 'rc']);
/** Operators whose operand is a type. */
const OF_TYPES = new Set(['st', 'at', 'ti']);
/** Operators that always have parentheses. */
const WITH_PARENTHESES = new Set(['st', 'nx']);

/** Reads expressions. */
export abstract class ExpressionParser extends NameParser {
  /** Expressions that need no parentheses as an operand. */
  readonly #simple = new WeakSet<Node>();

  protected expression(): Node {
    return this.nested(() => this.#expression());
  }

  #expression(): Node {
    const code = this.peek();
    if (code === 'L') return this.exprPrimary();
    if (code === 'T') return this.templateParam();
    if (/\d/.test(code)) return this.#namedHere(this.sourceName());
    switch (code + this.peek(1)) {
      case 'sr':
        return this.#scoped();
      case 'sp':
        this.position += 2;
        return { kind: 'expansion', pattern: this.expression() };
      case 'fp':
      case 'fL':
        return this.#functionParam();
      case 'on':
        this.position += 2;
        return this.#namedHere(this.unqualifiedName().node);
      case 'il':
        this.position += 2;
        return this.#simply(textNode('{', ...this.#list(), '}'));
      case 'tl':
        this.position += 2;
        return textNode(this.type(), '{', ...this.#list(), '}');
      case 'sZ':
        this.position += 2;
        return {
          kind: 'length',
          of: this.peek() === 'T' ? this.templateParam() : this.expression(),
        };
      case 'sP':
        this.position += 2;
        return { kind: 'length', of: { kind: 'pack', elements: this.args() } };
      default:
        return this.#operation();
    }
  }

  #simply(node: Node): Node {
    this.#simple.add(node);
    return node;
  }

  /** A name without a scope. */
  #namedHere(name: Node): Node {
    return this.peek() === 'I' ? this.withArgs(name) : this.#simply(name);
  }

  #scoped(): Node {
    this.position += 2;
    if (/\d/.test(this.peek())) return this.#levels();
    const scope = this.type();
    return this.#inScope([scope]);
  }

  /** Names of scopes up to an `E`, then a name; without an `E`, the last of them is the name. */
  #levels(): Node {
    const parts: Part[] = [];
    while (/\d/.test(this.peek())) {
      const name = this.sourceName();
      parts.push(...(parts.length === 0 ? [] : ['::']));
      parts.push(this.peek() === 'I' ? this.withArgs(name) : name);
    }
    if (!this.take('E')) return this.#simply(textNode(...parts));
    return this.#inScope(parts);
  }

  #inScope(scope: readonly Part[]): Node {
    const { node } = this.unqualifiedName();
    if (this.peek() === 'I') return textNode(...scope, '::', this.withArgs(node));
    return this.#simply(textNode(...scope, '::', node));
  }

  #functionParam(): Node {
    const isOuter = this.peek(1) === 'L';
    this.position += 2;
    if (this.take('T')) return this.#simply(textNode('this'));
    if (isOuter) {
      this.number();
      this.must('p');
    }
    this.qualifiers();
    return this.#simply(textNode(`{parm#${this.sequence(10) + 1}}`));
  }

  /** Expressions up to an `E`, with commas. */
  #list(): Part[] {
    const parts: Part[] = [];
    while (!this.take('E')) {
      if (parts.length > 0) parts.push(', ');
      parts.push(this.expression());
    }
    return parts;
  }

  #operand(node: Node): Part[] {
    return this.#simple.has(node) ? [node] : ['(', node, ')'];
  }

  #operation(): Node {
    if (this.peek() === 'f' && /[lrLR]/.test(this.peek(1))) return this.#fold();
    if (this.take('cv')) return this.#cast();
    const code = this.peek() + this.peek(1);
    const operator = OPERATORS.get(code) ?? this.fail();
    this.position += 2;
    if (NAMED_CASTS.has(code))
      return textNode(operator.sign, '<', this.type(), '>(', this.expression(), ')');
    switch (operator.operands) {
      case 0:
        return textNode(operator.sign);
      case 1:
        return this.#unary(code, operator);
      case 2:
        return this.#binary(code, operator);
      default:
        return code === 'qu' ? this.#conditional() : this.#creation(operator);
    }
  }

  #cast(): Node {
    const type = this.type();
    if (this.take('_')) return textNode('(', type, ')(', ...this.#list(), ')');
    return textNode('(', type, ')', ...this.#operand(this.expression()));
  }

  #unary(code: string, { sign }: Operator): Node {
    if (code === 'pp' || code === 'mm') {
      const isBefore = this.take('_');
      const operand = this.#operand(this.expression());
      return isBefore ? textNode(sign, ...operand) : textNode(...operand, sign);
    }
    const operand = OF_TYPES.has(code) ? this.type() : this.expression();
    if (code === 'ad' && operand.kind === 'function' && operand.isMember && operand.name)
      return textNode(sign, ...this.#operand(this.#simply(operand.name)));
    if (code === 'gs') return textNode(sign, operand);
    return WITH_PARENTHESES.has(code)
      ? textNode(sign, '(', operand, ')')
      : textNode(sign, ...this.#operand(operand));
  }

  #binary(code: string, { sign }: Operator): Node {
    const first = this.expression();
    const left = this.#operand(first);
    if (code === 'cl') {
      // A function that is called is told without the types of its parameters.
      const called = first.kind === 'function' && first.name ? this.#called(first.name) : left;
      return textNode(...called, '(', ...this.#list(), ')');
    }
    if (code === 'ix') return textNode(...left, '[', this.expression(), ']');
    if (code === 'dt' || code === 'pt') return textNode(...left, sign, ...this.#member());
    const parts = [...left, sign, ...this.#operand(this.expression())];
    // A `>` would end the template arguments that it is in.
    return sign === '>' ? textNode('(', ...parts, ')') : textNode(...parts);
  }

  #called(name: Node): Part[] {
    return this.#operand(name.kind === 'template' ? name : this.#simply(name));
  }

  /** What stands behind a dot. */
  #member(): Part[] {
    if (/^(?:sr|gs)/.test(this.peek() + this.peek(1))) return this.#operand(this.expression());
    this.take('on');
    return this.#operand(this.#namedHere(this.unqualifiedName().node));
  }

  #conditional(): Node {
    const [first, second, third] = [this.expression(), this.expression(), this.expression()];
    const parts = [first, second, third].map((node) => this.#operand(node)) as [
      Part[],
      Part[],
      Part[],
    ];
    return textNode(...parts[0], '?', ...parts[1], ' : ', ...parts[2]);
  }

  #creation({ sign }: Operator): Node {
    const places: Part[] = [];
    while (!this.take('_')) places.push(places.length === 0 ? '' : ', ', this.expression());
    const place = places.length === 0 ? [] : ['(', ...places, ') '];
    const type = this.type();
    if (this.take('E')) return textNode(sign, ' ', ...place, type);
    if (this.take('pi')) return textNode(sign, ' ', ...place, type, '(', ...this.#list(), ')');
    return textNode(sign, ' ', ...place, type, this.expression());
  }

  /** Fold expressions of C++17. */
  #fold(): Node {
    const kind = this.peek(1);
    this.position += 2;
    const { sign } = OPERATORS.get(this.peek() + this.peek(1)) ?? this.fail();
    this.position += 2;
    const first = this.#operand(this.expression());
    switch (kind) {
      case 'l':
        return textNode('(...', sign, ...first, ')');
      case 'r':
        return textNode('(', ...first, sign, '...)');
      default:
        return textNode('(', ...first, sign, '...', sign, ...this.#operand(this.expression()), ')');
    }
  }

  /** <expr-primary>: a literal, or a function or variable. */
  protected exprPrimary(): Node {
    this.must('L');
    if (this.take('_Z') || this.take('Z')) {
      const node = this.encoding(false);
      this.must('E');
      return node.kind === 'parts' ? this.#simply(node) : node;
    }
    const code = this.peek();
    const type = this.type();
    const end = this.text.indexOf('E', this.position);
    if (end < 0) this.fail();
    const value = this.text.slice(this.position, end).replace(/^n/, '-');
    this.position = end + 1;
    return literal(code, type, value);
  }
}

function literal(code: string, type: Node, value: string): Node {
  if (code === 'b' && value === '0') return textNode('false');
  if (code === 'b' && value === '1') return textNode('true');
  const suffix = LITERAL_SUFFIXES[code];
  if (suffix !== undefined) return textNode(value + suffix);
  const isFloat = 'fdeg'.includes(code);
  return textNode('(', type, ')', isFloat ? `[${value}]` : value);
}
