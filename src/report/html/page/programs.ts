/**
 * Several programs as a table: failures first, each with its state, files, size and the first reason.
 */
import { formatBytes } from '../../style.js';
import { PAGE_STATES, type PageProgram } from '../page-data.js';
import { breakable, h } from './element.js';
import type { Model } from './model.js';
import { sortedTable } from './sorted-table.js';
import { linkTo, stateBadge } from './words.js';

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
    // All that run have no reason to tell.
    ...(programs.some((each) => whyOf(each) !== '')
      ? [{ title: 'Why', isExtra: true, isLong: true }]
      : []),
  ];
  const table = sortedTable(
    'Programs',
    columns,
    programs.map((_, index) => row(index, model)),
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

function row(index: number, model: Model) {
  const program = model.program(index);
  const { name, state, verdict, total, loads } = program;
  const [files, bytes] = total;
  const why = whyOf(program);
  const link = h(
    'a',
    { href: linkTo(model.addressOfProgram(index)), class: 'name' },
    breakable(name),
  );
  return {
    cells: [link, stateBadge(state, verdict), String(files), formatBytes(bytes), why],
    keys: [name, PAGE_STATES.indexOf(state), files, bytes, why],
    attributes: { 'data-file': String(loads[0]) },
  };
}

/** The first fact against it; empty where there is none. */
function whyOf({ state, findings, notes }: PageProgram): string {
  const [first] = findings.filter(({ severity }) => severity !== 'note');
  return first?.message ?? (state === 'incomplete' ? notes[0] : undefined) ?? '';
}
