/**
 * The graph of needs: costs by dominators against a second, slow way to count them, and chains
 * against every path of small worlds; what must not take long, does not.
 */
import { describe, expect, it } from 'vitest';
import { findNeeded, similarNames } from '../../src/closure/find-needed.js';
import { needChains } from '../../src/closure/need-chains.js';
import { type NeedGraph, type NeedNode, needGraph } from '../../src/closure/need-graph.js';
import { closureOf, glibcSystem, program, TRIPLET, type World } from '../support/world.js';

const LIB = `/usr/lib/${TRIPLET}`;

/** A program `main` and libraries, by what each needs. */
function graphOf(needs: Readonly<Record<string, readonly string[]>>): NeedGraph {
  const world: Record<string, World[string]> = { ...glibcSystem(36) };
  for (const [name, needed] of Object.entries(needs))
    if (name === 'main') world['/app/main'] = program({ needed });
    else world[`${LIB}/${name}`] = { needed };
  return needGraph(closureOf(world));
}

function nodeOf(graph: NeedGraph, name: string): NeedNode {
  const node = graph.nodes.find((n) => n.name === name);
  if (node === undefined) throw new Error(`no node ${name}`);
  return node;
}

function chainsOf(graph: NeedGraph, name: string, limit = 100) {
  const { chains, ...counted } = needChains(graph, nodeOf(graph, name), limit);
  return { chains: chains.map((c) => c.map(({ to }) => to.name).join(' ')), ...counted };
}

/** Bytes that can be reached no more when needs are taken away: counted by walking. */
function lostWithout(graph: NeedGraph, gone: (from: number, to: number) => boolean): number {
  const seen = new Set([0]);
  for (const id of seen)
    for (const need of graph.needsOf[id] ?? []) if (!gone(id, need.to.id)) seen.add(need.to.id);
  return graph.nodes.filter(({ id }) => !seen.has(id)).reduce((sum, { size }) => sum + size, 0);
}

const DIAMOND = {
  main: ['liba.so', 'libb.so'],
  'liba.so': ['libc.so'],
  'libb.so': ['libc.so', 'libe.so'],
  'libc.so': ['libd.so'],
  'libd.so': [],
  'libe.so': [],
};
const CIRCLE = {
  main: ['liba.so', 'libx.so'],
  'liba.so': ['libb.so'],
  'libb.so': ['libc.so'],
  'libc.so': ['liba.so', 'libx.so'],
  'libx.so': ['libb.so'],
};
/** Pairs of libraries, each needing both of the next pair: 2^40 chains. */
const LADDER: Record<string, string[]> = { main: ['lib0a.so', 'lib0b.so'], 'libend.so': [] };
for (let i = 0; i < 40; i++)
  for (const side of ['a', 'b'])
    LADDER[`lib${i}${side}.so`] = i < 39 ? [`lib${i + 1}a.so`, `lib${i + 1}b.so`] : ['libend.so'];

describe('what a need costs', () => {
  it.each([
    ['a diamond', DIAMOND],
    ['a circle', CIRCLE],
    ['a ladder', LADDER],
  ])('%s: as a walk without it says', (_name, needs) => {
    const graph = graphOf(needs);
    for (const node of graph.nodes.slice(1))
      expect([node.name, graph.cost(node).bytes]).toEqual([
        node.name,
        lostWithout(graph, (_from, to) => to === node.id),
      ]);
    for (const need of graph.needs)
      expect([need.from.name, need.needed, graph.costOfNeed(need).bytes]).toEqual([
        need.from.name,
        need.needed,
        lostWithout(graph, (from, to) => from === need.from.id && to === need.to.id),
      ]);
  });

  it('what is held by two goes with neither, and with the library that both need', () => {
    const graph = graphOf(DIAMOND);
    expect(graph.cost(nodeOf(graph, 'libc.so')).files).toBe(2);
    expect(graph.cost(nodeOf(graph, 'liba.so')).files).toBe(1);
    expect(graph.cost(nodeOf(graph, 'libb.so')).files).toBe(2);
  });
});

