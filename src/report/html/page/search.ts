/**
 * The search field of the head: finds files and programs by name, path or package, lists the first ones
 * below the field, and tells the tables what was found.
 */
import { count } from '../../style.js';
import { h } from './element.js';
import type { Model } from './model.js';
import { fileLink } from './words.js';

const LISTED = 8;

/** The field. `found` gets the places of the files, or undefined where nothing is searched for. */
export function searchField(
  model: Model,
  found: (files: ReadonlySet<number> | undefined) => void,
): HTMLElement {
  const input = h('input', {
    type: 'search',
    id: 'search',
    placeholder: 'Search files and packages',
    'aria-label': 'Search files and packages',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const list = h('ul', { id: 'results', 'aria-label': 'Found' });
  const status = h('p', { class: 'soft', role: 'status' });
  const results = h('div', { class: 'results', hidden: true }, list, status);
  const field = h('div', { class: 'search', role: 'search' }, input, results);
  const texts = model.data.files.map(({ name, path = '', package: owner = '', searches }) =>
    [name, path, owner, ...searches.map((each) => each.name)].join('\n').toLowerCase(),
  );
  const update = () => {
    const wanted = input.value.trim().toLowerCase();
    results.hidden = wanted === '';
    if (wanted === '') {
      found(undefined);
      return;
    }
    const places = matches(wanted, texts, model);
    found(new Set(places));
    list.replaceChildren(
      ...places.slice(0, LISTED).map((file) => {
        const { package: owner } = model.file(file);
        return h(
          'li',
          {},
          fileLink(model, file),
          owner === undefined ? '' : h('span', { class: 'soft' }, ` ${owner}`),
        );
      }),
    );
    status.textContent =
      places.length === 0
        ? 'Nothing is found.'
        : `${count(places.length, 'name')} found, shown in the table too.`;
  };
  input.addEventListener('input', update);
  field.addEventListener('keydown', (event) => {
    const links = [...list.querySelectorAll('a')];
    const at = links.indexOf(event.target as HTMLAnchorElement);
    if (event.key === 'Escape' && input.value !== '') {
      event.stopPropagation();
      input.value = '';
      input.focus();
      update();
    }
    if (event.key === 'Enter' && at < 0) links[0]?.click();
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    const next = at + (event.key === 'ArrowDown' ? 1 : -1);
    (next < 0 ? input : links[Math.min(next, links.length - 1)])?.focus();
  });
  // A click elsewhere, or on a result, leaves the list.
  addEventListener('hashchange', () => {
    results.hidden = true;
  });
  document.addEventListener('pointerdown', ({ target }) => {
    if (target instanceof Node && !field.contains(target)) results.hidden = true;
  });
  input.addEventListener('focus', () => {
    results.hidden = input.value.trim() === '';
  });
  addEventListener('keydown', (event) => {
    const isText =
      event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (event.key !== '/' || isText || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
  });
  return field;
}

/** Names that start with the words come first, then those that have them, then paths and packages. */
function matches(wanted: string, texts: readonly string[], model: Model): number[] {
  const rank = (file: number) => {
    const at = model.file(file).name.toLowerCase().indexOf(wanted);
    return at < 0 ? 2 : Math.min(at, 1);
  };
  return texts
    .flatMap((text, file) => (text.includes(wanted) ? [file] : []))
    .sort((a, b) => rank(a) - rank(b) || a - b);
}
