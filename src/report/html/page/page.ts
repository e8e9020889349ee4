/**
 * The script of the HTML page: reads the data that stand in it, makes the sections, and connects search,
 * table, graph and panel. The page works from a file, and loads nothing.
 */
import type { PageData } from '../page-data.js';
import { h } from './element.js';
import { filesSection } from './files.js';
import { findingsSection } from './findings.js';
import { graphSection } from './graph.js';
import { Model } from './model.js';
import { followAddress } from './panel.js';
import { confidenceNote } from './program-panel.js';
import { programsSection } from './programs.js';
import { searchField } from './search.js';
import { sortedTable } from './sorted-table.js';
import { markTile, treemapSection } from './treemap.js';

function start(): void {
  const model = new Model(
    JSON.parse(document.getElementById('data')?.textContent ?? '') as PageData,
  );
  const { files, programs } = model.data;
  const [head, main] = [document.getElementById('head'), document.getElementById('page')];
  if (head === null || main === null || files.length === 0) return;
  const table = filesSection(model);
  const graph = graphSection(model);
  const list = programsSection(model);
  const sections = [
    list?.section,
    findingsSection(model),
    treemapSection(model),
    table.section,
    graph?.section,
    runtimeSection(model),
  ].filter((section) => section !== undefined);
  const panel = h('aside', { id: 'panel', 'aria-labelledby': 'panel-title', hidden: true });
  head.append(
    searchField(model, (found) => {
      table.search(found);
      programs.forEach(({ file }, index) => {
        const row = list?.rows[index];
        if (row !== undefined) row.hidden = found !== undefined && !found.has(file);
      });
    }),
    contents(sections),
  );
  // What scrolls stops below the head, which is as high as its text needs.
  new ResizeObserver(() => {
    const height = getComputedStyle(head).position === 'sticky' ? head.offsetHeight : 0;
    document.documentElement.style.setProperty('--head', `${height}px`);
  }).observe(head);
  main.append(...sections);
  main.after(panel);
  followAddress(model, {
    panel,
    chosen: (file) => {
      graph?.choose(file);
      const map = main.querySelector<SVGElement>('.treemap');
      if (map !== null) markTile(map, file);
    },
    showInGraph: graph === undefined ? undefined : (file) => graph.centreOn(file),
  });
  // On paper what is folded cannot be opened.
  addEventListener('beforeprint', () => {
    for (const each of document.querySelectorAll('details')) each.open = true;
  });
  // A section that the address names is where it stays when all above it is drawn.
  const named = sections.find(({ id }) => `#${id}` === location.hash);
  if (named !== undefined)
    requestAnimationFrame(() => requestAnimationFrame(() => named.scrollIntoView()));
}

/** Links to the sections. */
function contents(sections: readonly HTMLElement[]): HTMLElement {
  return h(
    'nav',
    { 'aria-label': 'Sections' },
    sections.map((section) =>
      h('a', { href: `#${section.id}` }, section.querySelector('h2')?.textContent ?? ''),
    ),
  );
}

/** Of one program; of several, it stands with each of them. */
function runtimeSection({ data }: Model): HTMLElement | undefined {
  const [program] = data.programs;
  if (data.programs.length !== 1 || program === undefined || program.runtime.length === 0)
    return undefined;
  return h(
    'section',
    { id: 'runtime', 'aria-labelledby': 'runtime-title' },
    h('h2', { id: 'runtime-title' }, 'At run time'),
    h('p', { class: 'soft' }, 'What it may also open, and why.'),
    sortedTable(
      'At run time',
      [
        { title: 'Need', isWhole: true },
        { title: 'Confidence', isExtra: true },
        { title: 'Because', isLong: true },
      ],
      program.runtime.map(({ kind, confidence, because }) => ({
        cells: [
          kind,
          confidence,
          h('span', {}, because, confidenceNote(confidence, 'soft narrow')),
        ],
        keys: [kind, confidence, because],
      })),
    ).element,
  );
}

start();
