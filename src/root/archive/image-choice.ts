/**
 * One image out of those in an archive: the only one, or the one that the user's selectors name. A
 * platform is never guessed, so that the same archive gives the same answer on every machine.
 */
import { printable, RootError } from '../../errors.js';
import type { StoredImage } from './archive-kind.js';
import { fullName, shortName } from './image-name.js';

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
  const wanted = partsOf(selector ?? '');
  const fitting = fittingAll(images, wanted);
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  throw ambiguous(images, fitting, wanted, path, '--root ');
}

/** The same, where the platforms of one image count as one choice. */
export function choosePlatforms(
  images: readonly StoredImage[],
  selector: string | undefined,
  path: string,
): readonly StoredImage[] {
  const wanted = partsOf(selector ?? '');
  const fitting = fittingAll(images, wanted);
  const platforms = new Set(fitting.map(({ platform }) => platform));
  const names = new Set(fitting.map((image) => image.names.join('\0')));
  if (fitting.length > 0 && platforms.size === fitting.length && names.size === 1) return fitting;
  throw ambiguous(images, fitting, wanted, path, '');
}

/** The error about none, or more than one image that fits; `option` is what the path is given by. */
function ambiguous(
  images: readonly StoredImage[],
  fitting: readonly StoredImage[],
  wanted: readonly string[],
  path: string,
  option: string,
): RootError {
  if (images.length === 0)
    return new RootError('ROOT_UNSUPPORTED', 'no image in this archive', { path });
  const isNone = fitting.length === 0;
  const listed = isNone ? images : fitting;
  const rows = listed.slice(0, MAX_LISTED).map(describe);
  if (listed.length > MAX_LISTED) rows.push(`${listed.length - MAX_LISTED} more`);
  const asked = printable(wanted.join(','));
  const are = rows.length === 1 ? 'there is only' : 'there are';
  const fact = isNone
    ? `no image has the name, digest or platform '${asked}'; ${are}`
    : `${fitting.length} images${asked === '' ? '' : ` fit '${asked}'`}`;
  return new RootError('ARCHIVE_AMBIGUOUS', `${fact}: ${rows.join('; ')}`, {
    path,
    hint: `choose one: ${option}'${path}#${example(listed)}'`,
  });
}

function partsOf(selector: string): string[] {
  return selector.split(',').filter((part) => part !== '');
}

function fittingAll(images: readonly StoredImage[], parts: readonly string[]): StoredImage[] {
  const sets = parts.map((part) => new Set(fittingOne(images, part)));
  return images.filter((image) => sets.every((set) => set.has(image)));
}

/** What is spelled the same goes before what means the same, and that before what podman adds. */
function fittingOne(images: readonly StoredImage[], part: string): StoredImage[] {
  const full = fullName(part);
  const isCalled = (name: string) =>
    images.filter(({ names }) => names.some((other) => fullName(other) === name));
  const attempts = [
    () => images.filter(({ names }) => names.includes(part)),
    () => images.filter((image) => isFor(image, part)),
    () => isCalled(full),
    () => isCalled(full.replace(/^docker\.io\/library\//, 'localhost/')),
  ];
  for (const attempt of attempts) {
    const fitting = attempt();
    if (fitting.length > 0) return fitting;
  }
  return [];
}

function isFor({ platform, digest }: StoredImage, part: string): boolean {
  return (
    digest === part ||
    (part.length >= 6 && digest.replace(/^[^:]*:/, '').startsWith(part)) ||
    platform === part ||
    platform?.startsWith(`${part}/`) === true
  );
}

/** Names as people write them, without tags that end another name. */
function shownNames({ names }: StoredImage): string[] {
  const short = [...new Set(names.map(shortName))];
  const tags = new Set(
    short.filter((name) => name.includes(':')).map((name) => name.replace(/^.*:/s, '')),
  );
  return short.filter((name) => !tags.has(name));
}

function describe(image: StoredImage): string {
  const { platform, digest } = image;
  const names = shownNames(image);
  const name = names.length > 0 ? names.join(', ') : digest.slice(0, 'sha256:'.length + 12);
  return printable(platform === undefined ? name : `${name} (${platform})`);
}

/** The shortest selector that leaves the first of the images alone. */
function example(images: readonly StoredImage[]): string {
  const first = images[0] as StoredImage;
  const short = first.digest.replace(/^[^:]*:/, '').slice(0, 12);
  const parts = [...shownNames(first), ...(first.platform === undefined ? [] : [first.platform])];
  const candidates = [...parts, parts.slice(-2).join(','), short];
  const isAlone = (selector: string) => fittingAll(images, partsOf(selector)).length === 1;
  return candidates.find((selector) => selector !== '' && isAlone(selector)) ?? first.digest;
}
