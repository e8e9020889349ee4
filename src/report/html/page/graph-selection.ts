/**
 * Which files and needs the graph draws: without the C library unless asked, near one file unless all
 * of them are few, and without needs that others imply.
 */
import { transitiveReduction } from '../../../closure/transitive-reduction.js';
import type { Model } from './model.js';

/** What the reader has chosen. */
export interface GraphChoice {
  /** The file in the middle. */
  readonly centre: number;
  /** So many needs away from it, to both sides; undefined for all. */
  readonly steps?: number;
  /** Whether the loader and the C library are drawn. */
  readonly hasUsual: boolean;
}

/** Files by their places, the nearest first, and needs between them. */
export interface DrawnGraph {
  readonly files: readonly number[];
  readonly needs: readonly { readonly from: number; readonly to: number }[];
}

/** What is drawn, and how many files near enough are not, since they are too many. */
export interface SelectedGraph extends DrawnGraph {
  readonly leftOut: number;
  /** Needs between drawn files that others imply. */
  readonly implied: number;
}

/** The most files that are drawn without a choice of steps. */
export const MOST_FILES = 80;

/** The most files that steps lead to; libc.so.6 has hundreds around it. */
const MOST_NEAR = 120;

/** Reduces first, so that a step is one that is drawn. */
export function selectGraph(model: Model, { centre, steps, hasUsual }: GraphChoice): SelectedGraph {
  const { files, needs: all } = model.data;
  const isShown = (file: number) => hasUsual || files[file]?.usual !== true || file === centre;
  const each = [...new Set(all.map(([from, to]) => from * files.length + to))]
    .map((key) => ({ from: Math.floor(key / files.length), to: key % files.length }))
    .filter(({ from, to }) => isShown(from) && isShown(to));
  const needs = transitiveReduction(each);
  const near = new Set([
    ...reach(centre, needs, 'from', 'to', steps),
    ...reach(centre, needs, 'to', 'from', steps),
  ]);
  if (steps === undefined)
    files.forEach((_, file) => {
      if (isShown(file)) near.add(file);
    });
  const shown = steps === undefined ? near : new Set(nearest(near, centre, needs));
  const between = (links: DrawnGraph['needs']) =>
    links.filter(({ from, to }) => shown.has(from) && shown.has(to));
  const drawn = between(needs);
  return {
    files: [...shown],
    needs: drawn,
    leftOut: near.size - shown.size,
    implied: between(each).length - drawn.length,
  };
}

/** As many as can be looked at: what the middle needs comes before what needs it. */
function nearest(near: Iterable<number>, centre: number, needs: DrawnGraph['needs']): number[] {
  const below = new Set(reach(centre, needs, 'from', 'to'));
  const all = [...near];
  const sorted = [
    ...all.filter((file) => below.has(file)),
    ...all.filter((file) => !below.has(file)),
  ];
  return sorted.slice(0, MOST_NEAR);
}

/** The files that are at most `steps` away in one direction, the start included. */
function reach(
  start: number,
  needs: DrawnGraph['needs'],
  from: 'from' | 'to',
  to: 'from' | 'to',
  steps = Number.POSITIVE_INFINITY,
): Iterable<number> {
  const next = new Map<number, number[]>();
  for (const need of needs) {
    const known = next.get(need[from]);
    if (known === undefined) next.set(need[from], [need[to]]);
    else known.push(need[to]);
  }
  const distance = new Map([[start, 0]]);
  for (const [at, step] of distance)
    if (step < steps)
      for (const other of next.get(at) ?? [])
        if (!distance.has(other)) distance.set(other, step + 1);
  return distance.keys();
}
