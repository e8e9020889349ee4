/**
 * The graph of the HTML page, as it is laid out: no need runs through a box, every need starts and ends at
 * its boxes, and what is drawn is what was chosen. The drawn page is looked at in
 * test/differential/html-page.test.ts.
 */
import { describe, expect, it } from 'vitest';
import { BOX, type Drawing, layoutGraph } from '../../src/report/html/page/graph-layout.js';
import { selectGraph } from '../../src/report/html/page/graph-selection.js';
import { Model } from '../../src/report/html/page/model.js';
import type { PageData, PageFile, PageNeed } from '../../src/report/html/page-data.js';
import { crossings } from '../support/drawn-graph.js';

/** Layers of files that need some of the next layers, as programs of that size have. */
function generatedModel(count: number, needsOfEach: number, cycles = 0): Model {
  const files = Array.from(
    { length: count },
    (_, index): PageFile => ({
      name: `lib${index}.so`,
      role: index === 0 ? 'program' : 'library',
      path: `/lib/lib${index}.so`,
      size: 1000 + index,
      cost: [1, 1000],
      usual: index === count - 1 ? true : undefined,
      searches: [],
    }),
  );
  let state = 1;
  // A linear congruential generator, so that the graph is always the same.
  const below = (limit: number) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * limit);
  };
  const needs: PageNeed[] = [];
  for (let from = 0; from + 1 < count; from++) {
    needs.push([Math.floor(from / 3), from + 1], [from, count - 1]);
    for (let each = 1; each < needsOfEach; each++)
      needs.push([from, from + 1 + below(Math.min(60, count - from - 1))]);
  }
  for (let each = 0; each < cycles; each++) needs.push([count - 2 - each, 1 + below(count / 2)]);
  const program = {
    name: 'lib0.so',
    file: 0,
    state: 'runs',
    verdict: 'runs',
    kind: '',
    total: [count, 0],
    loads: files.map((_, index) => index),
    findings: [],
    runtime: [],
    notes: [],
  } as const;
  const data: PageData = {
    root: '/',
    total: [count, 0],
    programs: [program],
    files,
    needs,
    errors: [],
  };
  return new Model(data);
}

/** Sampled as a reader's eye would follow it: points of each need, and the boxes that it may touch. */
function drawnCrossings({ boxes, routes }: Drawing) {
  return crossings(
    boxes.map(({ file, x, y }) => ({ file, x, y, ...BOX })),
    routes,
  );
}

describe.each([
  ['a small program', generatedModel(12, 2)],
  ['a program of the size of ffmpeg', generatedModel(215, 4)],
  ['libraries that need each other', generatedModel(60, 2, 8)],
])('%s', (_, model) => {
  const selected = selectGraph(model, { centre: 0, hasUsual: false });
  const drawing = layoutGraph(selected);

  it('has a box for each file and a way for each need', () => {
    expect(drawing.boxes.map(({ file }) => file).sort()).toEqual([...selected.files].sort());
    expect(drawing.routes.length).toBe(selected.needs.length);
    expect(selected.needs.length).toBeGreaterThan(selected.files.length - 2);
  });

  it('no box lies on another, and no need runs through one', () => {
    expect(drawnCrossings(drawing)).toEqual([]);
  });

  it('the check sees a need that runs through a box', () => {
    const [first, last] = [drawing.boxes[0], drawing.boxes.at(-1)];
    if (first === undefined || last === undefined) throw new Error('no boxes');
    const middle = drawing.boxes[1];
    const path = `M${first.x} ${first.y}C${first.x} ${first.y} ${middle?.x} ${(middle?.y ?? 0) + 20} ${(middle?.x ?? 0) + 40} ${(middle?.y ?? 0) + 20}H${last.x}`;
    const routes = [{ from: first.file, to: last.file, path }];
    expect(drawnCrossings({ ...drawing, routes }).length).toBeGreaterThan(0);
  });
});

describe('what is drawn', () => {
  const model = generatedModel(215, 4);

  it('is without the C library unless asked', () => {
    expect(selectGraph(model, { centre: 0, hasUsual: false }).files).not.toContain(214);
    expect(selectGraph(model, { centre: 0, hasUsual: true }).files).toContain(214);
    expect(selectGraph(model, { centre: 214, hasUsual: false, steps: 1 }).files).toContain(214);
  });

  it('is near the file in the middle, to both sides', () => {
    const one = selectGraph(model, { centre: 20, hasUsual: false, steps: 1 });
    const isNeighbour = (file: number) =>
      file === 20 || model.needsOf[20]?.includes(file) || model.needersOf[20]?.includes(file);
    expect(one.files.length).toBeGreaterThan(2);
    expect(one.files.filter((file) => !isNeighbour(file))).toEqual([]);
    const two = selectGraph(model, { centre: 20, hasUsual: false, steps: 2 });
    expect(two.files).toEqual(expect.arrayContaining([...one.files]));
  });

  it('reaches all that all needs reach', () => {
    const { needs } = selectGraph(model, { centre: 0, hasUsual: true });
    expect(needs.length).toBeLessThan(model.data.needs.length);
    const reached = new Set([0]);
    for (const at of reached) for (const { from, to } of needs) if (from === at) reached.add(to);
    expect(reached.size).toBe(215);
  });

  it('is no more than can be looked at, however many need a file', () => {
    const { files, leftOut } = selectGraph(model, { centre: 214, hasUsual: true, steps: 3 });
    expect(files).toContain(214);
    expect(files.length + leftOut).toBeLessThanOrEqual(215);
    expect(files.length).toBeLessThanOrEqual(120);
  });
});
