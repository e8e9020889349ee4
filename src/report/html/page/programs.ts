/**
 * Several programs as a table: failures first, each with its state, files, size and the first reason.
 */
import { formatBytes } from '../../style.js';
import type { PageProgram } from '../page-data.js';
import { h } from './element.js';
import type { Model } from './model.js';
import { sortedTable } from './sorted-table.js';
import { fileLink, stateBadge } from './words.js';

const ORDER = ['fails', 'incomplete', 'warns', 'runs', 'complete'];

/** The section, and its rows by the place of the program; undefined for one program or none. */
export function programsSection(
  model: Model,
): { readonly section: HTMLElement; readonly rows: readonly HTMLElement[] } | undefined {
  const { programs } = model.data;
  if (programs.length < 2) return undefined;
  const columns = [
    { title: 'Program' },
    { title: 'State' },
    { title: 'Files', isNumber: true },
    { title: 'Size', isNumber: true },
    { title: 'Why', isExtra: true },
  ];
  const table = sortedTable(
    'Programs',
    columns,
    programs.map((each) => row(each, model)),
    1,
  );
  const section = h(
    'section',
    { id: 'programs', 'aria-labelledby': 'programs-title' },
    h('h2', { id: 'programs-title' }, 'Programs'),
    table.element,
  );
  return { section, rows: table.rows };
}

function row(
  { name, file, state, verdict, total: [files, bytes], findings, notes }: PageProgram,
  model: Model,
) {
  const [first] = findings.filter(({ severity }) => severity !== 'note');
  const why = first?.message ?? (state === 'incomplete' ? notes[0] : undefined) ?? '';
  return {
    cells: [
      fileLink(model, file),
      stateBadge(state, verdict),
      String(files),
      formatBytes(bytes),
      why,
    ],
    keys: [name, ORDER.indexOf(state), files, bytes, why],
  };
}
