/**
 * What the panel tells of one file: where it is, what it costs, what is found about it, the shortest chain
 * to it, who needs it, what it needs, and every path that was tried.
 */
import { count, formatBytes } from '../../style.js';
import { breakable, type Child, h } from './element.js';
import { findingCard } from './findings.js';
import type { Model } from './model.js';
import { costText, fileLink, ROLES } from './words.js';

/** Longer lists are folded behind so many entries. */
const SHOWN = 8;

/** The parts of the panel below its title. */
export function filePanel(model: Model, index: number): HTMLElement[] {
  const file = model.file(index);
  const { programs } = model.data;
  const findings = programs.flatMap((each) =>
    each.findings.filter(({ about }) => about.includes(index)),
  );
  const chain = model.chainTo(index);
  const needers = model.needersOf[index] ?? [];
  const needs = model.needsOf[index] ?? [];
  return [
    facts(model, index),
    ...findings.slice(0, SHOWN).map((finding) => findingCard(finding)),
    ...part(
      'Shortest chain',
      chain.length < 2
        ? undefined
        : h(
            'ol',
            { class: 'chain' },
            chain.map((at, place) =>
              h('li', {}, step(model, chain[place - 1], at, place === chain.length - 1)),
            ),
          ),
    ),
    ...part(
      `Needed by ${needers.length}`,
      linkList(model, needers, (from) => [from, index]),
    ),
    ...part(
      `Needs ${needs.length}`,
      linkList(model, needs, (to) => [index, to]),
    ),
    ...part(
      'Paths tried',
      file.searches.some(({ tried }) => tried.length > 0) ? searches(model, index) : undefined,
    ),
  ];
}

function facts(model: Model, index: number): HTMLElement {
  const file = model.file(index);
  const { role, path, realPath, size, cost, holder, rule, searches: found, name } = file;
  const names = found.map((each) => each.name).filter((each) => each !== name);
  const users = model.programsOf[index] ?? [];
  const rows: (readonly [string, Child])[] = [
    ['Kind', ROLES[role] ?? role],
    ['Path', path && h('code', {}, breakable(path))],
    ['File', realPath && h('code', {}, breakable(realPath))],
    ['Size', path && formatBytes(size)],
    ['Cost', cost[0] > 1 ? `${costText(cost)} less without it` : undefined],
    ['Held by', holder === undefined ? undefined : fileLink(model, holder)],
    ['Package', file.package],
    ['Rule', rule],
    ['Also called', names.length === 0 ? undefined : names.join(', ')],
    ['Used by', model.data.programs.length > 1 ? count(users.length, 'program') : undefined],
  ];
  return h(
    'dl',
    {},
    rows.map(([title, value]) =>
      value === undefined || value === '' ? [] : [h('dt', {}, title), h('dd', {}, value)],
    ),
  );
}

/** A heading and what stands below it; nothing where that is nothing. */
export function part(title: string, content: HTMLElement | undefined): HTMLElement[] {
  return content === undefined ? [] : [h('h3', {}, title), content];
}

/** A file of a chain and its kind of need. The last one is what the panel shows, so it is no link. */
function step(model: Model, from: number | undefined, to: number, isLast: boolean): HTMLElement {
  const kind = from === undefined ? undefined : model.kindOf(from, to);
  return h(
    'span',
    {},
    isLast ? breakable(model.file(to).name) : fileLink(model, to),
    kindNote(kind),
  );
}

/** How a file is needed, behind its name; nothing for DT_NEEDED. */
function kindNote(kind: string | undefined): Child {
  return kind === undefined ? '' : h('span', { class: 'soft' }, ` ${kind}`);
}

/** Names as links, the first ones open; undefined for none. */
export function linkList(
  model: Model,
  files: readonly number[],
  need: (file: number) => readonly [number, number],
): HTMLElement | undefined {
  if (files.length === 0) return undefined;
  const items = files.map((file) => {
    const [from, to] = need(file);
    return h('li', {}, fileLink(model, file), kindNote(model.kindOf(from, to)));
  });
  if (items.length <= SHOWN + 2) return h('ul', {}, items);
  return h(
    'div',
    {},
    h('ul', {}, items.slice(0, SHOWN)),
    h(
      'details',
      {},
      h('summary', {}, `${items.length - SHOWN} more`),
      h('ul', {}, items.slice(SHOWN)),
    ),
  );
}

function searches(model: Model, index: number): HTMLElement {
  return h(
    'div',
    {},
    model.file(index).searches.map(({ name, tried }) => [
      model.file(index).searches.length > 1 ? h('p', { class: 'soft' }, name) : undefined,
      h(
        'ol',
        { class: 'tried' },
        tried.map(([path, outcome, rule, from]) =>
          h(
            'li',
            {},
            h('code', {}, breakable(path)),
            ` ${outcome} `,
            h('span', { class: 'soft' }, from === undefined ? rule : `${rule} of ${from}`),
          ),
        ),
      ),
    ]),
  );
}
