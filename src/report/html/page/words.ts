/**
 * Small pieces that several parts of the page show: states, sizes, names as links.
 */
import { count, formatBytes } from '../../style.js';
import type { PageCost, PageState } from '../page-data.js';
import { breakable, type Child, h } from './element.js';
import type { Model } from './model.js';

/** A state in its colour; the words tell the same. */
export function stateBadge(state: PageState, words: string): HTMLElement {
  return h('span', { class: `state ${state}` }, words);
}

/** `12 files, 3.4 MB`. */
export function costText([files, bytes]: PageCost): string {
  return `${count(files, 'file')}, ${formatBytes(bytes)}`;
}

/**
 * An address of the panel, with the page's own name: a link that is only a fragment, and out of sight,
 * counts as one to skip to, which needs a target in the page.
 */
export function linkTo(address: string): string {
  return location.pathname + address;
}

/** The name of a file as a link to its panel. */
export function fileLink(model: Model, file: number, ...more: readonly Child[]): HTMLElement {
  const { name, role } = model.file(file);
  const isAbsent = role === 'missing' || role === 'excluded';
  return h(
    'a',
    { href: linkTo(model.address(file)), class: isAbsent ? `name ${role}` : 'name' },
    breakable(name),
    ...more,
  );
}

/** How people call what a file is to the programs. */
export const ROLES: Readonly<Record<string, string>> = {
  program: 'program',
  interpreter: 'loader',
  preload: 'preload',
  library: 'library',
  missing: 'not found',
  excluded: 'excluded',
};

/** A button that copies a text, and says so. */
export function copyButton(text: string, what: string): HTMLElement {
  const button = h(
    'button',
    { type: 'button', class: 'copy', 'aria-label': `Copy ${what}` },
    'Copy',
  );
  button.addEventListener('click', async () => {
    button.textContent = (await copied(text)) ? 'Copied' : 'Press Ctrl+C';
  });
  return button;
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without the right to write, or where the page is not from a safe place.
    const field = h('textarea', { class: 'offscreen', readonly: true }, text);
    document.body.append(field);
    field.select();
    const isDone = document.execCommand('copy');
    field.remove();
    return isDone;
  }
}
