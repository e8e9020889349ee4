/**
 * What the checks say: errors and warnings first and open, notes folded. A remedy can be copied.
 */
import { count } from '../../style.js';
import type { PageFinding } from '../page-data.js';
import { type Child, h } from './element.js';
import type { Model } from './model.js';
import { copyButton } from './words.js';

/** A finding, and the names of the programs that it is about. */
interface Grouped {
  readonly finding: PageFinding;
  readonly programs: string[];
}

/** More of them than this stand below their code. */
const MOST_OPEN = 12;

/** The section; undefined where nothing is found. */
export function findingsSection(model: Model): HTMLElement | undefined {
  const all = grouped(model);
  const grave = all.filter(({ finding }) => finding.severity !== 'note');
  // Of many programs, notes stand with each of them.
  const notes = model.data.programs.length > 3 ? [] : all.filter((each) => !grave.includes(each));
  if (grave.length + notes.length === 0) return undefined;
  return h(
    'section',
    { id: 'findings', 'aria-labelledby': 'findings-title' },
    h('h2', { id: 'findings-title' }, 'Findings'),
    grave.length > MOST_OPEN ? byCode(grave) : grave.map(one),
    notes.length === 0
      ? undefined
      : h('details', {}, h('summary', {}, noteWords(notes)), notes.map(one)),
  );
}

/** How many notes there are, and of which kinds. */
function noteWords(notes: readonly Grouped[]): Child[] {
  const codes = [...new Set(notes.map(({ finding }) => finding.code))];
  return [
    `${count(notes.length, 'note')}: `,
    codes.map((code, index) => [index === 0 ? '' : ', ', h('code', {}, code)]),
  ];
}

/** Each finding once, errors first. */
function grouped({ data }: Model): Grouped[] {
  const groups = new Map<string, Grouped>();
  for (const severity of ['error', 'warning', 'note'])
    for (const { name, findings } of data.programs)
      for (const finding of findings.filter((each) => each.severity === severity)) {
        const { code, message, cause, remedy } = finding;
        const key = JSON.stringify([code, message, cause, remedy]);
        const known = groups.get(key);
        if (known === undefined) groups.set(key, { finding, programs: [name] });
        else known.programs.push(name);
      }
  return [...groups.values()];
}

function byCode(all: readonly Grouped[]): HTMLElement[] {
  const codes = [...new Set(all.map(({ finding }) => finding.code))];
  return codes.map((code) => {
    const own = all.filter(({ finding }) => finding.code === code);
    return h(
      'details',
      {},
      h(
        'summary',
        { class: own[0]?.finding.severity },
        h('strong', {}, own[0]?.finding.severity),
        ' ',
        h('code', {}, code),
        ` ${count(own.length, 'finding')}`,
      ),
      own.map(one),
    );
  });
}

function one({ finding, programs }: Grouped): HTMLElement {
  const names = programs.slice(0, 3).join(', ');
  const more = programs.length > 3 ? ` and ${programs.length - 3} more` : '';
  return findingCard(finding, programs.length > 1 ? `${names}${more}` : undefined);
}

/** One finding; `about` names programs where several have it. */
export function findingCard(finding: PageFinding, about?: string): HTMLElement {
  const { code, severity, message, seen, cause, remedy, consequences = [] } = finding;
  return h(
    'article',
    { class: `finding ${severity}`, 'aria-label': `${severity} ${code}` },
    h('p', { class: 'what' }, h('strong', {}, severity), ' ', h('code', {}, code)),
    h('p', {}, message),
    about === undefined ? undefined : h('p', { class: 'soft' }, `Programs: ${about}`),
    seen === undefined
      ? undefined
      : h('pre', { tabindex: 0, 'aria-label': 'What you would see' }, seen),
    h(
      'dl',
      {},
      h('dt', {}, 'Cause'),
      h('dd', {}, cause),
      consequences.map((each) => [h('dt', {}, 'Therefore'), h('dd', {}, each)]),
      h('dt', {}, 'Remedy'),
      h('dd', {}, remedy, ' ', copyButton(remedy, `the remedy of ${code}`)),
    ),
  );
}
