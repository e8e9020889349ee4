/**
 * Moves and scales a picture in a frame: by dragging, by the wheel with Ctrl (as a pinch sends it), by
 * two fingers, and by keys. Plain wheels scroll the page.
 */

/** A picture in its frame. */
export interface View {
  /** Shows all of it, but no smaller than `least`, and then around the point. */
  fit(size: Size, least?: number, around?: Place): void;
  zoom(factor: number): void;
  /** Moves as little as makes the box visible. */
  reveal(box: Place & Size): void;
}

interface Size {
  readonly width: number;
  readonly height: number;
}
interface Place {
  readonly x: number;
  readonly y: number;
}

const [SMALLEST, LARGEST, STEP] = [0.05, 3, 1.25];

/** Listens on the frame; `moved` is the group that is moved in it. */
export function panAndZoom(frame: SVGSVGElement, moved: SVGGElement): View {
  let [x, y, scale] = [0, 0, 1];
  const apply = () => moved.setAttribute('transform', `translate(${x} ${y}) scale(${scale})`);
  const size = () => frame.getBoundingClientRect();
  const zoomAt = (factor: number, at: Place) => {
    const next = Math.min(LARGEST, Math.max(SMALLEST, scale * factor));
    x = at.x - ((at.x - x) * next) / scale;
    y = at.y - ((at.y - y) * next) / scale;
    scale = next;
    apply();
  };
  const zoom = (factor: number) => zoomAt(factor, { x: size().width / 2, y: size().height / 2 });
  const fingers = new Map<number, Place>();
  const spread = () => {
    const [a, b] = [...fingers.values()];
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  };
  frame.addEventListener('pointerdown', ({ pointerId, clientX, clientY }) => {
    fingers.set(pointerId, { x: clientX, y: clientY });
  });
  frame.addEventListener('pointermove', ({ pointerId, clientX, clientY }) => {
    const before = fingers.get(pointerId);
    if (before === undefined) return;
    const far = spread();
    fingers.set(pointerId, { x: clientX, y: clientY });
    if (fingers.size === 2 && far > 0) {
      const { left, top } = size();
      zoomAt(spread() / far, { x: clientX - left, y: clientY - top });
    } else {
      x += clientX - before.x;
      y += clientY - before.y;
      apply();
    }
  });
  for (const end of ['pointerup', 'pointercancel', 'pointerleave'])
    frame.addEventListener(end, (event) => fingers.delete((event as PointerEvent).pointerId));
  frame.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { left, top } = size();
      zoomAt(event.deltaY < 0 ? STEP : 1 / STEP, {
        x: event.clientX - left,
        y: event.clientY - top,
      });
    },
    { passive: false },
  );
  frame.addEventListener('keydown', ({ key }) => {
    if (key === '+' || key === '=') zoom(STEP);
    if (key === '-') zoom(1 / STEP);
  });
  return {
    zoom,
    fit({ width, height }, least = SMALLEST, around) {
      const { width: across, height: down } = size();
      const whole = Math.min(across / width, down / height, 1);
      scale = Math.max(whole, least);
      const place = (room: number, length: number, at: number) =>
        length * scale <= room
          ? (room - length * scale) / 2
          : Math.min(0, Math.max(room - length * scale, room / 2 - at * scale));
      x = place(across, width, around?.x ?? 0);
      y = place(down, height, around?.y ?? 0);
      apply();
    },
    reveal(box) {
      const { width, height } = size();
      const shift = (start: number, length: number, room: number) =>
        start < 0 ? -start + 8 : start + length > room ? room - start - length - 8 : 0;
      x += shift(box.x * scale + x, box.width * scale, width);
      y += shift(box.y * scale + y, box.height * scale, height);
      apply();
    },
  };
}
