/**
 * The graph of needs: what it draws is chosen above it, a click on a box opens its panel, and the ways to
 * the file that is chosen are marked.
 */
import { count } from '../../style.js';
import { isBad, type PageProgram } from '../page-data.js';
import { listenToArrows, oneTabStop } from './arrow-keys.js';
import { h, s } from './element.js';
import { BOX, type Drawing, layoutGraph } from './graph-layout.js';
import { arrowHead, graphParts, markWays } from './graph-picture.js';
import { type GraphChoice, MOST_FILES, selectGraph } from './graph-selection.js';
import { drawnWords } from './graph-words.js';
import type { Model } from './model.js';
import { panAndZoom } from './pan-zoom.js';

/** The section, and what the panel does to it. */
export interface GraphSection {
  readonly section: HTMLElement;
  /** Marks the ways to a file, or to none. */
  choose(file: number | undefined): void;
  /** Puts a file into the middle and shows it. */
  centreOn(file: number): void;
}

/** More files take dagre minutes. */
const MOST_DRAWN = 600;
/** The smallest scale at which names can be read. */
const READABLE = 0.85;

/** Undefined where there is nothing to draw. */
export function graphSection(model: Model): GraphSection | undefined {
  if (model.data.needs.length === 0) return undefined;
  const moved = s('g');
  const svg = s(
    'svg',
    { class: 'graph', role: 'group', 'aria-label': 'Graph of needs' },
    arrowHead(),
    moved,
  );
  const status = h('p', { class: 'soft', role: 'status' });
  const view = panAndZoom(svg, moved);
  const controls = graphControls(model);
  const { programs } = model.data;
  let centre = firstCentre(programs);
  let chosen: number | undefined;
  let drawing: Drawing = layoutGraph({ files: [], needs: [] });
  const show = () => {
    const choice = controls.choice();
    const selected = selectGraph(model, { ...choice, centre });
    const isTooMuch = selected.files.length > MOST_DRAWN;
    drawing = layoutGraph(isTooMuch ? { files: [], needs: [] } : selected);
    moved.replaceChildren(...graphParts(drawing, model));
    oneTabStop(svg);
    status.textContent = isTooMuch
      ? `${count(selected.files.length, 'file')} are too many to draw; choose fewer steps.`
      : drawnWords(model, selected, { ...choice, centre });
    const box = drawing.boxes.find(({ file }) => file === centre);
    const height = Math.min(Math.max(drawing.height, 120), innerHeight * 0.7);
    svg.setAttribute('height', String(Math.round(height)));
    view.fit(drawing, READABLE, box && { x: box.x + BOX.width / 2, y: box.y + BOX.height / 2 });
    markWays(svg, chosen);
  };
  listenToArrows(svg, (link) => {
    const box = drawing.boxes.find(({ file }) => String(file) === link.dataset.file);
    if (box !== undefined) view.reveal({ ...box, ...BOX });
  });
  const mark = ({ target }: Event) => {
    const node = target instanceof Element ? target.closest<SVGElement>('.node') : null;
    markWays(svg, node === null ? chosen : Number(node.dataset.file));
  };
  for (const event of ['pointerover', 'focusin', 'focusout', 'pointerleave'])
    svg.addEventListener(event, mark);
  controls.onChange(show);
  const button = (label: string, text: string, act: () => void) =>
    h('button', { type: 'button', 'aria-label': label, title: label, onclick: act }, text);
  const section = h(
    'section',
    { id: 'graph', 'aria-labelledby': 'graph-title' },
    h('h2', { id: 'graph-title' }, 'Graph'),
    h(
      'div',
      { class: 'tools' },
      controls.elements,
      h(
        'span',
        { class: 'buttons' },
        button('Zoom in', '+', () => view.zoom(1.25)),
        button('Zoom out', '\u2212', () => view.zoom(0.8)),
        button('Fit all of it', 'Fit', () => view.fit(drawing)),
      ),
    ),
    h('div', { class: 'picture' }, svg),
    status,
  );
  whenVisible(section, show);
  return {
    section,
    choose(file) {
      chosen = file;
      markWays(svg, file);
    },
    centreOn(file) {
      centre = file;
      controls.limit();
      show();
      section.scrollIntoView();
      svg.querySelector<SVGElement>(`[data-file="${file}"]`)?.focus({ preventScroll: true });
    },
  };
}

/** Laying out takes time, which a reader who never gets there need not wait for. */
function whenVisible(element: Element, act: () => void): void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      act();
    },
    { rootMargin: '400px' },
  );
  observer.observe(element);
  addEventListener('beforeprint', act, { once: true });
}

/** The first program that fails, or else the one with most files. */
function firstCentre(programs: readonly PageProgram[]): number {
  const failing = programs.find(({ state }) => isBad(state));
  const [largest] = [...programs].sort((a, b) => b.loads.length - a.loads.length);
  return (failing ?? largest)?.file ?? 0;
}

/** What the reader chooses above the graph. */
function graphControls(model: Model) {
  const { files, programs } = model.data;
  const hasUsual = files.some(({ usual }) => usual);
  const shown = files.filter((file) => !file.usual).length;
  // A program alone is no graph.
  const usual = h('input', { type: 'checkbox', name: 'usual', checked: shown < 2 });
  const first = shown > MOST_FILES ? '2' : '';
  const steps = h(
    'select',
    { name: 'steps' },
    ['1', '2', '3', ''].map((value) =>
      h('option', { value, selected: value === first }, value === '' ? 'all' : value),
    ),
  );
  const choice = (): Omit<GraphChoice, 'centre'> => ({
    steps: steps.value === '' ? undefined : Number(steps.value),
    hasUsual: !hasUsual || usual.checked,
  });
  return {
    choice,
    elements: [
      h('label', {}, 'Steps ', steps),
      hasUsual ? h('label', {}, usual, ' C library and loader') : undefined,
    ],
    onChange(act: () => void) {
      for (const input of [usual, steps]) input.addEventListener('change', act);
    },
    /** A file of a large graph is shown with its neighbours. */
    limit() {
      if (steps.value === '' && (shown > MOST_FILES || programs.length > 1)) steps.value = '2';
    },
  };
}
