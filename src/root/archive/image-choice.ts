/**
 * One image out of those in an archive: the only one, or the one that the user's selectors name. A
 * platform is never guessed, so that the same archive gives the same answer on every machine.
 */
import { printable, RootError } from '../../errors.js';
import { familiar, type StoredImage } from './image-manifests.js';

/** Rows of a message; the rest is counted. */
const MAX_LISTED = 20;

/**
 * Chooses by `selector`: names, digests and platforms with commas between, all of which must fit.
 * Throws {@link RootError} with the choices when none or more than one is left; `path` is what the
 * user typed, without the selector.
 */
export function chooseImage(
  images: readonly StoredImage[],
  selector: string | undefined,
  path: string,
): StoredImage {
  const wanted = (selector ?? '').split(',').filter((part) => part !== '');
  const fitting = images.filter((image) => wanted.every((part) => fits(image, part)));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  if (images.length === 0)
    throw new RootError('ROOT_UNSUPPORTED', 'no image in this archive', { path });
  const isNone = fitting.length === 0;
  const listed = isNone ? images : fitting;
  const rows = listed.slice(0, MAX_LISTED).map(describe);
  if (listed.length > MAX_LISTED) rows.push(`${listed.length - MAX_LISTED} more`);
  const fact = isNone
    ? `no image is called or for ${printable(wanted.join(','))}; there are`
    : `${fitting.length} images${wanted.length > 0 ? ` fit ${printable(wanted.join(','))}` : ''}`;
  throw new RootError('ARCHIVE_AMBIGUOUS', `${fact}: ${rows.join('; ')}`, {
    path,
    hint: `choose one: --root '${path}#${example(listed)}'`,
  });
}

function fits({ names, platform, digest }: StoredImage, part: string): boolean {
  const name = familiar(part);
  return (
    names.includes(name) ||
    names.includes(`${name}:latest`) ||
    digest === part ||
    (part.length >= 6 && digest.replace(/^[^:]*:/, '').startsWith(part)) ||
    platform === part ||
    platform?.startsWith(`${part}/`) === true
  );
}

function describe({ names, platform, digest }: StoredImage): string {
  const name = names.length > 0 ? names.join(', ') : digest.slice(0, 'sha256:'.length + 12);
  return printable(platform === undefined ? name : `${name} (${platform})`);
}

/** The shortest selector that leaves the first of the images alone. */
function example(images: readonly StoredImage[]): string {
  const first = images[0] as StoredImage;
  const short = first.digest.replace(/^[^:]*:/, '').slice(0, 12);
  const parts = [...first.names, ...(first.platform === undefined ? [] : [first.platform])];
  const candidates = [...parts, parts.slice(-2).join(','), short];
  const isAlone = (selector: string) =>
    images.filter((image) => selector.split(',').every((part) => fits(image, part))).length === 1;
  return candidates.find((selector) => selector !== '' && isAlone(selector)) ?? first.digest;
}
