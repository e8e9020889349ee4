/**
 * `--format html`: one page that needs no other file: what each program is, its libraries in a table,
 * how each was found, a tree of needs, and a graph.
 */
import type { Closure, Library } from '../../closure/closure.js';
import { closureFiles, totalSize } from '../../closure/closure-files.js';
import { isAbsent, type NeedGraph, type NeedNode, needGraph } from '../../closure/need-graph.js';
import type { RuntimeNeed } from '../../needs/need.js';
import { absentWord } from '../absent-word.js';
import { count, formatBytes } from '../style.js';
import { describeProgram } from '../trace/describe-program.js';
import { mergedGraph } from '../trace/merged-graph.js';
import { MAX_LEVELS, nameOf, type Report, type ReportInput } from '../trace/report.js';
import { graphSvg } from './html-graph.js';
import { htmlPage } from './html-page.js';
import { escapeHtml } from './html-text.js';

export const html: Report = {
  name: 'html',
  summary: 'one page for a browser, with a table, a tree and a graph',
  needs: 'always',
  format(input) {
    const { closures, errors } = input;
    const { files, bytes } = totalSize(closures.flatMap(closureFiles));
    const names = closures.map((closure) => nameOf(input, closure));
    const title = names.length === 1 ? (names[0] ?? '') : count(names.length, 'program');
    return htmlPage(`${title} - elfdeps`, [
      '<header>',
      `<h1>What ${escapeHtml(title)} ${names.length === 1 ? 'needs' : 'need'}</h1>`,
      `<p>In the root <code>${escapeHtml(input.root)}</code>: ${count(files, 'file')}, ${formatBytes(bytes)}.</p>`,
      ...(names.length < 2 ? [] : [contents(names)]),
      '</header>',
      '<main>',
      ...errors.map((e) => `<p class="bad">${escapeHtml(`${e.path ?? ''}: ${e.message}`)}</p>`),
      ...closures.flatMap((closure, index) => programSection(closure, index, input)),
      ...(closures.length === 0 ? [] : pictureSection(input)),
      '</main>',
    ]);
  },
};

function contents(names: readonly string[]): string {
  const items = names.map((name, i) => `<li><a href="#program-${i}">${escapeHtml(name)}</a></li>`);
  return `<nav aria-label="Programs"><ul>${items.join('')}</ul></nav>`;
}

function programSection(closure: Closure, index: number, input: ReportInput): string[] {
  const { interpreter, libraries, diagnostics, fatal } = closure;
  const { files, bytes } = totalSize(closureFiles(closure));
  const graph = needGraph(closure);
  const verdict = closure.complete ? 'complete' : 'incomplete';
  return [
    `<section aria-labelledby="program-${index}">`,
    `<h2 id="program-${index}">${escapeHtml(nameOf(input, closure))}</h2>`,
    '<dl>',
    `<dt>Kind</dt><dd>${escapeHtml(describeProgram(closure))}</dd>`,
    ...(interpreter === null
      ? []
      : [
          `<dt>Interpreter</dt><dd><code>${escapeHtml(interpreter.path)}</code>${interpreter.status === 'missing' ? ' <strong class="bad">not found</strong>' : ''}</dd>`,
        ]),
    `<dt>To copy</dt><dd>${count(files, 'file')}, ${formatBytes(bytes)}</dd>`,
    `<dt>State</dt><dd class="${closure.complete ? 'good' : 'bad'}">${verdict}</dd>`,
    '</dl>',
    ...(fatal === undefined
      ? []
      : [`<p class="bad">${escapeHtml(`the loader gives up: ${fatal}`)}</p>`]),
    ...diagnostics.map(
      ({ message, hint }) => `<p>${escapeHtml([message, hint].filter(Boolean).join('; '))}</p>`,
    ),
    ...(libraries.length === 0 ? [] : librarySections(libraries, graph)),
    ...needSection(input.needs?.get(closure.program.path) ?? []),
    '</section>',
  ];
}

