/**
 * All files in one table, with filters: by kind, package and rule, and by the words of the search field.
 */
import { count, formatBytes } from '../../style.js';
import type { PageFile } from '../page-data.js';
import { breakable, h } from './element.js';
import type { Model } from './model.js';
import { type Row, sortedTable } from './sorted-table.js';
import { costText, fileLink, ROLES } from './words.js';

/** The section, and what the search field does to it. */
export interface FilesSection {
  readonly section: HTMLElement;
  /** Shows the files whose number is in the set, and that pass the other filters; undefined for all. */
  search(found: ReadonlySet<number> | undefined): void;
}

const COLUMNS = [
  { title: 'Name' },
  { title: 'Size', isNumber: true },
  { title: 'Cost', isNumber: true },
  { title: 'Needed by', isExtra: true },
  { title: 'Package', isExtra: true },
  { title: 'Rule', isExtra: true },
] as const;

type Field = (file: PageFile) => string | undefined;

const FILTERS: readonly (readonly [string, Field])[] = [
  ['Kind', ({ role }) => ROLES[role]],
  ['Package', (file) => file.package],
  ['Rule', ({ rule }) => rule],
];

/** Every file of the page. */
export function filesSection(model: Model): FilesSection {
  const { files } = model.data;
  const all = files.map((_, index) => row(index, model));
  // A column without an entry tells nothing.
  const filled = COLUMNS.map((_, column) => all.some(({ keys }) => keys[column] !== ''));
  const kept = <Each>(cells: readonly Each[]) => cells.filter((_, column) => filled[column]);
  const { element, rows } = sortedTable(
    'Files',
    kept(COLUMNS),
    all.map(({ cells, keys, attributes }) => ({
      cells: kept(cells),
      keys: kept(keys),
      attributes,
    })),
    1,
  );
  const shown = h('p', { class: 'soft', role: 'status' });
  const clear = h('button', { type: 'button', hidden: true }, 'Show all');
  let found: ReadonlySet<number> | undefined;
  const selects = FILTERS.map(([title, field]) => filterSelect(title, files.map(field)));
  const apply = () => {
    let number = 0;
    files.forEach((file, index) => {
      const passes = FILTERS.every(([, field], each) => {
        const value = selects[each]?.value ?? '';
        return value === '' || field(file) === value;
      });
      const isShown = passes && (found?.has(index) ?? true);
      if (isShown) number++;
      const element = rows[index];
      if (element !== undefined) element.hidden = !isShown;
    });
    clear.hidden = selects.every(({ value }) => value === '');
    shown.textContent =
      number === files.length
        ? count(number, 'name')
        : `${number} of ${count(files.length, 'name')}`;
  };
  for (const select of selects) select.addEventListener('change', apply);
  clear.addEventListener('click', () => {
    for (const select of selects) select.value = '';
    apply();
    selects[0]?.focus();
  });
  apply();
  const labels = selects.flatMap((select, index) =>
    // One value leaves nothing to choose.
    select.options.length < 3 ? [] : [h('label', {}, FILTERS[index]?.[0] ?? '', ' ', select)],
  );
  const section = h(
    'section',
    { id: 'files', 'aria-labelledby': 'files-title' },
    h('h2', { id: 'files-title' }, 'Files'),
    h(
      'p',
      { class: 'soft' },
      'Cost is what an image would save if nothing needed the file any more.',
    ),
    h('div', { class: 'tools' }, labels, clear, shown),
    element,
  );
  return {
    section,
    search(next) {
      found = next;
      apply();
    },
  };
}

function filterSelect(title: string, values: readonly (string | undefined)[]): HTMLSelectElement {
  const known = [...new Set(values.filter((value) => value !== undefined))].sort();
  return h(
    'select',
    { name: title.toLowerCase() },
    h('option', { value: '' }, 'all'),
    known.map((value) => h('option', { value }, value)),
  );
}

function row(index: number, model: Model): Row {
  const file = model.file(index);
  const { name, size, cost, path, role, rule = '' } = file;
  const needers = model.needersOf[index] ?? [];
  const [first] = needers;
  // What the name tells is not said twice.
  const place = path?.endsWith(`/${name}`) ? path.slice(0, -name.length - 1) || '/' : path;
  const under =
    place === name
      ? undefined
      : h('span', { class: 'path' }, breakable(place ?? ROLES[role] ?? ''));
  return {
    cells: [
      h('span', {}, fileLink(model, index), under),
      path === undefined ? '' : formatBytes(size),
      cost[0] === 0 ? '' : h('span', { title: costText(cost) }, formatBytes(cost[1])),
      first === undefined
        ? ''
        : h(
            'span',
            {},
            fileLink(model, first),
            needers.length > 1 ? ` and ${needers.length - 1} more` : '',
          ),
      file.package ?? '',
      rule,
    ],
    keys: [name, size, cost[1], needers.length, file.package ?? '', rule],
    attributes: { class: role },
  };
}
