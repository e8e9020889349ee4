/**
 * The bytes of all files as a treemap, grouped by directory, by package, or by what holds them.
 */
import { type HierarchyRectangularNode, hierarchy, treemap } from 'd3-hierarchy';
import { count, formatBytes } from '../../style.js';
import { listenToArrows, oneTabStop } from './arrow-keys.js';
import { h, s } from './element.js';
import type { Model } from './model.js';
import { cutLabel, groupLabel, tileLabel } from './tile-label.js';
import { linkTo } from './words.js';

interface Group {
  readonly title: string;
  readonly files: readonly number[];
}

/** One node of the hierarchy: the whole, a group, or a file. */
interface Part {
  readonly title: string;
  readonly file?: number;
  readonly size?: number;
  readonly children?: readonly Part[];
}

const GROUPINGS = {
  directory: 'Directory',
  package: 'Package',
  holder: 'Holder',
} as const;
type Grouping = keyof typeof GROUPINGS;

const HEAD = 18;
const COLOURS = 8;

/** The section; undefined where there is nothing to compare. */
export function treemapSection(model: Model): HTMLElement | undefined {
  if (model.data.files.filter(({ size }) => size > 0).length < 2) return undefined;
  const svg = s('svg', { class: 'treemap', role: 'group', 'aria-labelledby': 'treemap-title' });
  const frame = h('div', { class: 'picture' }, svg);
  const hasPackages = model.data.files.some((file) => file.package !== undefined);
  const names = (Object.keys(GROUPINGS) as Grouping[]).filter(
    (name) => name !== 'package' || hasPackages,
  );
  let grouping: Grouping = names.includes('package') ? 'package' : 'directory';
  let width = 0;
  const draw = () => drawTreemap(svg, groupFiles(model, grouping), width, model);
  new ResizeObserver(() => {
    if (frame.clientWidth === width) return;
    width = frame.clientWidth;
    draw();
  }).observe(frame);
  listenToArrows(svg, () => {});
  const choices = names.map((name) => {
    const input = h('input', {
      type: 'radio',
      name: 'grouping',
      value: name,
      checked: name === grouping,
    });
    input.addEventListener('change', () => {
      grouping = name;
      draw();
    });
    return h('label', {}, input, ` ${GROUPINGS[name]}`);
  });
  return h(
    'section',
    { id: 'size', 'aria-labelledby': 'treemap-title' },
    h('h2', { id: 'treemap-title' }, 'Size'),
    h('fieldset', { class: 'tools' }, h('legend', {}, 'Grouped by'), choices),
    frame,
  );
}

function groupFiles(model: Model, grouping: Grouping): Group[] {
  const groups = new Map<string, number[]>();
  model.data.files.forEach(({ size }, index) => {
    if (size === 0) return;
    const title = titleOf(model, index, grouping);
    groups.set(title, [...(groups.get(title) ?? []), index]);
  });
  if (grouping !== 'holder') return [...groups].map(([title, files]) => ({ title, files }));
  const alone = [...groups.values()].filter(({ length }) => length === 1).flat();
  const several = [...groups].filter(([, { length }]) => length > 1);
  return [
    ...several.map(([title, files]) => ({ title, files })),
    ...(alone.length === 0 ? [] : [{ title: 'held by several', files: alone }]),
  ];
}

function titleOf(model: Model, index: number, grouping: Grouping): string {
  const file = model.file(index);
  if (grouping === 'package') return file.package ?? 'no package';
  if (grouping === 'holder') return model.file(topHolder(model, index)).name;
  const path = file.realPath ?? file.path ?? '';
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

/** The highest file that holds it: below the program where there is one, else the program. */
function topHolder({ data }: Model, index: number): number {
  let at = index;
  for (;;) {
    const above = data.files[at]?.holder;
    const isTop =
      above === undefined ||
      (data.programs.length === 1 && data.files[above]?.holder === undefined);
    if (isTop) return at;
    at = above;
  }
}

function drawTreemap(
  svg: SVGSVGElement,
  groups: readonly Group[],
  width: number,
  model: Model,
): void {
  const tiles = groups.reduce((sum, { files }) => sum + files.length, 0);
  // A few files need no large picture.
  const height = Math.min(460, Math.max(260, width * 0.5), 100 + 32 * tiles);
  const root = hierarchy<Part>({
    title: '',
    children: groups.map(({ title, files }) => ({
      title,
      children: files.map((file) => ({
        title: model.file(file).name,
        file,
        size: model.file(file).size,
      })),
    })),
  })
    .sum(({ size = 0 }) => size)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const placed = treemap<Part>().size([width, height]).paddingInner(1).paddingTop(headOf)(root);
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.setAttribute('height', String(height));
  svg.replaceChildren(
    ...(placed.children ?? []).flatMap((group, index) => groupParts(group, index, model)),
  );
  oneTabStop(svg);
  const { chosen } = svg.dataset;
  if (chosen !== undefined) markTile(svg, Number(chosen));
}

/** Marks the tile of a file, or none; a map that is drawn later marks it then. */
export function markTile(svg: SVGElement, file: number | undefined): void {
  for (const each of svg.querySelectorAll('.chosen')) each.classList.remove('chosen');
  delete svg.dataset.chosen;
  if (file === undefined) return;
  svg.dataset.chosen = String(file);
  svg.querySelector(`.tile[data-file="${file}"]`)?.classList.add('chosen');
}

type Placed = HierarchyRectangularNode<Part>;

/** The room for the title of a group: none where the group is one file, or too small for a title. */
function headOf({ depth, children = [], x0, x1, y0, y1 }: Placed): number {
  return depth === 1 && children.length > 1 && x1 - x0 >= 60 && y1 - y0 >= 2 * HEAD ? HEAD : 0;
}

function groupParts(group: Placed, index: number, model: Model): SVGElement[] {
  const { x0, y0, x1, data, value = 0 } = group;
  const words = `${data.title}, ${formatBytes(value)}`;
  const head = s(
    'text',
    { class: 'group', x: x0 + 3, y: y0 + 13 },
    s('title', {}, words),
    groupLabel(data.title, words, x1 - x0 - 6),
  );
  return [
    ...(headOf(group) === 0 ? [] : [head]),
    ...(group.children ?? []).map((tile) => tileOf(tile, index % COLOURS, model)),
  ];
}

function tileOf(
  { x0, y0, x1, y1, data, parent }: Placed,
  colour: number,
  model: Model,
): SVGElement {
  const file = data.file ?? 0;
  const [width, height] = [Math.max(0, x1 - x0), Math.max(0, y1 - y0)];
  const size = formatBytes(data.size ?? 0);
  const { cost } = model.file(file);
  const label = `${data.title}, ${size}`;
  const group = parent?.data.title ?? '';
  return s(
    'a',
    {
      href: linkTo(model.address(file)),
      class: `tile colour-${colour}`,
      'data-file': file,
    },
    s(
      'title',
      {},
      `${label}, of ${group}; without it ${count(cost[0], 'file')} less, ${formatBytes(cost[1])}`,
    ),
    s('rect', { x: x0, y: y0, width, height }),
    height < 16 || width < 30
      ? undefined
      : s('text', { x: x0 + 4, y: y0 + 13 }, tileLabel(data.title, width - 8)),
    height < 32 || width < 50
      ? undefined
      : s('text', { class: 'size', x: x0 + 4, y: y0 + 27 }, cutLabel(size, width - 8)),
  );
}
