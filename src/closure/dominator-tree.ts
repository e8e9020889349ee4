/**
 * The dominator tree of a graph: which node every way to another one goes through.
 * Source: Cooper, Harvey and Kennedy, A Simple, Fast Dominance Algorithm (2001).
 */

/** A need between numbered nodes, of one closure or of several. */
export interface Link {
  readonly from: { readonly id: number };
  readonly to: { readonly id: number };
}

/** What dominatorTree() gives. */
export interface DominatorTree {
  /** Reachable nodes, each after one that leads to it. */
  readonly order: readonly number[];
  /** The immediate dominator of each node; of the first one itself. */
  readonly above: readonly (number | undefined)[];
  dominates(upper: number, lower: number): boolean;
}

/** The dominator tree of a graph whose node 0 leads to all others; nodes that it does not reach have none. */
export function dominatorTree(
  needsOf: readonly (readonly Link[])[],
  needersOf: readonly (readonly Link[])[],
): DominatorTree {
  const order = reversePostorder(needsOf);
  const place = new Map(order.map((id, index) => [id, index]));
  const above: (number | undefined)[] = needsOf.map(() => undefined);
  above[0] = 0;
  const placeOf = (id: number) => place.get(id) ?? 0;
  const meet = (a: number, b: number): number => {
    let [x, y] = [a, b];
    while (x !== y)
      if (placeOf(x) > placeOf(y)) x = above[x] ?? 0;
      else y = above[y] ?? 0;
    return x;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const id of order.slice(1)) {
      const known = (needersOf[id] ?? []).map(({ from }) => from.id);
      const next = known.filter((from) => above[from] !== undefined).reduce(meet);
      if (above[id] !== next) changed = true;
      above[id] = next;
    }
  }
  return {
    order,
    above,
    dominates(upper, lower) {
      let at = lower;
      while (at !== upper && at !== 0) at = above[at] ?? 0;
      return at === upper;
    },
  };
}

/** Without recursion: a chain of libraries may be as long as a file system holds. */
function reversePostorder(needsOf: readonly (readonly Link[])[]): number[] {
  const done: number[] = [];
  const seen = new Set([0]);
  const stack = [{ id: 0, next: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const need = needsOf[top.id]?.[top.next++];
    if (need === undefined) {
      done.push(top.id);
      stack.pop();
    } else if (!seen.has(need.to.id)) {
      seen.add(need.to.id);
      stack.push({ id: need.to.id, next: 0 });
    }
  }
  return done.reverse();
}
