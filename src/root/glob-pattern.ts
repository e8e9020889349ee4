/**
 * Patterns of glob(3) as tests of paths: `?`, `*`, `[...]` and a backslash, nothing else. In time that
 * grows with the product of both lengths at most, since patterns may be those of a hostile file.
 * Source: glob(7); POSIX.1-2017, XCU 2.13, "Pattern Matching Notation".
 */
import { componentsOf } from './path-text.js';

/** One character of a pattern, or `*`. */
type Token = '*' | ((character: string) => boolean);

/**
 * A test whether a path matches: component by component, a leading dot only by one. With `globstar`,
 * the component `**` stands for any directories but those with a leading dot.
 */
export function compilePattern(pattern: string, globstar: boolean): (path: string) => boolean {
  const parts = componentsOf(pattern).map((part) =>
    globstar && part === '**' ? part : { tokens: tokensOf(part), hasDot: /^\\?\./.test(part) },
  );
  return (path) =>
    matchesAll(
      parts,
      componentsOf(path),
      (part) => part === '**',
      (part, name) => part !== '**' && (part.hasDot || isPlain(name)) && fits(part.tokens, name),
      isPlain,
    );
}

function isPlain(name: string): boolean {
  return !name.startsWith('.');
}

function fits(tokens: readonly Token[], name: string): boolean {
  return matchesAll(
    tokens,
    [...name],
    (token) => token === '*',
    (token, character) => token !== '*' && token(character),
    () => true,
  );
}

/**
 * Whether `items` are what `pattern` says, one by one, where elements that `isMany` stand for any
 * number of items that they pass. Only the last of those is tried again: what an earlier one left
 * out, it takes as well.
 */
function matchesAll<Part, Item>(
  pattern: readonly Part[],
  items: readonly Item[],
  isMany: (part: Part) => boolean,
  isOne: (part: Part, item: Item) => boolean,
  passes: (item: Item) => boolean,
): boolean {
  let at = 0;
  let many: { readonly at: number; taken: number } | undefined;
  for (let index = 0; index < items.length; ) {
    const part = pattern[at];
    if (part !== undefined && isMany(part)) many = { at: at++, taken: index };
    else if (part !== undefined && isOne(part, items[index] as Item)) {
      at++;
      index++;
    } else if (many !== undefined && passes(items[many.taken] as Item)) {
      index = ++many.taken;
      at = many.at + 1;
    } else return false;
  }
  return pattern.slice(at).every(isMany);
}

function tokensOf(part: string): Token[] {
  const characters = [...part];
  const tokens: Token[] = [];
  let isClosed = true;
  for (let at = 0; at < characters.length; at++) {
    const isBracket: boolean = characters[at] === '[' && isClosed;
    const set: CharacterSet | undefined = isBracket ? setAt(characters, at) : undefined;
    // Where no bracket closes this one, none closes a later one either.
    if (isBracket) isClosed = set !== undefined;
    const token = set ?? tokenAt(characters, at);
    if (token.test !== '*' || tokens.at(-1) !== '*') tokens.push(token.test);
    at = token.end;
  }
  return tokens;
}

/** The token of one character that begins no set. */
function tokenAt(characters: readonly string[], at: number): { test: Token; end: number } {
  const character = characters[at];
  if (character === '*') return { test: '*', end: at };
  if (character === '?') return { test: () => true, end: at };
  // A backslash takes the meaning of what follows; the last one has nothing to take.
  const end = character === '\\' && at + 1 < characters.length ? at + 1 : at;
  return { test: (actual) => actual === characters[end], end };
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[\p{L}\p{N}]/u,
  alpha: /\p{L}/u,
  blank: /[ \t]/,
  cntrl: /\p{Cc}/u,
  digit: /[0-9]/,
  graph: /[^\p{Cc}\s]/u,
  lower: /\p{Ll}/u,
  print: /[^\p{Cc}]/u,
  punct: /[!-/:-@[-`{-~]/,
  space: /\s/,
  upper: /\p{Lu}/u,
  xdigit: /[0-9A-Fa-f]/,
};

const LONGEST_CLASS = '[:xdigit:]'.length;

interface CharacterSet {
  readonly test: (character: string) => boolean;
  /** An index in the characters. */
  readonly end: number;
}

/** The set that begins at `start`; undefined when nothing ends it. */
function setAt(characters: readonly string[], start: number): CharacterSet | undefined {
  const isNegated = /[!^]/.test(characters[start + 1] ?? '');
  const first = start + (isNegated ? 2 : 1);
  const tests: ((character: string) => boolean)[] = [];
  for (let at = first; at < characters.length; ) {
    // A bracket that is the first stands for itself.
    if (characters[at] === ']' && at > first) {
      const test = (actual: string) => tests.some((one) => one(actual)) !== isNegated;
      return { test, end: at };
    }
    const { test, end } = classAt(characters, at) ?? rangeAt(characters, at);
    tests.push(test);
    at = end;
  }
  return undefined;
}

/** `[:digit:]` and the like; undefined for everything else. Here and below, `end` is behind it. */
function classAt(characters: readonly string[], at: number): CharacterSet | undefined {
  if (characters[at] !== '[' || characters[at + 1] !== ':') return undefined;
  const word = characters.slice(at, at + LONGEST_CLASS).join('');
  const name = /^\[:([a-z]+):\]/.exec(word)?.[1] ?? '';
  const known = CLASSES[name];
  if (known === undefined) return undefined;
  return { test: (actual) => known.test(actual), end: at + `[:${name}:]`.length };
}

/** `a-z`, or one character. */
function rangeAt(characters: readonly string[], start: number): CharacterSet {
  let at = start;
  const take = () => {
    if (characters[at] === '\\' && at + 1 < characters.length) at++;
    return (characters[at++] as string).codePointAt(0) as number;
  };
  const from = take();
  const isRange = characters[at] === '-' && (characters[at + 1] ?? ']') !== ']';
  if (isRange) at++;
  const to = isRange ? take() : from;
  const test = (actual: string) => {
    const point = actual.codePointAt(0) as number;
    return from <= point && point <= to;
  };
  return { test, end: at };
}
