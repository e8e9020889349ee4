/**
 * Absolute paths in a piece of text from an object's data: `/usr/share/misc/magic.mgc`, also within a
 * longer text (`--modules-path=/usr/lib/nginx/modules`), and up to the directory in which a format goes
 * on (`/usr/share/app/%s.dat` names `/usr/share/app`). Whether anything is there is for others to find.
 * Texts of characters of two and four bytes (wchar_t, QString) count too.
 */
import { shortenedComponents } from '../root/path-text.js';

/**
 * Up to a separator of lists, a quote, a space, or what no path has. A run of slashes is tried once, from its
 * first one: here and below, a match from each of them would take the square of the time.
 */
const PATH =
  /(?:(?<!\/)\/+(?:usr|etc|var|run|opt|srv|bin|sbin|lib(?:32|64|x32|exec)?)|(?<![^\0:])(?:\/?share|etc|lib(?:64|exec)?))\/[^\0-\x20"'`|;:,&()=>\x7f-\xff]+/g;
/** Where a format, a pattern or a variable begins. */
const OPEN_END = /[%$*?{}[\]<>\\@]/;
/** In a directory of many programs the name tells whose it is, as far as it goes: `/usr/lib/csv%v`. */
const BEGUN = /^\/usr\/(?:local\/)?(?:share|lib(?:64|exec)?)\/[a-z][\w+-]{2,}(?=[%$])/i;
/** Absolute paths of wide characters. Source: Unicode Standard 3.10 (UTF-16, UTF-32). */
const WIDE = /\/\0\0\0(?:[!-~]\0\0\0){4,}|\/\0(?:[!-~]\0){4,}/g;
/** What stands before a path that is only the end of another: `%s/etc`, `${prefix}/lib`, `../usr`. */
const CONTINUES = /(?:[.})>\]~]|%\w|\$\w+)$/;

/**
 * The paths that begin between two places of a text, shortened, in the order in which they stand. A text
 * that begins with `share` (also `/share`), `lib`, `lib64`, `libexec` or `etc`, also behind a colon
 * (`<prefix:lib/app>`), is a path too, from the prefix of its object. A path that ends with `*` is one of which
 * only the beginning is known.
 */
export function* namedPaths(text: string, first = 0, last = text.length): Generator<string> {
  PATH.lastIndex = first;
  for (const match of text.matchAll(PATH)) {
    const { index } = match;
    if (index >= last) return;
    if (CONTINUES.test(text.slice(Math.max(0, index - 16), index))) continue;
    // Where texts follow each other without an end, the next one begins with a second slash.
    for (const each of match[0].split(/(?<!\/)\/+(?=\/(?:usr|etc|var|run|opt)\/)/)) {
      const path = closedPart(each);
      if (path !== undefined) yield path;
      const begun = BEGUN.exec(each)?.[0];
      if (begun !== undefined) yield `${begun}*`;
    }
  }
}

/** The same of texts of wide characters. */
export function* widePaths(text: string, first = 0, last = text.length): Generator<string> {
  WIDE.lastIndex = first;
  for (const { 0: wide, index } of text.matchAll(WIDE)) {
    if (index >= last) return;
    yield* namedPaths(wide.replaceAll('\0', ''));
  }
}

/** A path without the components that are not written out; undefined where nothing is left. */
function closedPart(text: string): string | undefined {
  const open = text.search(OPEN_END);
  // `${APP_HOME:-/usr/share/app}` ends with the path.
  const end = text[open] === '}' ? open : text.lastIndexOf('/', open);
  const closed = open < 0 ? text : text.slice(0, end);
  const whole = closed.replace(/(?<![./!])[./!]+$/, '');
  if (/\/\.\.(?:\/|$)/.test(whole)) return undefined;
  const components = shortenedComponents(whole);
  if (components.length < 2) return undefined;
  // No root has /share: a prefix belongs before it.
  const isAbsolute = text.startsWith('/') && components[0] !== 'share';
  return `${isAbsolute ? '/' : ''}${components.join('/')}`;
}
