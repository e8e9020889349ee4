/**
 * Draws the graph of needs as SVG: a column for each step away from the programs. In a column, nodes
 * are near the nodes that need them. Colours come from the page, by class.
 */

import type { DrawnNode, MergedGraph } from '../trace/merged-graph.js';
import { escapeHtml } from './html-text.js';

const [WIDTH, HEIGHT, COLUMN, ROW, EDGE] = [190, 40, 270, 54, 12];

/** The longest title that fits into a box, in characters. Longer ones are cut. */
const LONGEST = 26;

export function graphSvg({ nodes, edges }: MergedGraph): string {
  const columns = columnsOf({ nodes, edges });
  const places = new Map<number, { x: number; y: number }>();
  const tallest = Math.max(1, ...columns.map((column) => column.length));
  columns.forEach((column, index) => {
    const top = EDGE + ((tallest - column.length) * ROW) / 2;
    column.forEach((id, row) => {
      places.set(id, { x: EDGE + index * COLUMN, y: top + row * ROW });
    });
  });
  const [width, height] = [
    2 * EDGE + (columns.length - 1) * COLUMN + WIDTH,
    2 * EDGE + tallest * ROW,
  ];
  const lines = edges.map(({ from, to, words, isMissing }) => {
    const [a, b] = [places.get(from), places.get(to)];
    if (a === undefined || b === undefined) return '';
    const [x1, y1, x2, y2] = [a.x + WIDTH, a.y + HEIGHT / 2, b.x, b.y + HEIGHT / 2];
    const bend = Math.max(40, Math.abs(x2 - x1) / 2);
    return (
      `<path class="edge${isMissing ? ' missing' : ''}" marker-end="url(#tip)" ` +
      `d="M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}">` +
      `<title>${escapeHtml(words)}</title></path>`
    );
  });
  return [
    `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="graph-title">`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>',
    ...lines,
    ...nodes.map((node) => box(node, places.get(node.id) ?? { x: 0, y: 0 })),
    '</svg>',
  ].join('\n');
}

function box({ role, title, path, size }: DrawnNode, { x, y }: { x: number; y: number }): string {
  const short = title.length > LONGEST ? `...${title.slice(3 - LONGEST)}` : title;
  return (
    `<g class="node ${role}"><title>${escapeHtml(path)}</title>` +
    `<rect x="${x}" y="${y}" width="${WIDTH}" height="${HEIGHT}" rx="6"/>` +
    `<text x="${x + WIDTH / 2}" y="${y + 17}">${escapeHtml(short)}</text>` +
    `<text class="size" x="${x + WIDTH / 2}" y="${y + 33}">${escapeHtml(size)}</text></g>`
  );
}

/**
 * Puts each node into the column of its longest chain of needs from a program, so that all lines lead
 * to the right, except in cycles. In a column, nodes are sorted by the mean height of their needers.
 */
function columnsOf({ nodes, edges }: MergedGraph): number[][] {
  const needers = new Map<number, number[]>(nodes.map(({ id }) => [id, []]));
  const needs = new Map<number, number[]>(nodes.map(({ id }) => [id, []]));
  for (const { from, to } of edges) {
    needers.get(to)?.push(from);
    needs.get(from)?.push(to);
  }
  const order = needersFirst(nodes, needs);
  const place = new Map(order.map((id, index) => [id, index]));
  const step = new Map(order.map((id) => [id, 0]));
  for (const id of order)
    for (const to of needs.get(id) ?? [])
      if ((place.get(to) ?? 0) > (place.get(id) ?? 0))
        step.set(to, Math.max(step.get(to) ?? 0, (step.get(id) ?? 0) + 1));
  const columns: number[][] = [];
  for (const [id, steps] of step) {
    columns[steps] ??= [];
    columns[steps].push(id);
  }
  const height = new Map<number, number>();
  for (const column of columns) {
    const mean = (id: number) => {
      const known = (needers.get(id) ?? []).flatMap((from) => height.get(from) ?? []);
      return known.length === 0 ? 0 : known.reduce((a, b) => a + b, 0) / known.length;
    };
    const means = new Map(column.map((id) => [id, mean(id)]));
    column.sort((a, b) => (means.get(a) ?? 0) - (means.get(b) ?? 0) || a - b);
    column.forEach((id, row) => {
      height.set(id, (row + 0.5) / column.length);
    });
  }
  return columns;
}

/** Each node after those that need it, except in cycles. Not recursive: chains may be long. */
function needersFirst(
  nodes: readonly DrawnNode[],
  needs: ReadonlyMap<number, readonly number[]>,
): number[] {
  const done: number[] = [];
  const seen = new Set<number>();
  for (const { id: start } of nodes) {
    if (seen.has(start)) continue;
    seen.add(start);
    const stack = [{ id: start, next: 0 }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const to = needs.get(top.id)?.[top.next++];
      if (to === undefined) {
        done.push(top.id);
        stack.pop();
      } else if (!seen.has(to)) {
        seen.add(to);
        stack.push({ id: to, next: 0 });
      }
    }
  }
  return done.reverse();
}
