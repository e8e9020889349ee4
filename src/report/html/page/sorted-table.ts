/**
 * A table that sorts by any of its columns. The heads are buttons; the order is told to screen readers
 * by aria-sort.
 */
import { h } from './element.js';

/** One column. */
export interface Column {
  readonly title: string;
  /** Whether it sorts by numbers, the largest first, and stands to the right. */
  readonly isNumber?: boolean;
  /** Whether its texts are never broken. */
  readonly isWhole?: boolean;
  /** Whether it keeps room for sentences. */
  readonly isLong?: boolean;
  /** What narrow pages leave out. */
  readonly isExtra?: boolean;
}

/** A row: its cells, and what each sorts by. */
export interface Row {
  readonly cells: readonly (Node | string)[];
  readonly keys: readonly (string | number)[];
  readonly attributes?: Readonly<Record<string, string>>;
}

/** A table, and its rows in the order in which they were given. */
export interface SortedTable {
  readonly element: HTMLElement;
  readonly rows: readonly HTMLTableRowElement[];
}

/** `caption` names the table to screen readers; `sortedBy` is the column that it is sorted by at first. */
export function sortedTable(
  caption: string,
  columns: readonly Column[],
  rows: readonly Row[],
  sortedBy?: number,
): SortedTable {
  const elements = rows.map(({ cells, attributes }) =>
    h(
      'tr',
      attributes,
      columns.map((column, index) => {
        const cell = cells[index] ?? '';
        const kind = index === 0 ? 'th' : 'td';
        return h(kind, { class: classOf(column), scope: index === 0 ? 'row' : undefined }, cell);
      }),
    ),
  );
  const body = h('tbody', {}, elements);
  const heads = columns.map((column) =>
    h(
      'th',
      { scope: 'col', class: classOf(column) },
      h('button', { type: 'button' }, column.title),
    ),
  );
  const sort = (index: number, isUp: boolean) => {
    for (const head of heads) head.removeAttribute('aria-sort');
    heads[index]?.setAttribute('aria-sort', isUp ? 'ascending' : 'descending');
    const order = rows.map((row, place) => ({ key: row.keys[index] ?? '', place }));
    order.sort((a, b) => compare(a.key, b.key) * (isUp ? 1 : -1) || a.place - b.place);
    body.append(...order.flatMap(({ place }) => elements[place] ?? []));
  };
  heads.forEach((head, index) => {
    head.firstElementChild?.addEventListener('click', () => {
      const order = head.getAttribute('aria-sort');
      sort(index, order === null ? columns[index]?.isNumber !== true : order === 'descending');
    });
  });
  if (sortedBy !== undefined) sort(sortedBy, columns[sortedBy]?.isNumber !== true);
  const table = h(
    'table',
    {},
    h('caption', { class: 'offscreen' }, caption),
    h('thead', {}, h('tr', {}, heads)),
    body,
  );
  const element = h(
    'div',
    { class: 'scroll', role: 'group', tabindex: 0, 'aria-label': caption },
    table,
  );
  return { element, rows: elements };
}

function classOf(column: Column | undefined): string | undefined {
  const words = [
    column?.isNumber ? 'number' : '',
    column?.isExtra ? 'extra' : '',
    column?.isWhole ? 'whole' : '',
    column?.isLong ? 'long' : '',
  ].filter(Boolean);
  return words.length === 0 ? undefined : words.join(' ');
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
