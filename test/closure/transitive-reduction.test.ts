/**
 * The transitive reduction against what it promises, counted a second, slow way on random graphs: what
 * can be reached stays, and no edge is left that could go.
 */
import { describe, expect, it } from 'vitest';
import { type Edge, transitiveReduction } from '../../src/closure/transitive-reduction.js';
import { Random } from '../support/random.js';

const edges = (text: string): Edge[] =>
  text.split(' ').map((pair) => {
    const [from = 0, to = 0] = pair.split('>').map(Number);
    return { from, to };
  });
const textOf = (reduced: readonly Edge[]) =>
  reduced.map(({ from, to }) => `${from}>${to}`).join(' ');

/** The nodes that each node leads to, itself only by a circle. */
function reachable(graph: readonly Edge[]): Map<number, Set<number>> {
  const nodes = new Set(graph.flatMap(({ from, to }) => [from, to]));
  return new Map(
    [...nodes].map((start) => {
      const seen = new Set<number>();
      const waiting = [start];
      for (let at = waiting.pop(); at !== undefined; at = waiting.pop())
        for (const { from, to } of graph)
          if (from === at && !seen.has(to)) {
            seen.add(to);
            waiting.push(to);
          }
      return [start, seen];
    }),
  );
}

describe('the transitive reduction', () => {
  it.each([
    ['nothing', '0>1', '0>1'],
    ['a shortcut', '0>1 1>2 0>2', '0>1 1>2'],
    ['shortcuts of several steps', '0>3 0>1 1>2 2>3 1>3', '0>1 1>2 2>3'],
    ['both sides of a diamond', '0>1 0>2 1>3 2>3 0>3', '0>1 0>2 1>3 2>3'],
    ['equal edges, that stay together', '0>1 0>1 1>2 0>2 0>2', '0>1 0>1 1>2'],
    ['circles, that stay', '0>1 1>2 2>1', '0>1 1>2 2>1'],
    ['a second edge into a circle', '0>1 0>2 1>2 2>1', '0>1 1>2 2>1'],
    ['a second edge out of a circle', '1>2 2>1 1>3 2>3', '1>2 2>1 1>3'],
  ])('%s', (_what, given, expected) => {
    expect(textOf(transitiveReduction(edges(given)))).toBe(expected);
  });

  it.each(Array.from({ length: 200 }, (_, seed) => seed))('of random graph %i', (seed) => {
    const random = new Random(seed);
    const nodes = 2 + random.below(12);
    // Half of the graphs have circles.
    const hasCircles = seed % 2 === 1;
    const graph = Array.from({ length: random.below(4 * nodes) }, () => ({
      from: random.below(nodes),
      to: random.below(nodes),
    })).filter(({ from, to }) => (hasCircles ? from !== to : from < to));
    const reduced = transitiveReduction(graph);
    const before = reachable(graph);
    expect(reachable(reduced)).toEqual(before);
    const isInCircle = ({ from, to }: Edge) => before.get(to)?.has(from) ?? false;
    for (const edge of reduced) {
      const equal = (other: Edge) => other.from === edge.from && other.to === edge.to;
      const without = reduced.filter((other) => !equal(other));
      if (!isInCircle(edge)) expect(reachable(without).get(edge.from)?.has(edge.to)).not.toBe(true);
    }
  });

  it('takes one look for each step of a long chain', () => {
    const length = 100_000;
    const chain = Array.from({ length }, (_, from) => ({ from, to: from + 1 }));
    expect(transitiveReduction([...chain, { from: 0, to: length }])).toEqual(chain);
  });
});
