/**
 * `--format dot`: the graph of needs in the language of Graphviz.
 * Source: graphviz.org/doc/info/lang.html (quoted strings), /attrs.html (escString).
 */
import { printable } from '../../errors.js';
import { mergedGraph } from './merged-graph.js';
import type { Report } from './report.js';

const FILLS = {
  program: '#cfe3ff',
  interpreter: '#e6dcff',
  preload: '#fff0c2',
  library: '#eef1f4',
  missing: '#ffd5d2',
  excluded: '#f4f4f4',
} as const;

export const dot: Report = {
  name: 'dot',
  summary: 'the graph of needs, for Graphviz',
  format(input) {
    const { nodes, edges } = mergedGraph(input);
    return [
      'digraph elfdeps {',
      '  rankdir=LR',
      '  node [shape=box, style="rounded,filled", fontname="sans-serif", fontcolor="#1a1a1a"]',
      '  edge [color="#6b7280", fontname="sans-serif", fontsize=10]',
      ...nodes.map(
        ({ id, role, title, size, path }) =>
          `  n${id} [label="${quoted(title)}\\n${quoted(size)}", tooltip="${quoted(path)}", fillcolor="${FILLS[role]}"]`,
      ),
      ...edges.map(({ from, to, label, words, isMissing }) => {
        const shown = label === '' ? '' : `, label="${quoted(label)}"`;
        const dashed = isMissing ? ', style=dashed, color="#b42318"' : '';
        return `  n${from} -> n${to} [tooltip="${quoted(words)}"${shown}${dashed}]`;
      }),
      '}',
      '',
    ].join('\n');
  },
};

/** Graphviz reads backslashes and HTML entities in labels. */
function quoted(text: string): string {
  return printable(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('&', '&amp;');
}
