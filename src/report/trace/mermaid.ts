/**
 * `--format mermaid`: the graph of needs as a flowchart, for Markdown pages that draw it.
 * Source: mermaid.js.org/syntax/flowchart.html (entity codes to escape characters), and
 * /config/schema-docs/config.html (maxEdges, maxTextSize, flowchart).
 */
import { printable } from '../../errors.js';
import { omissions, sizeNotes } from './drawing-notes.js';
import { drawnGraph, isDense } from './merged-graph.js';
import type { Report } from './report.js';

/** What mermaid draws unless its configuration says otherwise. */
const LIMITS = { tool: 'mermaid refuses more than', edges: 500, characters: 50_000 };

/** Lengths in pixels. */
const DENSE = '%%{init: {"flowchart": {"nodeSpacing": 12, "rankSpacing": 60, "padding": 6}}}%%';

export const mermaid: Report = {
  name: 'mermaid',
  summary: 'the graph of needs, for Markdown',
  options: ['depth', 'allEdges'],
  format(input) {
    const graph = drawnGraph(input);
    const { nodes, edges } = graph;
    return [
      ...omissions(graph).map((fact) => `%% ${fact}`),
      ...(isDense(graph) ? [DENSE] : []),
      'flowchart LR',
      ...nodes.map(
        ({ id, role, title, size }) =>
          `  n${id}["${encoded(title)}<br>${encoded(size)}"]:::${role}`,
      ),
      ...edges.map(({ from, to, label, isMissing }) => {
        const shown = label === '' ? '' : `|"${encoded(label)}"|`;
        return `  n${from} ${isMissing ? '-.->' : '-->'}${shown} n${to}`;
      }),
      '  classDef program fill:#cfe3ff,stroke:#1d4ed8,color:#1a1a1a',
      '  classDef interpreter fill:#e6dcff,stroke:#6d28d9,color:#1a1a1a',
      '  classDef preload fill:#fff0c2,stroke:#a16207,color:#1a1a1a',
      '  classDef library fill:#eef1f4,stroke:#6b7280,color:#1a1a1a',
      '  classDef missing fill:#ffd5d2,stroke:#b42318,color:#1a1a1a',
      ...(nodes.some(({ role }) => role === 'excluded')
        ? ['  classDef excluded fill:#f4f4f4,stroke:#555d68,color:#1a1a1a']
        : []),
      '',
    ].join('\n');
  },
  notes: (input) => sizeNotes(input, mermaid, LIMITS),
};

/** Replaces all but letters, digits and plain punctuation by entity codes: `#34;` is a quote. */
function encoded(text: string): string {
  return printable(text).replaceAll(
    /[^A-Za-z0-9 ./_+-]/gu,
    (character) => `#${character.codePointAt(0)};`,
  );
}
