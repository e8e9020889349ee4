/**
 * What images, stages and users are called: whoever builds or loads an image would say only then that a
 * name is none. Sources: distribution/reference regexp.go and normalize.go; Dockerfile reference (FROM,
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
/** The whole name of a stage; FROM and --from know it in any case. */
const STAGE = /^(?:[a-z][a-z0-9._-]*|\d+)$/i;
/** Where a variable stands in the digest, nothing is known of its length. */
const WITH_VARIABLE = new RegExp(`^(${NAME})(?::${TAG})?(?:@[\\w.+:=-]+)?$`);
/**
 * An ARG that stands before FROM, such as `$BASE`, `${BASE}`, `${BASE:-alpine}`, `${BASE:?which}` or
 * `${BASE%%:*}`, with no other one in it.
 */
const VARIABLE = /\$(?:\w+|\{\w+(?:(?::?[-+?]|[#%/])[\w./:@+=*?#%-]*)?\})/g;
const MAX_NAME = 255;

function isImage(form: RegExp, text: string): boolean {
  const name = form.exec(text)?.[1];
  // 64 hexadecimal digits are the number of an image.
  return name !== undefined && name.length <= MAX_NAME && !/^[a-f0-9]{64}$/.test(name);
}

/** `name:tag`, `latest` where there is no tag. Throws {@link UsageError} for no name of an image. */
export function requireReference(tag: string): string {
  if (!isImage(TAGGED, tag))
    throw new UsageError(`--tag '${tag}': not a name and tag of an image`, {
      hint: 'such as hello:1.0 or registry.example/team/hello:1.0, the name in lower case',
    });
  return /:[^/]*$/.test(tag) ? tag : `${tag}:latest`;
}

/**
 * What COPY takes files from, or with `withVariables` FROM an image, which may have an ARG in it. Throws
 * {@link UsageError} for what would be a flag, several words or another line of the Dockerfile.
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

/** `USER` or `USER:GROUP`, names or numbers. Throws {@link UsageError}. */
export function requireUser(user: string): void {
  const parts = user.split(':');
  const isPart = (part: string) =>
    part !== '' && !/[\s\p{Cc}]/u.test(part) && !(/^\d+$/.test(part) && Number(part) > MAX_ID);
  if (parts.length > 2 || !parts.every(isPart))
    throw new UsageError(`--user takes a name or number, :GROUP behind it or not, not '${user}'`);
}
