/**
 * The chains of needs from the program of a closure to one of its objects: how many there are, and
 * the shortest of them. There may be more than anybody could list, so that counting and listing are
 * two things.
 */
import type { Need, NeedGraph, NeedNode } from './need-graph.js';

/** What leads from the program to one of its objects. */
export interface NeedChains {
  /** The shortest first, those of equal length in load order. */
  readonly chains: readonly (readonly Need[])[];
  /** How many there are; undefined where libraries need each other and not all were followed. */
  readonly total?: number;
}

/** Partial chains after which a search among libraries that need each other ends. */
const PATIENCE = 200_000;

/** At most `limit` chains to a node, without one that passes an object twice. */
export function needChains(graph: NeedGraph, target: NeedNode, limit: number): NeedChains {
  const distance = distancesTo(graph, target);
  const waiting = new Waiting();
  const start = distance.get(0);
  if (start !== undefined) waiting.add({ at: 0, steps: 0 }, start);
  const chains: Need[][] = [];
  let isCutShort = false;
  for (let partial = waiting.next(); partial !== undefined; partial = waiting.next()) {
    isCutShort = chains.length >= limit || waiting.added > PATIENCE;
    if (isCutShort) break;
    if (partial.at === target.id) chains.push(needsOfPartial(partial));
    else addLonger(graph, partial, distance, waiting);
  }
  const total = isCutShort ? countChains(graph, target, distance) : chains.length;
  return { chains, total };
}

/** Adds the chains that are one need longer, in the order in which they come out of the stack. */
function addLonger(
  graph: NeedGraph,
  partial: Partial,
  distance: ReadonlyMap<number, number>,
  waiting: Waiting,
): void {
  for (const need of [...(graph.needsOf[partial.at] ?? [])].reverse()) {
    const rest = distance.get(need.to.id);
    if (rest === undefined || passes(partial, need.to.id)) continue;
    const steps = partial.steps + 1;
    waiting.add({ at: need.to.id, need, before: partial, steps }, steps + rest);
  }
}

/**
 * Partial chains by the length they will have at least. The newest of a length comes first: it is the
 * nearest to its end, and the others wait without becoming more.
 */
class Waiting {
  readonly #byLength: Partial[][] = [];
  #length = 0;
  /** How many were added in all. */
  added = 0;

  add(partial: Partial, length: number): void {
    this.#byLength[length] ??= [];
    this.#byLength[length].push(partial);
    this.added++;
  }

  /** The one that is shortest at least; undefined when there are no more. */
  next(): Partial | undefined {
    for (; this.#length < this.#byLength.length; this.#length++) {
      const partial = this.#byLength[this.#length]?.pop();
      if (partial !== undefined) return partial;
    }
    return undefined;
  }
}

interface Partial {
  readonly at: number;
  readonly steps: number;
  readonly need?: Need;
  readonly before?: Partial;
}

function passes(partial: Partial, id: number): boolean {
  for (let at: Partial | undefined = partial; at !== undefined; at = at.before)
    if (at.at === id) return true;
  return false;
}

function needsOfPartial(partial: Partial): Need[] {
  const needs: Need[] = [];
  for (let at: Partial | undefined = partial; at !== undefined; at = at.before)
    if (at.need !== undefined) needs.push(at.need);
  return needs.reverse();
}

/** Needs to the target at least, from each node that leads to it. */
function distancesTo(graph: NeedGraph, target: NeedNode): Map<number, number> {
  const distance = new Map([[target.id, 0]]);
  // A map is walked in the order of insertion, what is added on the way included.
  for (const [id, steps] of distance)
    for (const { from } of graph.needersOf[id] ?? [])
      if (!distance.has(from.id)) distance.set(from.id, steps + 1);
  return distance;
}

/** Sums from the target upwards; undefined where needs go in circles, which no sum can count. */
function countChains(
  graph: NeedGraph,
  target: NeedNode,
  distance: ReadonlyMap<number, number>,
): number | undefined {
  const isOnTheWay = (need: Need) => distance.has(need.to.id) && need.from !== target;
  const waiting = new Map<number, number>();
  for (const id of distance.keys())
    waiting.set(id, (graph.needsOf[id] ?? []).filter(isOnTheWay).length);
  const counts = new Map([[target.id, 1]]);
  const ready = [target.id];
  for (const id of ready)
    for (const { from } of (graph.needersOf[id] ?? []).filter(isOnTheWay)) {
      counts.set(from.id, (counts.get(from.id) ?? 0) + (counts.get(id) ?? 0));
      const left = (waiting.get(from.id) ?? 0) - 1;
      waiting.set(from.id, left);
      if (left === 0) ready.push(from.id);
    }
  return ready.length === distance.size ? counts.get(0) : undefined;
}
