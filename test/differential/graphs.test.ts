/**
 * `--format dot` as Graphviz reads it, and `--format mermaid` as mermaid draws it in a browser with its
 * default configuration: every node and need of real programs, of hostile names, and of a program of
 * ffmpeg's size.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Closure } from '../../src/closure/closure.js';
import { traceDependencies } from '../../src/index.js';
import { dot } from '../../src/report/trace/dot.js';
import { drawnGraph, mergedGraph } from '../../src/report/trace/merged-graph.js';
import { mermaid } from '../../src/report/trace/mermaid.js';
import type { ReportInput } from '../../src/report/trace/report.js';
import { directoryRoot } from '../../src/root/directory-root.js';
import { Random } from '../support/random.js';
import { reportWorlds } from '../support/report-worlds.js';
import { command, describeWith, findCommand, requirement } from '../support/requirement.js';
import {
  closureOf,
  glibcSystem,
  program,
  TRIPLET,
  traceWorld,
  type World,
} from '../support/world.js';

/** Where scripts/install-test-tools.sh puts it. */
const MERMAID = '/usr/local/share/elfdeps-tests/mermaid-11.17.2.min.js';

const inputOf = (closures: readonly Closure[], more: Partial<ReportInput> = {}): ReportInput => ({
  root: '/',
  closures,
  errors: [],
  names: new Map<string, string>(),
  verbose: false,
  color: false,
  ...more,
});

const hostile = program({
  needed: ['"];x->y["', '\\N\\', '&lt;', 'a-->b', '<b>', 'a\nb', '\\', 'end', '#35;', '`x`'],
});
const HOSTILE = [closureOf({ ...glibcSystem(36), '/app/main': hostile })];

/** As many libraries and needs as ffmpeg of Debian 12 has; each needs some of those behind it. */
function manyLibraries(): Closure {
  const random = new Random(215);
  const names = Array.from({ length: 213 }, (_, i) => `libexample-${i}.so.${i % 9}`);
  const world: Record<string, World[string]> = { ...glibcSystem(36) };
  const neededBy = (index: number): string[] => {
    const behind = names.slice(index + 1, index + 80);
    const some = behind.length === 0 ? [] : random.some(behind, 6);
    return [...new Set([...behind.slice(0, 1), ...some])];
  };
  world['/app/main'] = program({ needed: [...names.slice(0, 20), ...random.some(names, 20)] });
  names.forEach((name, index) => {
    world[`/usr/lib/${TRIPLET}/${name}`] = { needed: neededBy(index) };
  });
  return closureOf(world);
}
const MANY = [manyLibraries()];

const ffmpeg = () =>
  traceDependencies(directoryRoot('/'), [findCommand('ffmpeg') ?? '/usr/bin/ffmpeg']).closures;

it('the generated program has at least the size of ffmpeg', () => {
  const { nodes, edges } = mergedGraph(inputOf(MANY));
  expect(nodes.length).toBeGreaterThanOrEqual(215);
  expect(edges.length).toBeGreaterThanOrEqual(770);
});

describeWith('Graphviz', [command('dot')], () => {
  const worlds = [
    ...reportWorlds.map(({ name, world, programs, options }) => ({
      name,
      closures: traceWorld(world, programs, options).closures,
    })),
    { name: 'hostile names', closures: HOSTILE },
    { name: 'a program of the size of ffmpeg', closures: MANY },
  ];

  it.each(worlds)('$name', ({ closures }) => {
    const { nodes, edges } = drawnGraph(inputOf(closures));
    const text = dot.format(inputOf(closures));
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

describeWith(
  'mermaid',
  [
    command('chromium'),
    command('ffmpeg'),
    requirement('scripts/install-test-tools.sh', existsSync(MERMAID)),
  ],
  () => {
    it.each([
      ['hostile names', HOSTILE],
      ['a program of the size of ffmpeg', MANY],
    ])('draws %s', (_name, closures) => {
      const { nodes, edges } = drawnGraph(inputOf(closures));
      expect(mermaid.notes?.(inputOf(closures))).toEqual([]);
      const drawn = draw(mermaid.format(inputOf(closures)));
      expect(drawn).toMatchObject({ nodes: nodes.length, edges: edges.length });
      for (const { title } of nodes)
        expect(drawn.labels).toContainEqual(
          expect.stringContaining(title.replaceAll('\n', '\\x0a').replaceAll('\x1b', '\\x1b')),
        );
    });

    it('draws ffmpeg itself', () => {
      const { nodes, edges } = drawnGraph(inputOf(ffmpeg()));
      expect(edges.length).toBeGreaterThan(100);
      const drawn = draw(mermaid.format(inputOf(ffmpeg())));
      expect(drawn).toMatchObject({ nodes: nodes.length, edges: edges.length });
    });

    it('refuses all edges of it, and the note says so', () => {
      const input = inputOf(MANY, { hasAllEdges: true });
      expect(mermaid.notes?.(input)).toEqual([
        expect.stringMatching(
          /^note: mermaid refuses more than 500 edges, .*; leave out --all-edges$/,
        ),
      ]);
      expect(draw(mermaid.format(input)).error).toMatch(/Edge limit exceeded|Too many edges/);
    });
  },
);

interface Drawing {
  readonly nodes?: number;
  readonly edges?: number;
  readonly labels?: readonly string[];
  readonly error?: string;
}

/** What mermaid makes of a text, counted in the page: its nodes, edges and labels, or its error. */
function draw(text: string): Drawing {
  const directory = mkdtempSync(join(tmpdir(), 'elfdeps-mermaid-'));
  try {
    const page = join(directory, 'page.html');
    const quoted = JSON.stringify(text).replaceAll('<', '\\u003c');
    writeFileSync(
      page,
      `<!doctype html><meta charset="utf-8"><body><script src="file://${MERMAID}"></script><script>
      const say = (result) => { document.body.textContent = JSON.stringify(result); };
      mermaid.render('drawing', ${quoted}).then(({ svg }) => {
        document.body.innerHTML = svg;
        const all = (selector) => [...document.querySelectorAll(selector)];
        const labels = all('g.node .nodeLabel').map((label) => label.innerText);
        say({ nodes: all('g.node').length, edges: all('path.flowchart-link').length, labels });
      }).catch((error) => say({ error: String(error) }));
      </script>`,
    );
    const flags = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      `--user-data-dir=${directory}/home`,
    ];
    const dom = execFileSync(
      'chromium',
      [...flags, '--virtual-time-budget=60000', '--dump-dom', page],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 2 ** 28 },
    );
    return JSON.parse(plain(dom.match(/<body>(.*)<\/body>/s)?.[1])) as Drawing;
  } finally {
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

function plain(svg = ''): string {
  return svg
    .replaceAll(/&#(\d+);/g, (_all, code) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('\u00a0', ' ');
}
