/**
 * `--format dot`: the graph of needs in the language of Graphviz.
 * Source: graphviz.org/doc/info/lang.html (quoted strings), /attrs.html (escString).
 */
import { printable } from '../../errors.js';
import { omissions, sizeNotes } from './drawing-notes.js';
import { drawnGraph, isDense } from './merged-graph.js';
import type { Report } from './report.js';

const FILLS = {
  program: '#cfe3ff',
  interpreter: '#e6dcff',
  preload: '#fff0c2',
  library: '#eef1f4',
  missing: '#ffd5d2',
  excluded: '#f4f4f4',
} as const;

/** The layout by dot grew to minutes between 1,100 edges (3 seconds) and 4,800 (more than 5 minutes). */
const LIMITS = { tool: 'dot may take minutes for more than', edges: 2000 };

const DENSE = [
  '  nodesep=0.1',
  '  ranksep=0.6',
  '  node [margin="0.1,0.03", height=0.3, fontsize=12]',
];

export const dot: Report = {
  name: 'dot',
  summary: 'the graph of needs, for Graphviz',
  options: ['depth', 'allEdges'],
  format(input) {
    const graph = drawnGraph(input);
    const { nodes, edges } = graph;
    // A label makes the gaps between all columns wider; an external one stands where there is room.
    const labelName = isDense(graph) ? 'xlabel' : 'label';
    return [
      ...omissions(graph).map((fact) => `// ${fact}`),
      'digraph elfdeps {',
      '  rankdir=LR',
      '  node [shape=box, style="rounded,filled", fontname="sans-serif", fontcolor="#1a1a1a"]',
      ...(isDense(graph) ? DENSE : []),
      '  edge [color="#6b7280", fontname="sans-serif", fontsize=10]',
      ...nodes.map(
        ({ id, role, title, size, path }) =>
          `  n${id} [label="${quoted(title)}\\n${quoted(size)}", tooltip="${quoted(path)}", fillcolor="${FILLS[role]}"]`,
      ),
      ...edges.map(({ from, to, label, words, isMissing }) => {
        const shown = label === '' ? '' : `, ${labelName}="${quoted(label)}"`;
        const dashed = isMissing ? ', style=dashed, color="#b42318"' : '';
        return `  n${from} -> n${to} [tooltip="${quoted(words)}"${shown}${dashed}]`;
      }),
      '}',
      '',
    ].join('\n');
  },
  notes: (input) => sizeNotes(input, dot, LIMITS),
};

/** Graphviz reads backslashes and HTML entities in labels. */
function quoted(text: string): string {
  return printable(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('&', '&amp;');
}
