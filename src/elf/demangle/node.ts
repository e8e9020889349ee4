/**
 * What a mangled name stands for, as a tree: made by the parsers, turned into text by print.ts. Nodes are
 * shared where the name refers to an earlier part of itself.
 */

/** A part of a name. Types have text before and behind the name that they declare. */
export type Node =
  /** Parts in a row, each whole. */
  | { readonly kind: 'parts'; readonly parts: readonly Part[] }
  | { readonly kind: 'template'; readonly name: Node; readonly args: readonly Node[] }
  /** Arguments that stand for one template parameter. */
  | { readonly kind: 'pack'; readonly elements: readonly Node[] }
  /** A template parameter of the function that it is printed in; of a closure, a parameter's type. */
  | { readonly kind: 'param'; readonly index: number }
  /** The pattern once for each element of the packs in it. */
  | { readonly kind: 'expansion'; readonly pattern: Node }
  /** The number of elements of the pack in it. */
  | { readonly kind: 'length'; readonly of: Node }
  /** Words behind a type, such as ` const`. */
  | { readonly kind: 'qualified'; readonly of: Node; readonly words: string }
  | { readonly kind: 'pointer'; readonly to: Node; readonly mark: '*' | '&' | '&&' }
  | { readonly kind: 'member-pointer'; readonly owner: Node; readonly to: Node }
  | { readonly kind: 'array'; readonly of: Node; readonly size?: Node }
  | FunctionNode
  | { readonly kind: 'lambda'; readonly params: readonly Node[]; readonly number: number };

/** Text, or a part of a name. */
export type Part = string | Node;

/** A function: a type where it has no name. */
export interface FunctionNode {
  readonly kind: 'function';
  readonly name?: Node;
  readonly result?: Node;
  readonly params: readonly Node[];
  /** What stands behind the parameters, such as ` const`. */
  readonly suffix: readonly Part[];
  /** What the template parameters in it stand for. */
  readonly args?: readonly Node[];
  /** The name is that of a member, which its address shows without the parameters. */
  readonly isMember?: boolean;
}

/** A name or a piece of text as a node. */
export function textNode(...parts: readonly Part[]): Node {
  return { kind: 'parts', parts };
}
