/**
 * Dynamic string tokens: `$ORIGIN`, `$LIB` and `$PLATFORM` in search paths and names, and how path
 * lists are split. Source: glibc elf/dl-load.c (is_dst, _dl_dst_substitute, fillin_rpath).
 */

/** What the tokens stand for; an undefined value cannot be replaced. */
export interface TokenValues {
  readonly ORIGIN: string | undefined;
  readonly LIB: string | undefined;
  readonly PLATFORM: string | undefined;
}

const TOKEN = /\$(?:\{(ORIGIN|LIB|PLATFORM)\}|(ORIGIN|LIB|PLATFORM)(?![A-Za-z0-9_]))/g;
/** Up to 2.27 a token without braces had to be a whole path component's end. */
const TOKEN_OLD = /\$(?:\{(ORIGIN|LIB|PLATFORM)\}|(ORIGIN|LIB|PLATFORM)(?=[/:]|$))/g;

/**
 * Replaces the tokens; undefined when one of them has no value, and with it the whole text none.
 * `$ORIGIN` of a root program is `/`, and nothing else is normalised.
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

/** The text without any of `characters` at its end; a regular expression would be quadratic. */
export function withoutTrailing(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1] as string)) end--;
  return text.slice(0, end);
}

/**
 * Splits a search path and expands it into directories as they are put before a name: with one
 * trailing slash, or empty for the working directory. Repeated ones are dropped.
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
    // An element that expands to nothing is dropped, it does not mean the working directory.
    if (expanded === undefined || expanded === '') continue;
    directories.add(`${withoutTrailing(expanded, '/')}/`);
  }
  return [...directories];
}
