/**
 * Whether a drawn graph can be read: which needs run through boxes, and which boxes lie on each other,
 * from coordinates alone. Paths have the commands M, C and H, as the page draws them.
 */

/** A box as it is drawn. */
export interface DrawnBox {
  readonly file: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A need as it is drawn: the data of an SVG path. */
export interface DrawnNeed {
  readonly from: number;
  readonly to: number;
  readonly path: string;
}

type Point = readonly [x: number, y: number];

const SAMPLES = 24;
/** The ends of a need touch its boxes. */
const TOUCH = 0.5;

/** A line for each fault: `1 -> 2 runs through 3`, `1 lies on 2`, `1 -> 2 does not reach 2`. */
export function crossings(boxes: readonly DrawnBox[], needs: readonly DrawnNeed[]): string[] {
  const byFile = new Map(boxes.map((box) => [box.file, box]));
  return [
    ...overlaps(boxes),
    ...needs.flatMap(({ from, to, path }) => {
      const points = pointsOf(path);
      const name = `${from} -> ${to}`;
      const [start, end] = [points[0], points.at(-1)];
      const crossed = boxes.filter((box) => points.some((point) => isInside(point, box)));
      return [
        ...crossed.map(({ file }) => `${name} runs through ${file}`),
        ...(touches(start, byFile.get(from)) ? [] : [`${name} does not start at ${from}`]),
        ...(touches(end, byFile.get(to)) ? [] : [`${name} does not reach ${to}`]),
      ];
    }),
  ];
}

function overlaps(boxes: readonly DrawnBox[]): string[] {
  return boxes.flatMap((a, index) =>
    boxes
      .slice(index + 1)
      .filter(
        (b) =>
          a.x < b.x + b.width &&
          b.x < a.x + a.width &&
          a.y < b.y + b.height &&
          b.y < a.y + a.height,
      )
      .map((b) => `${a.file} lies on ${b.file}`),
  );
}

function isInside([x, y]: Point, box: DrawnBox): boolean {
  return (
    x > box.x + TOUCH &&
    x < box.x + box.width - TOUCH &&
    y > box.y + TOUCH &&
    y < box.y + box.height - TOUCH
  );
}

function touches(point: Point | undefined, box: DrawnBox | undefined): boolean {
  if (point === undefined || box === undefined) return false;
  const [x, y] = point;
  const isBeside = Math.min(Math.abs(x - box.x), Math.abs(x - box.x - box.width)) < 1;
  return isBeside && y > box.y && y < box.y + box.height;
}

/** Points along a path; throws for a command that the page does not draw. */
function pointsOf(path: string): Point[] {
  const points: Point[] = [];
  for (const [, command = '', text = ''] of path.matchAll(/([A-Za-z])([^A-Za-z]*)/g)) {
    const numbers = text
      .trim()
      .split(/[\s,]+/)
      .map(Number);
    points.push(...sampled(command, numbers, points.at(-1) ?? [0, 0]));
  }
  return points;
}

function sampled(command: string, numbers: readonly number[], [x0, y0]: Point): Point[] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = numbers;
  if (command === 'M') return [[a, b]];
  const steps = Array.from({ length: SAMPLES }, (_, step) => (step + 1) / SAMPLES);
  if (command === 'H') return steps.map((t) => [x0 + (a - x0) * t, y0]);
  if (command !== 'C') throw new Error(`a command that is not known: ${command}`);
  const cubic = (p0: number, p1: number, p2: number, p3: number, t: number) =>
    (1 - t) ** 3 * p0 + 3 * (1 - t) ** 2 * t * p1 + 3 * (1 - t) * t ** 2 * p2 + t ** 3 * p3;
  return steps.map((t) => [cubic(x0, a, c, e, t), cubic(y0, b, d, f, t)]);
}
