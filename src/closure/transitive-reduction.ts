/**
 * A graph without the edges that say nothing new: an edge goes where a longer way leads to the same
 * node. What can be reached stays the same. Edges of a circle stay, since each of them says something.
 * Source: Aho, Garey and Ullman, The Transitive Reduction of a Directed Graph (1972), on the
 * components that Tarjan's algorithm finds.
 */
import { addTo } from '../root/multimap.js';

/** An edge between two nodes, by their numbers. */
export interface Edge {
  readonly from: number;
  readonly to: number;
}

/**
 * The edges without which something could not be reached any more, in their order; equal edges stay
 * or go together. Where several nodes of one circle have an edge to another circle, the first stays.
 */
export function transitiveReduction<Each extends Edge>(edges: readonly Each[]): Each[] {
  const components = componentsOf(successorsOf(edges));
  const componentOf = (node: number) => components.get(node) ?? 0;
  /** The first edge between two components, by both. */
  const outer = new Map<number, Map<number, Each>>();
  for (const edge of edges) {
    const [from, to] = [componentOf(edge.from), componentOf(edge.to)];
    if (from === to) continue;
    const others = outer.get(from) ?? new Map<number, Each>();
    outer.set(from, others);
    if (!others.has(to)) others.set(to, edge);
  }
  const needed = neededSuccessors(outer);
  return edges.filter((edge) => {
    const [from, to] = [componentOf(edge.from), componentOf(edge.to)];
    const first = outer.get(from)?.get(to);
    if (first === undefined) return true;
    return (needed.get(from)?.has(to) ?? false) && edge.from === first.from && edge.to === first.to;
  });
}

/** For each component of several successors or one, those to which no other one leads. */
function neededSuccessors(
  outer: ReadonlyMap<number, ReadonlyMap<number, unknown>>,
): Map<number, ReadonlySet<number>> {
  const needed = new Map<number, ReadonlySet<number>>();
  for (const [from, others] of outer) {
    // A component has a greater number than all that it leads to, so the nearest come first.
    const sorted = [...others.keys()].sort((a, b) => b - a);
    const lowest = sorted.at(-1) ?? 0;
    const reached = new Set<number>();
    const kept = new Set<number>();
    for (const to of sorted) {
      if (reached.has(to)) continue;
      kept.add(to);
      addReachable(to, lowest, outer, reached);
    }
    needed.set(from, kept);
  }
  return needed;
}

/** Adds what `start` leads to, down to the component `lowest`. */
function addReachable(
  start: number,
  lowest: number,
  outer: ReadonlyMap<number, ReadonlyMap<number, unknown>>,
  reached: Set<number>,
): void {
  const waiting = [start];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop())
    for (const next of outer.get(at)?.keys() ?? []) {
      if (next < lowest || reached.has(next)) continue;
      reached.add(next);
      waiting.push(next);
    }
}

function successorsOf(edges: readonly Edge[]): Map<number, number[]> {
  const successors = new Map<number, number[]>();
  for (const { from, to } of edges) {
    addTo(successors, from, to);
    if (!successors.has(to)) successors.set(to, []);
  }
  return successors;
}

/**
 * The number of each node's component: nodes that lead to each other share one, and a component has a
 * greater number than those that it leads to. Not recursive: chains may be long.
 */
function componentsOf(successors: ReadonlyMap<number, readonly number[]>): Map<number, number> {
  const components = new Map<number, number>();
  const search: Search = { order: new Map(), low: new Map(), open: [] };
  let count = 0;
  /** Closes the component of a node that leads to no other, if it is the first of one. */
  const leave = (node: number, above: number | undefined) => {
    if (above !== undefined) lower(above, search.low.get(node), search);
    if (search.low.get(node) === search.order.get(node))
      closeComponent(node, count++, search, components);
  };
  for (const root of successors.keys()) {
    const path = search.order.has(root) ? [] : [enter(root, search)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = successors.get(top.node)?.[top.next++];
      if (next === undefined) {
        path.pop();
        leave(top.node, path.at(-1)?.node);
      } else if (!search.order.has(next)) path.push(enter(next, search));
      else if (!components.has(next)) lower(top.node, search.order.get(next), search);
    }
  }
  return components;
}

interface Search {
  /** When a node was entered, and the earliest open node that it leads to. */
  readonly order: Map<number, number>;
  readonly low: Map<number, number>;
  /** Nodes that have no component yet. */
  readonly open: number[];
}

function enter(node: number, { order, low, open }: Search): { node: number; next: number } {
  low.set(node, order.size);
  order.set(node, order.size);
  open.push(node);
  return { node, next: 0 };
}

function lower(node: number, value: number | undefined, { low }: Search): void {
  if (value !== undefined && value < (low.get(node) ?? 0)) low.set(node, value);
}

/** Gives the open nodes from `first` on their component. */
function closeComponent(
  first: number,
  component: number,
  { open }: Search,
  components: Map<number, number>,
): void {
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    components.set(node, component);
    if (node === first) return;
  }
}
