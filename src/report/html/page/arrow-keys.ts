/**
 * One tab stop for a picture with many links: arrow keys go to the nearest link in that direction, Home
 * and End to the first and the last (ARIA Authoring Practices, roving tabindex).
 */

type Link = SVGElement | HTMLElement;

const WAYS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Makes the links below `picture` one tab stop; call it again when they are others. */
export function oneTabStop(picture: Element): void {
  const all = links(picture);
  for (const link of all) link.setAttribute('tabindex', '-1');
  all[0]?.setAttribute('tabindex', '0');
}

/** Listens once for a picture, whatever links it gets later. `moved` is called with the link that has the focus. */
export function listenToArrows(picture: Element, moved: (link: Link) => void): void {
  picture.addEventListener('keydown', (event) => {
    const { key, target } = event as KeyboardEvent;
    const all = links(picture);
    const from = all.find((link) => link === target);
    const to = from === undefined ? undefined : next(all, from, key);
    if (to === undefined) return;
    event.preventDefault();
    focusLink(picture, to);
    moved(to);
  });
  picture.addEventListener('focusin', ({ target }) => {
    const link = links(picture).find((each) => each === target);
    if (link !== undefined) makeStop(picture, link);
  });
}

function links(picture: Element): Link[] {
  return [...picture.querySelectorAll<Link>('a')];
}

function focusLink(picture: Element, link: Link): void {
  makeStop(picture, link);
  link.focus({ preventScroll: picture instanceof SVGElement });
}

function makeStop(picture: Element, link: Link): void {
  for (const each of picture.querySelectorAll('a[tabindex="0"]'))
    each.setAttribute('tabindex', '-1');
  link.setAttribute('tabindex', '0');
}

function next(all: readonly Link[], from: Link, key: string): Link | undefined {
  if (key === 'Home') return all[0];
  if (key === 'End') return all.at(-1);
  const way = WAYS[key];
  if (way === undefined) return undefined;
  const [dx, dy] = way;
  const start = middle(from);
  let best: { link: Link; far: number } | undefined;
  for (const link of all) {
    if (link === from) continue;
    const { x, y } = middle(link);
    const along = (x - start.x) * dx + (y - start.y) * dy;
    const aside = Math.abs((x - start.x) * dy) + Math.abs((y - start.y) * dx);
    const far = along + 2 * aside;
    if (along > 1 && (best === undefined || far < best.far)) best = { link, far };
  }
  return best?.link;
}

function middle(link: Link): { x: number; y: number } {
  const { left, right, top, bottom } = link.getBoundingClientRect();
  return { x: (left + right) / 2, y: (top + bottom) / 2 };
}
