/**
 * Types of mangled names. Source: Itanium C++ ABI, 5.1.5 (<type>), 5.1.8 (<template-args>).
 */
import { BUILTIN_TYPES, D_TYPES } from './builtin-types.js';
import { Cursor } from './cursor.js';
import { type Node, type Part, textNode } from './node.js';

const QUALIFIERS: Readonly<Record<string, string>> = {
  r: ' restrict',
  V: ' volatile',
  K: ' const',
};

/** Reads types. Names and expressions in them are read by the parsers that extend this one. */
export abstract class MangledTypeParser extends Cursor {
  /** Whether the type of a conversion is read, behind which arguments of the operator may stand. */
  protected isConversion = false;

  /** A name that is a type. */
  protected abstract typeName(): Node;
  /** An `S` and what follows; `isPrefix` where more of a name follows. */
  protected abstract substitution(): Node;
  protected abstract expression(): Node;
  protected abstract exprPrimary(): Node;
  protected abstract sourceName(): Node;

  /** <type>. What is no builtin type can be referred to later. */
  type(): Node {
    return this.nested(() => this.#type());
  }

  #type(): Node {
    const code = this.peek();
    if (code in QUALIFIERS) return this.#qualifiedType();
    if (code in BUILTIN_TYPES) {
      this.position++;
      return textNode(BUILTIN_TYPES[code] as string);
    }
    if (code === 'D') return this.#typeOfD();
    if (code === 'S') return this.#typeOfS();
    if (code === 'T' && !/[sue]/.test(this.peek(1))) return this.#typeOfT();
    return this.remember(this.#compound(code));
  }

  #compound(code: string): Node {
    switch (code) {
      case 'P':
        return this.#pointer('*');
      case 'R':
        return this.#pointer('&');
      case 'O':
        return this.#pointer('&&');
      case 'C':
        return this.#behind(' _Complex');
      case 'G':
        return this.#behind(' _Imaginary');
      case 'F':
        return this.functionType([]);
      case 'A':
        return this.#array();
      case 'M':
        return this.#memberPointer();
      case 'u':
        this.position++;
        return this.#vendorType();
      case 'U':
        return this.#vendorQualified();
      default:
        return this.typeName();
    }
  }

