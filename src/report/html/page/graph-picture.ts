/**
 * A laid-out graph as SVG: boxes are links to the panels of their files, needs are curves behind them.
 */
import { formatBytes } from '../../style.js';
import { s } from './element.js';
import { BOX, type Box, type Drawing, type Route } from './graph-layout.js';
import type { Model } from './model.js';
import { tileLabel } from './tile-label.js';
import { linkTo, ROLES } from './words.js';

/** The parts of a drawing, needs first so that boxes lie on them. */
export function graphParts({ boxes, routes }: Drawing, model: Model): SVGElement[] {
  return [...routes.map((route) => edge(route, model)), ...boxes.map((box) => boxOf(box, model))];
}

function edge({ from, to, path }: Route, model: Model): SVGElement {
  const kind = model.kindOf(from, to);
  const { role } = model.file(to);
  const isAbsent = role === 'missing' || role === 'excluded';
  return s('path', {
    class: `edge ${isAbsent ? role : (kind ?? '')}`,
    d: path,
    'data-from': from,
    'data-to': to,
    'marker-end': 'url(#tip)',
  });
}

function boxOf({ file, x, y }: Box, model: Model): SVGElement {
  const { name, role, size, path } = model.file(file);
  const under = path === undefined ? (ROLES[role] ?? '') : formatBytes(size);
  return s(
    'a',
    {
      href: linkTo(model.address(file)),
      class: `node ${role}`,
      'data-file': file,
    },
    s('title', {}, [name, under, path].filter(Boolean).join(', ')),
    s('rect', { x, y, width: BOX.width, height: BOX.height, rx: 6 }),
    s('text', { x: x + BOX.width / 2, y: y + 17 }, tileLabel(name, BOX.width - 12)),
    s('text', { class: 'size', x: x + BOX.width / 2, y: y + 32 }, under),
  );
}

/** The head of an arrow, for all needs. */
export function arrowHead(): SVGElement {
  const marker = {
    id: 'tip',
    viewBox: '0 0 8 8',
    refX: 8,
    refY: 4,
    markerUnits: 'userSpaceOnUse',
    markerWidth: 9,
    markerHeight: 9,
    orient: 'auto',
  };
  return s('defs', {}, s('marker', marker, s('path', { d: 'M0 0L8 4L0 8z', fill: '#808080' })));
}

/**
 * Marks the ways from the programs to a file, and what it needs itself; nothing for undefined, or for a
 * file that is not drawn.
 */
export function markWays(picture: Element, wanted: number | undefined): void {
  const isDrawn = picture.querySelector(`[data-file="${wanted}"]`) !== null;
  const file = isDrawn ? wanted : undefined;
  const edges = [...picture.querySelectorAll<SVGElement>('.edge')];
  const ends = edges.map((each) => [Number(each.dataset.from), Number(each.dataset.to)] as const);
  const above = new Set(file === undefined ? [] : [file]);
  // A set is walked in the order of insertion, what is added on the way included.
  for (const at of above) for (const [from, to] of ends) if (to === at) above.add(from);
  const near = new Set(above);
  edges.forEach((each, index) => {
    const [from, to] = ends[index] ?? [-1, -1];
    const isWay = above.has(from) && above.has(to);
    if (from === file) near.add(to);
    each.classList.toggle('way', isWay);
    each.classList.toggle('below', from === file && !isWay);
  });
  for (const node of picture.querySelectorAll<SVGElement>('.node'))
    node.classList.toggle('near', near.has(Number(node.dataset.file)));
  picture.classList.toggle('marked', file !== undefined);
}
