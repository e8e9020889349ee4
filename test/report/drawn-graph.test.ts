/**
 * What `--format dot` and `mermaid` draw: not what other needs imply, and no more than is asked for. What
 * is too much for the tool that draws it is said, with what would not be.
 */
import { describe, expect, it } from 'vitest';
import { sizeNotes } from '../../src/report/trace/drawing-notes.js';
import { drawnGraph } from '../../src/report/trace/merged-graph.js';
import type { ReportInput } from '../../src/report/trace/report.js';
import { runCli } from '../support/cli-runner.js';
import { diskWorld, removeDiskWorldsAfterwards } from '../support/disk-world.js';
import { closureOf, glibcSystem, program, TRIPLET, type World } from '../support/world.js';

removeDiskWorldsAfterwards();

const LIB = `/usr/lib/${TRIPLET}`;

/** A program `main` and libraries, by what each needs. */
function worldOf(
  needs: Readonly<Record<string, readonly string[]>>,
): Record<string, World[string]> {
  const world: Record<string, World[string]> = { ...glibcSystem(36) };
  for (const [name, needed] of Object.entries(needs))
    if (name === 'main') world['/app/main'] = program({ needed });
    else world[`${LIB}/${name}`] = { needed };
  return world;
}

const inputOf = (world: World, more: Partial<ReportInput> = {}): ReportInput => ({
  root: '/',
  closures: [closureOf(world)],
  errors: [],
  names: new Map(),
  verbose: false,
  color: false,
  ...more,
});

/** The edges of the drawing, by the titles of their ends. */
function drawn(world: World, more: Partial<ReportInput> = {}): string[] {
  const { nodes, edges } = drawnGraph(inputOf(world, more));
  const titles = new Map(nodes.map(({ id, title }) => [id, title]));
  return edges.map(({ from, to }) => `${titles.get(from)} ${titles.get(to)}`);
}

const CHAIN = worldOf({
  main: ['liba.so', 'libb.so', 'libgone.so', 'libe.so'],
  'liba.so': ['libb.so', 'libgone.so', 'libe.so'],
  'libb.so': ['libd.so', 'libe.so'],
  'libd.so': ['libe.so'],
  'libe.so': [],
});

describe('a drawing', () => {
  it('has the needs that no others imply, and every need of a missing file or interpreter', () => {
    expect(drawn(CHAIN).sort()).toEqual([
      '/app/main ld-linux-x86-64.so.2',
      '/app/main liba.so',
      '/app/main libgone.so',
      'liba.so libb.so',
      'liba.so libgone.so',
      'libb.so libd.so',
      'libd.so libe.so',
    ]);
  });

  it('has all with --all-edges', () => {
    expect(
      drawn(CHAIN, { hasAllEdges: true }).filter((edge) => edge.endsWith(' libe.so')),
    ).toHaveLength(4);
  });

  it('ends at a depth, by the shortest way', () => {
    expect(drawn(CHAIN, { depth: 1 })).not.toContain('libb.so libd.so');
    // The program needs libe.so itself.
    expect(drawn(CHAIN, { depth: 1 })).toContain('libb.so libe.so');
    expect(drawn(CHAIN, { depth: 2 })).toContain('libb.so libd.so');
    expect(drawnGraph(inputOf(CHAIN, { depth: 1 })).furtherNodes).toBe(1);
  });
});

/** So many layers of libraries, each of which needs every library of the next layer. */
function layers(count: number, width: number): World {
  const layer = (index: number) =>
    index < count ? Array.from({ length: width }, (_, i) => `lib${index}-${i}.so`) : [];
  const needs: Record<string, readonly string[]> = { main: layer(0) };
  for (let index = 0; index < count; index++)
    for (const name of layer(index)) needs[name] = layer(index + 1);
  return worldOf(needs);
}

it('the depth that fits is found in few drawings, however long the chains are', () => {
  const input = inputOf(layers(300, 1));
  let drawings = 0;
  const format = (smaller: ReportInput) => {
    drawings++;
    return 'x'.repeat(drawnGraph(smaller).edges.length);
  };
  const limits = { tool: 'it takes no more than', edges: 217 };
  // One edge leads to the interpreter.
  const [note] = sizeNotes(input, { format }, limits);
  expect(note).toContain('; --depth 216 draws less');
  expect(drawings).toBeLessThan(25);
});

describe('the command', () => {
  const root = diskWorld(layers(8, 10));
  const run = (...args: string[]) => runCli(['--root', root, '/app/main', '-f', ...args]);

  it('says what mermaid refuses, and which depth it draws', async () => {
    const { code, stderr } = await run('mermaid');
    expect(code).toBe(0);
    const count = 10 + 7 * 100 + 1;
    expect(stderr).toBe(
      `elfdeps: note: mermaid refuses more than 500 edges, and this graph has ${count}; --depth 5 draws less\n`,
    );
    const fitting = await run('mermaid', '--depth', '5');
    expect(fitting.stderr).toBe('');
    expect(fitting.stdout.match(/ --> /g)?.length).toBe(10 + 4 * 100);
    expect(fitting.stdout).toContain('%% left out: 30 files further away\n');
    expect((await run('mermaid', '--quiet')).stderr).toBe('');
    expect((await run('dot')).stderr).toBe('');
  });

  it('says that all edges are too many, where those that count are not', async () => {
    const chain: Record<string, readonly string[]> = {};
    const names = Array.from({ length: 40 }, (_, i) => `lib${i}.so`);
    names.forEach((name, i) => {
      chain[name] = names.slice(i + 1);
    });
    const world = diskWorld(worldOf({ main: names, ...chain }));
    const args = ['--root', world, '/app/main', '-f', 'mermaid'];
    const { stdout, stderr } = await runCli(args);
    expect(stderr).toBe('');
    expect(stdout).toContain('%% left out: 780 needs that others imply (--all-edges draws all)\n');
    expect((await runCli([...args, '--all-edges'])).stderr).toBe(
      'elfdeps: note: mermaid refuses more than 500 edges, and this graph has 821; leave out --all-edges\n',
    );
  });

  it.each([
    [['text', '--depth', '2'], /^elfdeps: --depth is for --format (?:tree, )?dot and mermaid\n$/],
    [['list', '--all-edges'], /^elfdeps: --all-edges is for --format dot and mermaid\n$/],
    [['json', '--null'], /^elfdeps: --null is for --format list\n$/],
    [['dot', '--depth', '0'], /^elfdeps: --depth takes a whole number from 1 on, not '0'\n$/],
    [['dot', '--depth', ''], /^elfdeps: --depth takes a whole number from 1 on, not ''\n$/],
    [['dot', '--depth', '2x'], /^elfdeps: --depth takes a whole number from 1 on, not '2x'\n$/],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