function librarySections(libraries: readonly Library[], graph: NeedGraph): string[] {
  const shown = new Set([0]);
  return [
    '<h3>Libraries</h3>',
    '<div class="scroll" tabindex="0" role="region" aria-label="Libraries">',
    '<table><thead><tr>',
    '<th scope="col"><button type="button">Name</button></th>',
    '<th scope="col"><button type="button">Path</button></th>',
    '<th scope="col"><button type="button">Rule</button></th>',
    '<th scope="col" data-number><button type="button">Size</button></th>',
    '</tr></thead><tbody>',
    ...libraries.map(tableRow),
    '</tbody></table></div>',
    '<h3>How each was looked for</h3>',
    ...libraries.map(attempts),
    '<h3>Who needs what</h3>',
    `<div class="tree">${branch(graph, graph.nodes[0] as NeedNode, shown, 1)}</div>`,
  ];
}

function tableRow({ name, object, rule, status }: Library): string {
  const size = object?.entry.size ?? 0;
  return [
    `<tr><td class="name">${escapeHtml(name)}</td>`,
    object === undefined
      ? `<td class="path${status === 'missing' ? ' bad' : ''}">${absentWord(status)}</td>`
      : `<td class="path">${escapeHtml(object.path)}</td>`,
    `<td>${rule ?? ''}</td>`,
    `<td class="size" data-value="${size}">${object === undefined ? '' : formatBytes(size)}</td></tr>`,
  ].join('');
}

function attempts({ name, rule, status, tried, neededBy }: Library): string {
  const isMissing = status === 'missing';
  const state = isMissing ? '<strong class="bad">not found</strong>' : (rule ?? absentWord(status));
  const items = tried.map(
    ({ rule: by, path, outcome, from }) =>
      `<li><code>${escapeHtml(path)}</code> ${outcome} <span class="soft">${escapeHtml(from === undefined ? by : `${by} of ${from}`)}</span></li>`,
  );
  return [
    `<details${isMissing ? ' open' : ''}><summary>${escapeHtml(name)}: ${state}</summary>`,
    ...(neededBy.length === 0 ? [] : [`<p>Needed by ${escapeHtml(neededBy.join(', '))}</p>`]),
    items.length === 0 ? '<p>No path was tried.</p>' : `<ol>${items.join('')}</ol>`,
    '</details>',
  ].join('');
}

/** The needs of an object are shown where the object first appears. */
function branch(graph: NeedGraph, node: NeedNode, shown: Set<number>, level: number): string {
  const items = (graph.needsOf[node.id] ?? []).map(({ to, kind }) => {
    const isKnown = shown.has(to.id);
    const isTooDeep = !isKnown && level === MAX_LEVELS && (graph.needsOf[to.id] ?? []).length > 0;
    const words = [
      ...(kind === 'needed' ? [] : [kind]),
      ...(isAbsent(to.role) ? [absentWord(to.role)] : []),
      ...(isKnown ? ['see above'] : []),
      ...(isTooDeep ? ['its needs are too deep to be shown'] : []),
    ];
    const note = words.length === 0 ? '' : ` <span class="soft">(${words.join(', ')})</span>`;
    const item = `${escapeHtml(to.name)}${note}`;
    if (isKnown || isTooDeep) return `<li>${item}</li>`;
    shown.add(to.id);
    return `<li>${item}${branch(graph, to, shown, level + 1)}</li>`;
  });
  return items.length === 0 ? '' : `<ul>${items.join('')}</ul>`;
}

function needSection(needs: readonly RuntimeNeed[]): string[] {
  if (needs.length === 0) return [];
  return [
    '<h3>What it may also need at run time</h3>',
    '<div class="scroll" tabindex="0" role="region" aria-label="At run time">',
    '<table><thead><tr>',
    ...['Need', 'Confidence', 'Because'].map(
      (name) => `<th scope="col"><button type="button">${name}</button></th>`,
    ),
    '</tr></thead><tbody>',
    ...needs.map(
      ({ kind, confidence, because }) =>
        `<tr><td class="name">${escapeHtml(kind)}</td><td>${confidence}</td><td class="path">${escapeHtml(because)}</td></tr>`,
    ),
    '</tbody></table></div>',
  ];
}

function pictureSection(input: ReportInput): string[] {
  return [
    '<section aria-labelledby="graph-title">',
    '<h2 id="graph-title">The graph of needs</h2>',
    '<p class="soft">Left to right; point at a box or a line to read more.</p>',
    '<div class="scroll" tabindex="0" role="region" aria-label="Graph">',
    graphSvg(mergedGraph(input)),
    '</div>',
    '</section>',
  ];
}
