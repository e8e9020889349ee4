/**
 * The chains of needs from the program of a closure to one of its objects: how many there are, and
 * the shortest of them. There may be too many to list, so they are counted without being listed.
 */
import type { Need, NeedGraph, NeedNode } from './need-graph.js';

/** What leads from the program to one of its objects. */
export interface NeedChains {
  /** The shortest first, those of equal length in load order. */
  readonly chains: readonly (readonly Need[])[];
  /** How many there are, exactly; undefined where there are more than {@link moreThan}. */
  readonly total?: number;
  /** Where they were not counted to the end: a number that there are more of. */
  readonly moreThan?: number;
}

/**
 * Steps after which a search ends: objects that partial chains are compared with, since a chain passes none
 * twice. And needs in the chains that are listed, the text of some megabytes.
 */
const MAX_COMPARED = 1 << 23;
const MAX_LISTED = 1 << 17;

/**
 * At most `limit` chains to a node, without one that passes an object twice; fewer if they are long, but
 * one at least.
 */
export function needChains(graph: NeedGraph, target: NeedNode, limit: number): NeedChains {
  const distance = distancesTo(graph, target);
  const waiting = new Waiting();
  const start = distance.get(0);
  if (start !== undefined) waiting.add({ at: 0, steps: 0 }, start);
  const chains: Need[][] = [];
  let listed = 0;
  let isCutShort = false;
  for (let partial = waiting.next(); partial !== undefined; partial = waiting.next()) {
    isCutShort = chains.length >= limit || listed > MAX_LISTED || waiting.compared > MAX_COMPARED;
    if (isCutShort) break;
    if (partial.at === target.id) {
      listed += partial.steps;
      chains.push(needsOfPartial(partial));
    } else addLonger(graph, partial, distance, waiting);
  }
  if (!isCutShort) return { chains, total: chains.length };
  const total = countChains(graph, target, distance);
  if (total === undefined) return { chains, moreThan: chains.length };
  // Above it, not every number is one that a double can hold.
  return total > Number.MAX_SAFE_INTEGER
    ? { chains, moreThan: Number.MAX_SAFE_INTEGER }
    : { chains, total };
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
    if (rest === undefined) continue;
    waiting.compared += partial.steps + 1;
    if (passes(partial, need.to.id)) continue;
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
  /** How many objects were compared in all. */
  compared = 0;

  add(partial: Partial, length: number): void {
    this.#byLength[length] ??= [];
    this.#byLength[length].push(partial);
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

/**
 * Sums from the target upwards, Infinity above the largest number; undefined where needs go in circles, which
 * no sum can count.
 */
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