describe('chains', () => {
  it('come shortest first, in load order', () => {
    expect(chainsOf(graphOf(DIAMOND), 'libc.so')).toEqual({
      chains: ['liba.so libc.so', 'libb.so libc.so'],
      total: 2,
    });
  });

  it('pass nothing twice where libraries need each other', () => {
    expect(chainsOf(graphOf(CIRCLE), 'libb.so')).toEqual({
      chains: ['liba.so libb.so', 'libx.so libb.so'],
      total: 2,
    });
    expect(chainsOf(graphOf(CIRCLE), 'libx.so').chains).toEqual([
      'libx.so',
      'liba.so libb.so libc.so libx.so',
    ]);
  });

  it('are counted without being walked', () => {
    const { chains, total } = chainsOf(graphOf(LADDER), 'libend.so', 3);
    expect(chains).toHaveLength(3);
    expect(total).toBe(2 ** 40);
  });

  it('are more than a number, where they are more than a number can tell', () => {
    const ladder: Record<string, string[]> = { main: ['a0', 'b0'], end: [] };
    for (let i = 0; i < 1500; i++)
      for (const side of 'ab') ladder[side + i] = i < 1499 ? [`a${i + 1}`, `b${i + 1}`] : ['end'];
    const graph = graphOf(ladder);
    const { chains, total, moreThan } = needChains(graph, nodeOf(graph, 'end'), 10_000);
    expect([total, moreThan]).toEqual([undefined, Number.MAX_SAFE_INTEGER]);
    expect(chains[0]).toHaveLength(1501);
    // Not 15 million, which as text are a hundred megabytes.
    expect(chains.flat().length).toBeLessThan(200_000);
  });

  it('end in time where nothing can be counted', () => {
    const everyone = Array.from({ length: 40 }, (_, index) => `lib${index}.so`);
    const graph = graphOf({
      main: everyone,
      ...Object.fromEntries(everyone.map((name) => [name, [...everyone, 'libend.so']])),
      'libend.so': [],
    });
    const { chains, total, moreThan } = chainsOf(graph, 'libend.so', 5);
    expect([chains.length, total, moreThan]).toEqual([5, undefined, 5]);
    expect(chains[0]).toBe('lib0.so libend.so');
  });
});

describe('names', () => {
  const graph = graphOf({
    main: ['libssl.so.3', 'libgone.so.1', `${LIB}/libfoo.so.1`],
    'libssl.so.3': ['libcrypto.so.3'],
    'libcrypto.so.3': [],
    'libfoo.so.1': [],
  });
  it.each([
    ['libssl.so.3', ['libssl.so.3']],
    ['libssl', ['libssl.so.3']],
    ['ssl', ['libssl.so.3']],
    ['libgone', ['libgone.so.1']],
    [`/lib/${TRIPLET}/libssl.so.3`, []],
    [`${LIB}/libssl.so.3`, ['libssl.so.3']],
    ['libfoo.so.1', [`${LIB}/libfoo.so.1`]],
    ['lib*o.so.3', ['libcrypto.so.3']],
    ['lib?sl.so.?', ['libssl.so.3']],
    ['lib[rs]sl.so.[[:digit:]]', ['libssl.so.3']],
    [`${LIB}/lib[!c]*.so.3`, ['libssl.so.3']],
    ['**/libcrypto.so.*', ['libcrypto.so.3']],
    ['ld-linux', ['/lib64/ld-linux-x86-64.so.2']],
    ['main', []],
    ['', []],
  ])('%s', (wanted, names) => {
    expect(findNeeded(graph, wanted).map(({ name }) => name)).toEqual(names);
  });

  it('a name with a wrong letter is guessed', () => {
    expect(similarNames(graph, 'libcrpyto.so.3')).toEqual(['libcrypto.so.3']);
    expect(similarNames(graph, 'libsll')).toContain('libssl.so.3');
    expect(similarNames(graph, 'libwayland-client.so.0')).toEqual([]);
  });
});