  #pointer(mark: '*' | '&' | '&&'): Node {
    this.position++;
    return { kind: 'pointer', mark, to: this.type() };
  }

  #behind(words: string): Node {
    this.position++;
    return { kind: 'qualified', of: this.type(), words };
  }

  #qualifiedType(): Node {
    const words = this.qualifiers();
    // Those of a function are a part of its type.
    if (this.peek() === 'F') return this.remember(this.functionType([words]));
    return this.remember({ kind: 'qualified', of: this.type(), words });
  }

  /** The cv-qualifiers here, in the order in which they are shown. */
  protected qualifiers(): string {
    let words = '';
    for (; this.peek() in QUALIFIERS; this.position++) words = QUALIFIERS[this.peek()] + words;
    return words;
  }

  /** <function-type>, with what stands behind its parameters. */
  protected functionType(suffix: readonly Part[]): Node {
    this.must('F');
    this.take('Y');
    const result = this.type();
    const params = this.params();
    const reference = this.refQualifier();
    this.must('E');
    return {
      kind: 'function',
      result,
      params,
      suffix: [...suffix, ...(reference === '' ? [] : [reference])],
    };
  }

  /** `R` or `O` behind the parameters or before a nested name. */
  protected refQualifier(): string {
    if (this.peek() === 'R' && this.peek(1) === 'E') {
      this.position++;
      return ' &';
    }
    if (this.peek() === 'O' && this.peek(1) === 'E') {
      this.position++;
      return ' &&';
    }
    return '';
  }

  /** <bare-function-type> without a result: up to the end of the name or of what it is in. */
  protected params(): Node[] {
    const types: Node[] = [];
    const start = this.position;
    while (!this.isAtEnd && !/[E.]/.test(this.peek()) && !/^[RO]E/.test(this.peek() + this.peek(1)))
      types.push(this.type());
    if (types.length === 0) this.fail();
    return this.text.slice(start, this.position) === 'v' ? [] : types;
  }

  #array(): Node {
    this.position++;
    const size = this.#arraySize();
    this.must('_');
    return { kind: 'array', of: this.type(), size };
  }

  #arraySize(): Node | undefined {
    if (this.peek() === '_') return undefined;
    const number = this.number();
    return number >= 0 ? textNode(`${number}`) : this.expression();
  }

  #memberPointer(): Node {
    this.position++;
    const owner = this.type();
    return { kind: 'member-pointer', owner, to: this.type() };
  }

  #vendorType(): Node {
    const name = this.sourceName();
    return this.peek() === 'I' ? this.withArgs(name) : name;
  }

  #vendorQualified(): Node {
    this.position++;
    const name = this.#vendorType();
    return textNode(this.type(), ' ', name);
  }

  #typeOfD(): Node {
    const code = this.peek(1);
    if (code in D_TYPES) {
      this.position += 2;
      return textNode(D_TYPES[code] as string);
    }
    return code === 'F' ? this.#floatType() : this.remember(this.#compoundOfD(code));
  }

  #compoundOfD(code: string): Node {
    this.position += 2;
    switch (code) {
      case 't':
      case 'T':
        return this.decltype();
      case 'p':
        return { kind: 'expansion', pattern: this.type() };
      case 'v':
        return this.#vector();
      case 'o':
        return this.functionType([' noexcept']);
      case 'O':
        return this.#computedNoexcept();
      case 'w':
        return this.#throwing();
      case 'x':
        return this.functionType([' transaction_safe']);
      default:
        return this.fail();
    }
  }

  #computedNoexcept(): Node {
    const condition = this.expression();
    this.must('E');
    return this.functionType([' noexcept(', condition, ')']);
  }

  #throwing(): Node {
    const types: Node[] = [];
    while (!this.take('E')) types.push(this.type());
    const list: Part[] = types.flatMap((type, index) => (index === 0 ? [type] : [', ', type]));
    return this.functionType([' throw(', ...list, ')']);
  }

  #floatType(): Node {
    this.position += 2;
    const bits = this.number();
    if (bits < 0) this.fail();
    if (bits === 16 && this.take('b')) return textNode('std::bfloat16_t');
    const end = this.take('x') ? 'x' : '';
    if (end === '') this.must('_');
    return textNode(`_Float${bits}${end}`);
  }

  /** `decltype (...)`, behind its code. */
  protected decltype(): Node {
    const expression = this.expression();
    this.must('E');
    return textNode('decltype (', expression, ')');
  }

  #vector(): Node {
    const size = this.take('_') ? this.expression() : textNode(`${this.number()}`);
    this.must('_');
    return textNode(this.type(), ' __vector(', size, ')');
  }

  /** A substitution is no new one, unless template arguments make it one. */
  #typeOfS(): Node {
    if (this.peek(1) === 't') return this.remember(this.typeName());
    const known = this.substitution();
    return this.peek() === 'I' ? this.remember(this.withArgs(known)) : known;
  }

  #typeOfT(): Node {
    const param = this.remember(this.templateParam());
    return this.peek() === 'I' && !this.isConversion ? this.remember(this.withArgs(param)) : param;
  }

  /** <template-param>. */
  protected templateParam(): Node {
    this.must('T');
    return { kind: 'param', index: this.sequence(10) };
  }

  /** A template with the arguments that stand here. */
  protected withArgs(name: Node): Node {
    return { kind: 'template', name, args: this.args() };
  }

  /** <template-args>. */
  protected args(): Node[] {
    const { lastName } = this;
    if (!this.take('I')) this.must('J');
    const args: Node[] = [];
    while (!this.take('E')) args.push(this.#arg());
    this.lastName = lastName;
    return args;
  }

  #arg(): Node {
    return this.nested(() => {
      switch (this.peek()) {
        case 'X': {
          this.position++;
          const expression = this.expression();
          this.must('E');
          return expression;
        }
        case 'L':
          return this.exprPrimary();
        case 'I':
        case 'J':
          return { kind: 'pack', elements: this.args() };
        default:
          return this.type();
      }
    });
  }
}
