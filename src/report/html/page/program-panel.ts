/**
 * What the panel tells of one program: its state, the findings, what it may need at run time, its largest
 * files and what it needs.
 */
import { formatBytes } from '../../style.js';
import type { PageRuntimeNeed } from '../page-data.js';
import { h } from './element.js';
import { linkList, part } from './file-panel.js';
import { findingCard } from './findings.js';
import type { Model } from './model.js';
import { costText, fileLink, stateBadge } from './words.js';

const LARGEST = 5;

/** The parts of the panel below its title. */
export function programPanel(model: Model, index: number): HTMLElement[] {
  const { file, state, verdict, kind, total, loads, findings, runtime, notes } =
    model.program(index);
  const { path, realPath, package: owner } = model.file(file);
  const missing = loads.filter((each) => model.file(each).role === 'missing');
  const largest = [...loads]
    .sort((a, b) => model.file(b).size - model.file(a).size)
    .slice(0, LARGEST);
  const rows: (readonly [string, string | undefined])[] = [
    ['Kind', kind],
    ['Path', path],
    ['File', realPath],
    ['To copy', costText(total)],
    ['Package', owner],
  ];
  return [
    h('p', {}, stateBadge(state, verdict)),
    h(
      'dl',
      {},
      rows.map(([title, value]) =>
        value === undefined ? [] : [h('dt', {}, title), h('dd', {}, value)],
      ),
    ),
    ...notes.map((note) => h('p', {}, note)),
    ...findings.map((finding) => findingCard(finding)),
    ...part(
      'Not found',
      linkList(model, missing, (to) => [file, to]),
    ),
    ...part(
      'Largest files',
      h(
        'ul',
        {},
        largest.map((each) =>
          h('li', {}, fileLink(model, each), ` ${formatBytes(model.file(each).size)}`),
        ),
      ),
    ),
    ...part(
      'Needs',
      linkList(model, model.needsOf[file] ?? [], (to) => [file, to]),
    ),
    ...part('At run time', runtime.length === 0 ? undefined : runtimeList(runtime)),
  ];
}

/** What a program may open, each with the reason. */
function runtimeList(needs: readonly PageRuntimeNeed[]): HTMLElement {
  return h(
    'dl',
    { class: 'needs' },
    needs.map(({ kind, confidence, because }) => [
      h('dt', {}, kind),
      h('dd', {}, because, confidenceNote(confidence, 'soft')),
    ]),
  );
}

/** How sure it is that a need is one, behind the reason. */
export function confidenceNote(confidence: string, names: string): HTMLElement {
  return h('span', { class: names }, ` (${confidence})`);
}
