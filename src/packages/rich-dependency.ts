/**
 * Rich dependencies of rpm, such as `(a or (b and c) if d)`: the names that the package depends on. What
 * stands behind `if`, `unless` and `without` is a condition, and no dependency.
 * Source: rpm docs/manual/boolean_dependencies.md, lib/rpmds.c (rpmrichParse).
 */

const OPERATORS: ReadonlySet<string> = new Set([
  'and',
  'or',
  'if',
  'unless',
  'else',
  'with',
  'without',
]);
const CONDITIONS: ReadonlySet<string> = new Set(['if', 'unless', 'without']);
const MOST_DEPTH = 100;

/** The names in a dependency; a plain one is its only name. */
export function namesOfDependency(text: string): string[] {
  if (!text.startsWith('(')) return [text];
  const names: string[] = [];
  let depth = 0;
  /** For each open parenthesis, whether a condition stands in it now. */
  const isCondition = [false];
  for (const word of words(text)) {
    if (word === '(') {
      if (++depth > MOST_DEPTH) return names;
      isCondition.push(isCondition.at(-1) === true);
    } else if (word === ')') {
      depth--;
      isCondition.pop();
    } else if (OPERATORS.has(word)) {
      const outer = isCondition.at(-2) === true;
      isCondition.splice(-1, 1, outer || CONDITIONS.has(word));
    } else if (isCondition.at(-1) === false) names.push(word);
  }
  return names;
}

/** Parentheses, operators and names, without versions. */
function* words(text: string): Generator<string> {
  // A name may have pairs of parentheses of its own: libz.so.1()(64bit).
  const pattern = /\s*(?:(\()|(\))|[<>=]+\s*[^\s()]+|((?:[^\s()]|\([^\s()]*\))+))/gy;
  for (const match of text.matchAll(pattern)) {
    const word = match.slice(1).find((part) => part !== undefined);
    if (word !== undefined) yield word;
  }
}
