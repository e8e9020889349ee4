/**
 * The panel for what is chosen: it has an address of its own, takes the focus when it opens and gives it
 * back when it closes.
 */
import { breakable, h } from './element.js';
import { filePanel } from './file-panel.js';
import type { Model, Target } from './model.js';
import { programPanel } from './program-panel.js';

/** Where the panel stands, and what else happens when something is chosen. */
export interface PanelOptions {
  readonly panel: HTMLElement;
  /** Something else is chosen, or nothing. */
  readonly chosen: (file: number | undefined) => void;
  readonly showInGraph: ((file: number) => void) | undefined;
}

/** Follows the address of the page. */
export function followAddress(model: Model, { panel, chosen, showInGraph }: PanelOptions): void {
  let opener: Element | null = null;
  const close = () => {
    history.pushState(null, '', location.pathname + location.search);
    show(undefined);
    if (opener instanceof HTMLElement || opener instanceof SVGElement)
      opener.focus({ preventScroll: true });
  };
  const leadToGraph = (file: number) => {
    // On a narrow page the panel lies on the graph.
    if (getComputedStyle(panel).position === 'fixed') close();
    showInGraph?.(file);
  };
  const show = (target: Target | undefined) => {
    panel.hidden = target === undefined;
    document.body.classList.toggle('with-panel', target !== undefined);
    if (target === undefined) {
      panel.replaceChildren();
      chosen(undefined);
      return;
    }
    const file = target.kind === 'file' ? target.file : model.program(target.program).file;
    const { name: title } =
      target.kind === 'file' ? model.file(file) : model.program(target.program);
    panel.replaceChildren(
      h(
        'button',
        { type: 'button', class: 'close', 'aria-label': 'Close', onclick: close },
        '\u00d7',
      ),
      h('h2', { id: 'panel-title', tabindex: -1 }, breakable(title)),
      ...(target.kind === 'file' ? filePanel(model, file) : programPanel(model, target.program)),
      ...(showInGraph === undefined
        ? []
        : [h('button', { type: 'button', onclick: () => leadToGraph(file) }, 'Show in the graph')]),
    );
    panel.scrollTop = 0;
    chosen(file);
  };
  addEventListener('hashchange', () => {
    const target = model.find(location.hash);
    if (target === undefined && location.hash !== '') return;
    const active = document.activeElement;
    if (active !== null && !panel.contains(active)) opener = active;
    show(target);
    panel.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true });
  });
  // A link to the address that is there changes nothing, but it may have been asked for from elsewhere.
  document.addEventListener('click', ({ target }) => {
    const link = target instanceof Element ? target.closest('a') : null;
    if (link !== null && link.hash !== '' && link.hash === location.hash)
      dispatchEvent(new Event('hashchange'));
  });
  addEventListener('popstate', () => {
    if (location.hash === '') show(undefined);
  });
  addEventListener('keydown', ({ key, target }) => {
    const isTyping = target instanceof HTMLInputElement && target.value !== '';
    if (key === 'Escape' && !panel.hidden && !isTyping) close();
  });
  show(model.find(location.hash));
}
