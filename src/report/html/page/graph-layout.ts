/**
 * Places boxes in columns by dagre, and draws needs as curves that pass between boxes: in the gap
 * between two columns a need may bend, beside a box it goes straight, where dagre keeps a lane for it.
 */
import { Graph, layout } from '@dagrejs/dagre';
import type { DrawnGraph } from './graph-selection.js';

/** A box: its left upper corner. */
export interface Box {
  readonly file: number;
  readonly x: number;
  readonly y: number;
}

/** A need as the data of an SVG path. */
export interface Route {
  readonly from: number;
  readonly to: number;
  readonly path: string;
}

/** A drawing; all lengths in units of the picture. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly routes: readonly Route[];
}

/** The size of every box. */
export const BOX = { width: 176, height: 40 } as const;

/** The lengths that dagre keeps between boxes, lanes and columns. */
const GAPS = { nodesep: 12, edgesep: 8, ranksep: 70, marginx: 12, marginy: 12 } as const;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** An empty graph gives an empty drawing. */
export function layoutGraph({ files, needs }: DrawnGraph): Drawing {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', ranker: 'network-simplex', ...GAPS });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const file of files) graph.setNode(String(file), { ...BOX });
  for (const { from, to } of needs) graph.setEdge(String(from), String(to));
  layout(graph);
  const centre = (file: number) => graph.node(String(file)) as unknown as Point;
  const columns = [...new Set(files.map((file) => Math.round(centre(file).x)))];
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width,
    height,
    boxes: files.map((file) => ({
      file,
      x: centre(file).x - BOX.width / 2,
      y: centre(file).y - BOX.height / 2,
    })),
    routes: needs.map(({ from, to }) => {
      const { points = [] } = graph.edge(String(from), String(to)) as { points?: Point[] };
      const lanes = points.slice(1, -1).filter(({ x }) => columns.includes(Math.round(x)));
      return { from, to, path: route(centre(from), lanes, centre(to)) };
    }),
  };
}

/** From the side of one box, straight through the lanes in the columns, to the side of the other. */
function route(start: Point, lanes: readonly Point[], end: Point): string {
  const side = start.x <= end.x ? BOX.width / 2 : -BOX.width / 2;
  let path = `M${round(start.x + side)} ${round(start.y)}`;
  let at = { x: start.x + side, y: start.y };
  const bend = (to: Point) => {
    const middle = round((at.x + to.x) / 2);
    path += `C${middle} ${round(at.y)} ${middle} ${round(to.y)} ${round(to.x)} ${round(to.y)}`;
    at = to;
  };
  for (const { x, y } of lanes) {
    bend({ x: x - side, y });
    at = { x: x + side, y };
    path += `H${round(at.x)}`;
  }
  bend({ x: end.x - side, y: end.y });
  return path;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
