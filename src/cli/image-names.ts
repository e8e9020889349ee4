/**
 * Which names images, stages and users can have. A wrong one would fail only when the image is built or
 * loaded. Sources: distribution/reference regexp.go and normalize.go; Dockerfile reference (FROM,
 * USER); BuildKit frontend/dockerfile/instructions/parse.go for the names of stages.
 */
import { UsageError } from '../errors.js';

const PART = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const HOST = `(?:${LABEL}(?:\\.${LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const NAME = `(?:${HOST}/)?${PART}(?:/${PART})*`;
const TAG = '[\\w][\\w.-]{0,127}';
const DIGEST = '[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]{32,}';
const TAGGED = new RegExp(`^(${NAME})(?::${TAG})?$`);
const IMAGE = new RegExp(`^(${NAME})(?::${TAG})?(?:@${DIGEST})?$`);
/** The name of a stage, in upper or lower case, or its number. */
const STAGE = /^(?:[a-z][a-z0-9._-]*|\d+)$/i;
/** The same with a variable in it, which may be a part of the digest. */
const WITH_VARIABLE = new RegExp(`^(${NAME})(?::${TAG})?(?:@[\\w.+:=-]+)?$`);
/**
 * An ARG that stands before FROM, such as `$BASE`, `${BASE}`, `${BASE:-alpine}`, `${BASE:?which}` or
 * `${BASE%%:*}`, with no other variable inside.
 */
const VARIABLE = /\$(?:\w+|\{\w+(?:(?::?[-+?]|[#%/])[\w./:@+=*?#%-]*)?\})/g;
const MAX_NAME = 255;

function isImage(form: RegExp, text: string): boolean {
  const name = form.exec(text)?.[1];
  // 64 hexadecimal digits are the ID of an image.
  return name !== undefined && name.length <= MAX_NAME && !/^[a-f0-9]{64}$/.test(name);
}

/** `name:tag`, with the tag `latest` if there is none. Throws {@link UsageError}. */
export function requireReference(tag: string): string {
  if (!isImage(TAGGED, tag))
    throw new UsageError(`--tag '${tag}': not a name and tag of an image`, {
      hint: 'such as hello:1.0 or registry.example/team/hello:1.0, the name in lower case',
    });
  return /:[^/]*$/.test(tag) ? tag : `${tag}:latest`;
}

/**
 * Requires the name of a stage or an image; with `withVariables`, as in FROM, it may contain an ARG.
 * Throws {@link UsageError}, also for text that would be a flag, several words or a line of its own.
 */
export function requireSource(
  option: string,
  text: string | undefined,
  { withVariables = false } = {},
): void {
  if (text === undefined) return;
  const plain = withVariables ? withoutVariables(text) : text;
  if (!STAGE.test(plain) && !isImage(plain === text ? IMAGE : WITH_VARIABLE, plain))
    throw new UsageError(`${option} takes the name of an image or a stage, not '${text}'`);
}

/** The text with `x` for each variable, from the innermost on. */
function withoutVariables(text: string): string {
  let plain = text;
  for (let before = ''; plain !== before; ) {
    before = plain;
    plain = plain.replaceAll(VARIABLE, 'x');
  }
  return plain;
}

/** The largest number that Docker takes for a user or a group. */
const MAX_ID = 2 ** 31 - 1;

/** Requires `USER` or `USER:GROUP`, names or numbers. Throws {@link UsageError}. */
export function requireUser(user: string): void {
  const parts = user.split(':');
  const isPart = (part: string) =>
    part !== '' && !/[\s\p{Cc}]/u.test(part) && !(/^\d+$/.test(part) && Number(part) > MAX_ID);
  if (parts.length > 2 || !parts.every(isPart))
    throw new UsageError(`--user takes USER or USER:GROUP, names or numbers, not '${user}'`);
}
