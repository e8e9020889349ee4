/**
 * Dynamic string tokens: `$ORIGIN`, `$LIB` and `$PLATFORM` in search paths and names, and how path
 * lists are split. Source: glibc elf/dl-load.c (is_dst, _dl_dst_substitute, fillin_rpath).
 */

/** The values of the tokens. A token whose value is undefined cannot be replaced. */
export interface TokenValues {
  readonly ORIGIN: string | undefined;
  readonly LIB: string | undefined;
  readonly PLATFORM: string | undefined;
}

const TOKEN = /\$(?:\{(ORIGIN|LIB|PLATFORM)\}|(ORIGIN|LIB|PLATFORM)(?![A-Za-z0-9_]))/g;
/** Up to 2.27 a token without braces had to be at the end of a path component. */
const TOKEN_OLD = /\$(?:\{(ORIGIN|LIB|PLATFORM)\}|(ORIGIN|LIB|PLATFORM)(?=[/:]|$))/g;

/**
 * Replaces the tokens. Undefined if one of them has no value, since the loader then ignores the whole
 * text. Paths are not normalized.
 */
export function expandTokens(text: string, values: TokenValues, minor: number): string | undefined {
  if (!text.includes('$')) return text;
  let replaceable = true;
  const expanded = text.replaceAll(minor >= 28 ? TOKEN : TOKEN_OLD, (_, braced, plain) => {
    const value = values[(braced ?? plain) as keyof TokenValues];
    if (value === undefined) replaceable = false;
    return value ?? '';
  });
  return replaceable ? expanded : undefined;
}

/** Removes `characters` from the end of a text. A regular expression would take quadratic time. */
export function withoutTrailing(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1] as string)) end--;
  return text.slice(0, end);
}

/**
 * Splits a search path into directories and replaces their tokens. Each directory ends with one slash;
 * an empty one is the working directory. Repeated directories are dropped.
 */
export function splitSearchPath(
  path: string,
  separator: RegExp,
  values: TokenValues,
  minor: number,
): string[] {
  if (path === '') return [];
  const directories = new Set<string>();
  for (const element of path.split(separator)) {
    if (element === '') {
      directories.add('');
      continue;
    }
    const expanded = expandTokens(element, values, minor);
    // An element that is empty after the replacement is dropped. It is not the working directory.
    if (expanded === undefined || expanded === '') continue;
    directories.add(`${withoutTrailing(expanded, '/')}/`);
  }
  return [...directories];
}
