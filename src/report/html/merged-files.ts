/**
 * The graphs of all closures as one, for the HTML page: a file that several programs load is one, and so
 * is a missing name. Tells for each file what holds it, and what would go without it, over all programs.
 */
import type { Closure } from '../../closure/closure.js';
import { dominatorTree, type Link } from '../../closure/dominator-tree.js';
import { type Need, type NeedGraph, type NeedNode, needGraph } from '../../closure/need-graph.js';
import type { PageCost, PageNeed } from './page-data.js';

/** A file of the merged graph, or a name without one; its place in the list is its number. */
export interface MergedFile {
  /** As the first closure has it that loads it; as a program where one of them is that program. */
  readonly node: NeedNode;
  /** The closure of `node`. */
  readonly closure: Closure;
  readonly cost: PageCost;
  /** The number of the file that every chain to it goes through; undefined where there is none. */
  readonly holder?: number;
}

/** All files, the needs between them, and the files of each closure, by their numbers. */
export interface MergedFiles {
  readonly files: readonly MergedFile[];
  readonly needs: readonly PageNeed[];
  /** Of each closure, the program first. */
  readonly loads: readonly (readonly number[])[];
}

/** Files in load order, program after program; each need once. */
export function mergedFiles(closures: readonly Closure[]): MergedFiles {
  const numbers = new Map<string, number>();
  const owners: { node: NeedNode; closure: Closure }[] = [];
  const needs = new Map<string, PageNeed>();
  const loads = closures.map((closure) => {
    const graph = needGraph(closure);
    const own = graph.nodes.map((node) => numberOf(node, closure, numbers, owners));
    for (const [key, need] of numberedNeeds(graph, own)) needs.set(key, need);
    return own;
  });
  const links = [...needs.values()];
  const held = holders(
    owners.map(({ node }) => node.size),
    links,
    loads,
  );
  const files = owners.map((owner, number) => ({ ...owner, ...(held[number] as Held) }));
  return { files, needs: links, loads };
}

function numberOf(
  node: NeedNode,
  closure: Closure,
  numbers: Map<string, number>,
  owners: { node: NeedNode; closure: Closure }[],
): number {
  const key = node.realPath ?? `?${node.name}`;
  const known = numbers.get(key);
  if (known === undefined) {
    numbers.set(key, owners.length);
    return owners.push({ node, closure }) - 1;
  }
  // A library that the user named too is shown as the user named it.
  if (node.role === 'program') owners[known] = { node, closure };
  return known;
}

function numberedNeeds(graph: NeedGraph, own: readonly number[]): [string, PageNeed][] {
  return graph.needs.map(({ from, to, kind }: Need) => {
    const [start, end] = [own[from.id] as number, own[to.id] as number];
    const need: PageNeed = kind === 'needed' ? [start, end] : [start, end, kind];
    return [need.join(' '), need];
  });
}

type Held = Pick<MergedFile, 'cost' | 'holder'>;

/** The dominator tree below a node that stands for the user, who asks for every program. */
function holders(
  sizes: readonly number[],
  needs: readonly PageNeed[],
  loads: readonly (readonly number[])[],
): Held[] {
  const needsOf: Link[][] = [...sizes, 0].map(() => []);
  const needersOf: Link[][] = [...sizes, 0].map(() => []);
  const add = (from: number, to: number) => {
    const link = { from: { id: from }, to: { id: to } };
    needsOf[from]?.push(link);
    needersOf[to]?.push(link);
  };
  for (const [program] of loads) if (program !== undefined) add(0, program + 1);
  for (const [from, to] of needs) add(from + 1, to + 1);
  const { order, above } = dominatorTree(needsOf, needersOf);
  const costs: [number, number][] = [
    [0, 0],
    ...sizes.map((size): [number, number] => [size > 0 ? 1 : 0, size]),
  ];
  for (const id of [...order].reverse()) {
    const [upper, own] = [costs[above[id] as number], costs[id]];
    if (id === 0 || upper === undefined || own === undefined) continue;
    upper[0] += own[0];
    upper[1] += own[1];
  }
  return sizes.map((_, number) => {
    const holder = above[number + 1];
    return { cost: costs[number + 1] as PageCost, holder: holder ? holder - 1 : undefined };
  });
}
