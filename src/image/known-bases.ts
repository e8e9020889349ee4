/**
 * What is usually in base images, by their names: for advice only, where the base itself was not
 * given to look into.
 */
import type { Closure } from '../closure/closure.js';

/** Name patterns of images, and the C library in them; null for none. */
const BASES: readonly (readonly [RegExp, string | null])[] = [
  [/(?:^|\/)scratch$/, null],
  [/distroless\/static/, null],
  [/distroless\//, 'glibc'],
  [/(?:^|\/)busybox:.*(?:glibc|gnu)/, 'glibc'],
  [/(?:^|\/)busybox:.*musl/, 'musl'],
  [/(?:^|\/)busybox:.*uclibc/, 'uclibc'],
  [/(?:^|\/)alpine(?:[:@]|$)|[:-]alpine/, 'musl'],
  [
    /(?:^|\/)(?:debian|ubuntu|fedora|rockylinux|almalinux|amazonlinux|archlinux|opensuse)(?:[/:@]|$)/,
    'glibc',
  ],
  [/(?:^|[/:-])(?:ubi\d*|bookworm|bullseye|trixie|slim|noble|jammy)/, 'glibc'],
];

/** Advice about COPY lines for a base whose files are not known; undefined where there is none. */
export function adviceOnBase(base: string, closures: readonly Closure[]): string | undefined {
  const libcs = new Set(closures.flatMap(({ libc }) => (libc === null ? [] : [libc])));
  const known = BASES.find(([pattern]) => pattern.test(base));
  if (libcs.size === 0 || known?.[1] === null) return undefined;
  const option = '--base-root DIR (its files) leaves out what it has, and checks the rest';
  if (known === undefined) return `${base}: what it holds is not known here; ${option}`;
  const [, libc] = known as readonly [RegExp, string];
  return libcs.has(libc)
    ? `${base}: has a ${libc} of its own, which these COPY lines may replace or mix; ${option}`
    : `${base}: has ${libc}, and ${[...libcs].join(' and ')} would come beside it; ${option}`;
}
