/**
 * Dynamic string tokens: `$ORIGIN`, `$LIB` and `$PLATFORM` in search paths and names, and how path
 * lists are split. Source: glibc elf/dl-load.c (is_dst, _dl_dst_substitute, fillin_rpath).
 */

/** The values of the tokens. A token whose value is undefined cannot be replaced. */
export interface TokenValues {
  readonly ORIGIN: string | undefined;
  readonly LIB: string | undefined;
  readonly PLATFORM: string | undefined;
  /** Set in secure-execution mode, where `$ORIGIN` is replaced only under conditions. */
  readonly secure?: SecureOrigin;
}

/** What decides about `$ORIGIN` in secure-execution mode. */
interface SecureOrigin {
  /** The text is the program's own, and the result must be below one of these. */
  readonly isProgram: boolean;
  /** The system directories, each with a slash at its end. */
  readonly trusted: readonly string[];
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
  const { secure } = values;
  let replaceable = true;
  let hasOrigin = false;
  const expanded = text.replaceAll(
    minor >= 28 ? TOKEN : TOKEN_OLD,
    (token: string, braced: TokenName | undefined, plain: TokenName, offset: number) => {
      const name = (braced ?? plain) as TokenName;
      const isSecureOrigin = secure !== undefined && name === 'ORIGIN';
      const place = isSecureOrigin ? originPlace(text, token, offset, minor) : 'allowed';
      if (place === 'no-token') return token;
      hasOrigin ||= isSecureOrigin;
      const value = values[name];
      if (place === 'refused' || value === undefined) replaceable = false;
      return value ?? '';
    },
  );
  if (!replaceable) return undefined;
  // Before 2.14, nothing was compared with the system directories.
  if (hasOrigin && secure?.isProgram && minor >= 14 && !isTrusted(expanded, secure.trusted))
    return undefined;
  return expanded;
}

type TokenName = 'ORIGIN' | 'LIB' | 'PLATFORM';

/**
 * Whether `$ORIGIN` may stand at a place of a text in secure-execution mode: only as the first
 * component. Before 2.14 it had to be the whole text; from 2.14 to 2.27 it is no token elsewhere.
 */
function originPlace(
  text: string,
  token: string,
  offset: number,
  minor: number,
): 'allowed' | 'refused' | 'no-token' {
  const isFirst = offset === 0 && /^(?:\/|$)/.test(text.slice(token.length));
  if (minor < 14) return token === text ? 'allowed' : 'refused';
  if (isFirst) return 'allowed';
  return minor < 28 ? 'no-token' : 'refused';
}

/** Whether a text has a token, whatever its value is. */
export function hasToken(text: string, minor: number): boolean {
  return text.search(minor >= 28 ? TOKEN : TOKEN_OLD) >= 0;
}

/** is_trusted_path_normalize: whether a path is below a system directory, by its text alone. */
function isTrusted(path: string, trusted: readonly string[]): boolean {
  const parts: string[] = [];
  for (const part of path.split('/'))
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  const normal = `/${parts.join('/')}/`;
  return trusted.some((directory) => normal.startsWith(directory));
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
