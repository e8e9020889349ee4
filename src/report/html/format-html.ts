/**
 * `--format html`: one page that needs no other file. What stands in it as HTML is what a reader without
 * scripts sees: the verdict, and a table of files. The script in folder `page` makes the rest of the data.
 */

import { newestVersion } from '../../check/symbols/minimum-versions.js';
import { absentWord } from '../absent-word.js';
import { count, formatBytes } from '../style.js';
import { nameOf, type ReportInput } from '../trace/report.js';
import { htmlPage } from './html-page.js';
import { escapeHtml } from './html-text.js';
import { isBad, PAGE_STATES, type PageData, type PageFile } from './page-data.js';
import { pageModel } from './page-model.js';

/** The page, whole. */
export function formatHtml(input: ReportInput): string {
  const names = input.closures.map((closure) => nameOf(input, closure));
  const title = names.length === 1 ? (names[0] ?? '') : count(names.length, 'program');
  const data = pageModel(input);
  return htmlPage(`${title} - elfdeps`, [...head(title, data), ...withoutScript(data)], data);
}

function head(title: string, data: PageData): string[] {
  const [files, bytes] = data.total;
  const [first] = data.programs;
  const glibc = newestVersion(data.programs.map((each) => each.glibc));
  const facts = [
    ...(data.programs.length === 1 && first !== undefined ? [first.kind] : []),
    count(files, 'file'),
    formatBytes(bytes),
    ...(glibc === undefined ? [] : [`glibc ${glibc} or newer`]),
  ];
  return [
    '<header id="head">',
    '<div>',
    `<h1>${escapeHtml(title).replaceAll(/\/(?=.)/g, '/<wbr>')}</h1>`,
    `<p id="verdict">${verdict(data)}</p>`,
    `<p id="facts">${escapeHtml(facts.join(', '))}, in the root <code>${escapeHtml(data.root)}</code></p>`,
    '</div>',
    '</header>',
  ];
}

/** The state of one program, or how many are in each state. */
function verdict({ programs }: PageData): string {
  const [first] = programs;
  if (programs.length === 1 && first !== undefined) return state(first.state, first.verdict);
  const words = (each: string, number: number) =>
    ({
      fails: number === 1 ? 'fails' : 'fail',
      incomplete: 'incomplete',
      warns: number === 1 ? 'has warnings' : 'have warnings',
      runs: number === 1 ? 'runs' : 'run',
      complete: 'complete',
    })[each] ?? each;
  return PAGE_STATES.flatMap((each) => {
    const number = programs.filter((program) => program.state === each).length;
    return number === 0 ? [] : [state(each, `${number} ${words(each, number)}`)];
  }).join(' ');
}

function state(name: string, words: string): string {
  return `<span class="state ${name}">${escapeHtml(words)}</span>`;
}

function withoutScript({ programs, files, errors }: PageData): string[] {
  return [
    '<main id="page">',
    ...errors.map((error) => `<p class="error">${escapeHtml(error)}</p>`),
    '<noscript>',
    '<p>This page shows more with scripts: a search, a treemap, a graph, and how each file was found.</p>',
    ...programs.flatMap(({ name, verdict: words, state: each, findings }) => [
      ...(programs.length > 1 ? [`<h2>${escapeHtml(name)}: ${state(each, words)}</h2>`] : []),
      ...findings.map(
        ({ severity, message, cause, remedy }) =>
          `<p class="${severity}">${escapeHtml(`${severity}: ${message}; ${cause}; ${remedy}`)}</p>`,
      ),
      ...(isBad(each) && findings.length === 0
        ? ['<p>Something that it needs is missing.</p>']
        : []),
    ]),
    '<table><thead><tr><th>Name</th><th>Path</th><th>Rule</th><th>Size</th></tr></thead><tbody>',
    ...files.map(row),
    '</tbody></table>',
    '</noscript>',
    '</main>',
  ];
}

function row({ name, path, role, rule, size }: PageFile): string {
  const place =
    path === undefined
      ? `<td class="bad">${absentWord(role)}</td>`
      : `<td>${escapeHtml(path)}</td>`;
  const cell = path === undefined ? '' : formatBytes(size);
  return `<tr><td>${escapeHtml(name)}</td>${place}<td>${rule ?? ''}</td><td class="size">${cell}</td></tr>`;
}
