/**
 * Names as C++ writes them. A type may stand around the name that it declares, so each node has text
 * before and behind. Names of files that anybody made may repeat their parts without end, so the work is
 * limited by their length.
 */
import { NotMangled } from './cursor.js';
import { Meanings, type Pointer, type Scope } from './meanings.js';
import type { FunctionNode, Node, Part } from './node.js';

/** Characters that are put together at most, for each character of a mangled name and in any case. */
const WORK_FOR_EACH = 500;
const WORK = 50_000;
/** Deeper nodes do not occur: parameters may stand for what has parameters. */
const MOST_LEVELS = 1000;

/** Prints the nodes of one name of `length` characters. Throws {@link NotMangled} beyond the limit. */
export class Printer {
  #work: number;
  #level = 0;
  readonly #meanings = new Meanings(() => this.#spend(0));

  constructor(length: number) {
    this.#work = WORK + WORK_FOR_EACH * length;
  }

  /** The whole text of a node. */
  print(node: Node): string {
    return this.#join(this.#left(node), this.#right(node));
  }

  #join(...parts: readonly string[]): string {
    const text = parts.join('');
    this.#spend(text.length);
    return text;
  }

  #spend(work: number): void {
    this.#work -= work + 1;
    if (this.#work < 0) throw new NotMangled();
  }

  #parts(parts: readonly Part[]): string {
    return this.#join(...parts.map((part) => (typeof part === 'string' ? part : this.print(part))));
  }

  /** What is printed with commas; nothing for an empty pack. */
  #list(nodes: readonly Node[]): string {
    const texts = nodes.map((node) => this.print(node)).filter((text) => text !== '');
    return this.#join(texts.join(', '));
  }

  #inScope<Result>(scope: Scope | undefined, print: () => Result): Result {
    const before = this.#meanings.scope;
    this.#meanings.scope = scope;
    const result = print();
    this.#meanings.scope = before;
    return result;
  }

  /** What stands before the name that a type declares; of a node that is no type, all. */
  #left(node: Node): string {
    if (++this.#level > MOST_LEVELS) throw new NotMangled();
    this.#spend(0);
    const text = this.#leftText(node);
    this.#level--;
    return text;
  }

  #leftText(node: Node): string {
    switch (node.kind) {
      case 'parts':
        return this.#parts(node.parts);
      case 'template':
        return this.#template(node.name, node.args);
      case 'pack':
        return this.#list(node.elements);
      case 'param':
        return this.#param(node.index, (arg) => this.#left(arg));
      case 'expansion':
        return this.#expansion(node.pattern);
      case 'length':
        return `${this.#lengthOf(node.of)}`;
      case 'qualified':
        return this.#join(this.#left(node.of), this.#meanings.newWords(node.of, node.words));
      case 'pointer':
        return this.#pointerLeft(this.#meanings.collapsed(node));
      case 'member-pointer':
        return this.#memberLeft(node.owner, node.to);
      case 'array':
        return this.#left(node.of);
      case 'function':
        return this.#inFunction(node, () => this.#functionLeft(node));
      case 'lambda':
        return this.#lambda(node.params, node.number);
    }
  }

  /** What stands behind that name. */
  #right(node: Node): string {
    if (++this.#level > MOST_LEVELS) throw new NotMangled();
    this.#spend(0);
    const text = this.#rightText(node);
    this.#level--;
    return text;
  }

  #rightText(node: Node): string {
    switch (node.kind) {
      case 'param':
        return this.#param(node.index, (arg) => this.#right(arg), '');
      case 'qualified':
        return this.#right(node.of);
      case 'pointer':
        return this.#pointerRight(this.#meanings.collapsed(node).to);
      case 'member-pointer':
        return this.#pointerRight(node.to);
      case 'array':
        return this.#arrayRight(node);
      case 'function':
        return this.#inFunction(node, () => this.#functionRight(node));
      default:
        return '';
    }
  }

  #template(name: Node, args: readonly Node[]): string {
    const head = this.print(name);
    const texts = args.map((arg) => this.print(arg));
    const list = texts.filter((text) => text !== '').join(', ');
    // Where an empty pack ends the list, c++filt sets no space.
    const end = list.endsWith('>') && texts.at(-1) !== '' ? ' >' : '>';
    return this.#join(head, head.endsWith('<') ? ' <' : '<', list, end);
  }

  #lambda(params: readonly Node[], number: number): string {
    const list = this.#inScope({ outer: this.#meanings.scope }, () => this.#list(params));
    return this.#join('{lambda(', list, `)#${number}}`);
  }

  /** Prints what a parameter stands for, or `inClosure` in the parameters of a closure. */
  #param(index: number, print: (arg: Node) => string, inClosure = `auto:${index + 1}`): string {
    const scope = this.#meanings.scope;
    if (scope !== undefined && scope.args === undefined) return inClosure;
    const arg = this.#meanings.argOf(index);
    return this.#inScope(scope?.outer, () => print(arg));
  }

  #expansion(pattern: Node): string {
    const pack = this.#meanings.findPack(pattern);
    if (pack === undefined) return this.#join(this.print(pattern), '...');
    const outer = this.#meanings.turn;
    const texts = pack.elements.map((_, turn) => {
      this.#meanings.turn = turn;
      return this.print(pattern);
    });
    this.#meanings.turn = outer;
    return this.#join(texts.filter((text) => text !== '').join(', '));
  }

  #lengthOf(node: Node): number {
    this.#spend(0);
    if (node.kind === 'param') return this.#meanings.packOf(node)?.elements.length ?? 1;
    if (node.kind === 'expansion')
      return this.#meanings.findPack(node.pattern)?.elements.length ?? 0;
    if (node.kind !== 'pack') return 1;
    return node.elements.reduce((sum, element) => sum + this.#lengthOf(element), 0);
  }

  #pointerLeft({ to, mark }: Pick<Pointer, 'to' | 'mark'>): string {
    const left = this.#left(to);
    return this.#join(left, this.#opening(left, to), mark);
  }

  #pointerRight(to: Node): string {
    return this.#join(this.#meanings.declarator(to) === undefined ? '' : ')', this.#right(to));
  }

  #memberLeft(owner: Node, to: Node): string {
    const left = this.#left(to);
    return this.#join(left, this.#opening(left, to) || ' ', this.print(owner), '::*');
  }

  /** The parenthesis before a pointer to a function or an array. */
  #opening(left: string, to: Node): string {
    const declarator = this.#meanings.declarator(to);
    if (declarator === undefined) return '';
    return declarator === 'function' && /[ (*]$/.test(left) ? '(' : ' (';
  }

  #arrayRight({ of, size }: Node & { readonly kind: 'array' }): string {
    const right = this.#right(of);
    const text = size === undefined ? '' : this.print(size);
    return this.#join(` [${text}]`, right.startsWith(' [') ? right.slice(1) : right);
  }

  #inFunction({ args }: FunctionNode, print: () => string): string {
    return args === undefined
      ? print()
      : this.#inScope({ args, outer: this.#meanings.scope }, print);
  }

  #functionLeft({ name, result }: FunctionNode): string {
    const left = result === undefined ? '' : this.#left(result);
    // What returns a function pointer stands inside of its parentheses.
    const space = result === undefined || this.#right(result) !== '' ? '' : ' ';
    return this.#join(left, space, name === undefined ? '' : this.print(name));
  }

  #functionRight({ params, suffix, result }: FunctionNode): string {
    const behind = result === undefined ? '' : this.#right(result);
    return this.#join('(', this.#list(params), ')', this.#parts(suffix), behind);
  }
}
