/**
 * `--format dot` as Graphviz reads it: every node and need of real programs and of hostile names.
 */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { dot } from '../../src/report/trace/dot.js';
import { mergedGraph } from '../../src/report/trace/merged-graph.js';
import { reportWorlds } from '../support/report-worlds.js';
import { command, describeWith } from '../support/requirement.js';
import { closureOf, glibcSystem, program, traceWorld } from '../support/world.js';

describeWith('Graphviz', [command('dot')], () => {
  const input = (closures: ReturnType<typeof traceWorld>['closures']) => ({
    root: '/',
    closures,
    errors: [],
    names: new Map<string, string>(),
    verbose: false,
    color: false,
  });
  const hostile = program({ needed: ['"];x->y["', '\\N\\', '&lt;', 'a-->b', '<b>', 'a\nb', '\\'] });
  const worlds = [
    ...reportWorlds.map(({ name, world, programs, options }) => ({
      name,
      closures: traceWorld(world, programs, options).closures,
    })),
    {
      name: 'hostile names',
      closures: [closureOf({ ...glibcSystem(36), '/app/main': hostile })],
    },
  ];

  it.each(worlds)('$name', ({ closures }) => {
    const { nodes, edges } = mergedGraph(input(closures));
    const text = dot.format(input(closures));
    const run = (format: string) =>
      execFileSync('dot', [`-T${format}`], { input: text, encoding: 'utf8', stdio: 'pipe' });
    const parsed = JSON.parse(run('dot_json')) as { objects?: object[]; edges?: object[] };
    expect([parsed.objects?.length ?? 0, parsed.edges?.length ?? 0]).toEqual([
      nodes.length,
      edges.length,
    ]);
    // What is drawn is the name itself, each backslash and entity once.
    const drawn = [...run('svg').matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((m) => plain(m[1]));
    for (const { title } of nodes)
      expect(drawn).toContain(title.replaceAll('\n', '\\x0a').replaceAll('\x1b', '\\x1b'));
  });
});

function plain(svg = ''): string {
  return svg
    .replaceAll(/&#(\d+);/g, (_all, code) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('\u00a0', ' ');
}
