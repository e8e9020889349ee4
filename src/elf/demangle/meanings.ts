/**
 * What template parameters stand for where they are printed, and what follows for the types around them:
 * packs, references to references, and pointers that stand in parentheses.
 */
import { NotMangled } from './cursor.js';
import type { Node } from './node.js';

type Pack = Node & { readonly kind: 'pack' };
/** A pointer or a reference. */
export type Pointer = Node & { readonly kind: 'pointer' };

/** What template parameters stand for, and what they stand for in there. */
export interface Scope {
  /** Undefined in the parameters of a closure, which have no arguments. */
  readonly args?: readonly Node[];
  readonly outer?: Scope;
}

/** Looks up parameters in the function that is printed. */
export class Meanings {
  scope: Scope | undefined;
  /** The turn of the expansion that is printed. */
  turn: number | undefined;
  readonly #step: () => void;

  /** `step` counts the work, and ends it where there is too much. */
  constructor(step: () => void) {
    this.#step = step;
  }

  /** The argument of a parameter; in an expansion, the element of its turn. */
  argOf(index: number): Node {
    const arg = this.scope?.args?.[index];
    if (arg === undefined) throw new NotMangled();
    return arg.kind === 'pack' && this.turn !== undefined
      ? (arg.elements[this.turn] ?? { kind: 'pack', elements: [] })
      : arg;
  }

  /** Qualifiers that the type does not have by its parameter already. */
  newWords(of: Node, words: string): string {
    const target = this.resolved(of);
    if (target.kind !== 'qualified') return words;
    const known = target.words.split(' ');
    return words
      .split(/(?= )/)
      .filter((word) => !known.includes(word.trim()))
      .join('');
  }

  /** The type that a parameter stands for. */
  resolved(node: Node): Node {
    if (node.kind !== 'param' || this.scope?.args === undefined) return node;
    return this.argOf(node.index);
  }

  /** What a type is whose pointers stand in parentheses. */
  declarator(node: Node): 'function' | 'array' | undefined {
    let at = this.resolved(node);
    while (at.kind === 'qualified') {
      this.#step();
      at = this.resolved(at.of);
    }
    return at.kind === 'function' || at.kind === 'array' ? at.kind : undefined;
  }

  /** A reference to a reference is one reference. Source: [dcl.ref]. */
  collapsed(pointer: Pointer): Pick<Pointer, 'to' | 'mark'> {
    if (pointer.mark === '*') return pointer;
    let { to, mark } = pointer;
    for (;;) {
      this.#step();
      const target = this.resolved(to);
      if (target.kind !== 'pointer' || target.mark === '*') return { to, mark };
      if (target.mark === '&') mark = '&';
      to = target.to;
    }
  }

  packOf(node: Node): Pack | undefined {
    if (node.kind !== 'param') return undefined;
    const arg = this.scope?.args?.[node.index];
    return arg?.kind === 'pack' ? arg : undefined;
  }

  /** The first parameter that stands for a pack; not in expansions, which are ones of their own. */
  findPack(pattern: Node): Pack | undefined {
    const seen = new Set<Node>();
    const stack: Node[] = [pattern];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      this.#step();
      const pack = this.packOf(node);
      if (pack !== undefined) return pack;
      if (seen.has(node) || node.kind === 'expansion') continue;
      seen.add(node);
      stack.push(...childrenOf(node).reverse());
    }
    return undefined;
  }
}

function childrenOf(node: Node): Node[] {
  switch (node.kind) {
    case 'parts':
      return node.parts.filter((part) => typeof part !== 'string');
    case 'template':
      return [node.name, ...node.args];
    case 'pack':
      return [...node.elements];
    case 'qualified':
    case 'length':
      return [node.of];
    case 'pointer':
      return [node.to];
    case 'member-pointer':
      return [node.owner, node.to];
    case 'array':
      return node.size === undefined ? [node.of] : [node.of, node.size];
    case 'function':
      return [
        ...(node.name ? [node.name] : []),
        ...(node.result ? [node.result] : []),
        ...node.params,
      ];
    default:
      return [];
  }
}
