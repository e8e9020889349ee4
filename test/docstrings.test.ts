/**
 * The public API is whole: every export says what it is, and every type that one of them mentions is
 * exported too. TypeScript itself is asked, so that what is exported from another file is known by what
 * stands there, as an editor shows it.
 */
import { fileURLToPath } from 'node:url';
import type { Node } from 'typescript/unstable/ast';
import * as is from 'typescript/unstable/ast/is';
import {
  API,
  type Checker,
  type Project,
  SymbolFlags,
  type Symbol as TypeScriptSymbol,
} from 'typescript/unstable/sync';
import { afterAll, describe, expect, it } from 'vitest';
import * as publicApi from '../src/index.js';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const SOURCE = `${PROJECT}src/`.toLowerCase();
const TYPE = SymbolFlags.Interface | SymbolFlags.TypeAlias | SymbolFlags.Class;
/** What a public name can be made of without a type of its own: `typeof` and plain objects. */
const VALUE = SymbolFlags.Function | SymbolFlags.Variable;

const api = new API({ cwd: PROJECT });
afterAll(() => api.close());
const project = api
  .updateSnapshot({ openProject: `${PROJECT}tsconfig.json` })
  .getProjects()[0] as Project;
const checker: Checker = project.checker;

/** What a module of src exports, by the names that users see, each as it is declared. */
function exportsOf(path: string): ReadonlyMap<string, TypeScriptSymbol> {
  const file = project.program.getSourceFile(`${PROJECT}${path}`);
  const module = file === undefined ? undefined : checker.getSymbolAtLocation(file);
  if (module === undefined) throw new Error(`no module ${path}`);
  return new Map(
    checker.getExportsOfModule(module).map((symbol) => [symbol.name, declared(symbol)]),
  );
}

function declared(symbol: TypeScriptSymbol): TypeScriptSymbol {
  return (symbol.flags & SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol;
}

/**
 * Our own types that the exports mention, directly or within each other, by who mentions them first:
 * in parameters, results, members and base types, but in no body, default value or private member.
 */
function mentionedTypes(
  exports: Iterable<TypeScriptSymbol>,
): ReadonlyMap<TypeScriptSymbol, string> {
  const mentioned = new Map<TypeScriptSymbol, string>();
  const seen = new Set<TypeScriptSymbol>();
  const pending: (readonly [TypeScriptSymbol, string])[] = [...exports].map((symbol) => [
    symbol,
    'exports',
  ]);
  const visit = (node: Node, from: string): void => {
    if (is.isIdentifier(node)) {
      const symbol = checker.getSymbolAtLocation(node);
      if (symbol !== undefined) pending.push([declared(symbol), from]);
      return;
    }
    for (const child of publicParts(node)) visit(child, from);
  };
  for (const [symbol, from] of pending) {
    const own = symbol.declarations.filter(({ path }) => path.toLowerCase().startsWith(SOURCE));
    if ((symbol.flags & (TYPE | VALUE)) === 0 || own.length === 0 || seen.has(symbol)) continue;
    seen.add(symbol);
    if ((symbol.flags & TYPE) !== 0) mentioned.set(symbol, from);
    if (isListOfTexts(symbol)) continue;
    for (const declaration of own) {
      const node = declaration.resolve(project);
      if (node !== undefined) visit(node, symbol.name);
    }
  }
  return mentioned;
}

/** A type that is a list of texts mentions nothing to users, however TypeScript works the list out. */
function isListOfTexts(symbol: TypeScriptSymbol): boolean {
  if ((symbol.flags & SymbolFlags.TypeAlias) === 0) return false;
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  return type.isUnionType() && type.getTypes().every((each) => each.isStringLiteralType());
}

/**
 * The children of a node that users see; the name of a declaration is one of them. Members that are
 * marked with @internal are not in the declarations of the package.
 */
function publicParts(node: Node): readonly Node[] {
  const children: Node[] = [];
  node.forEachChild((child) => {
    children.push(child);
  });
  const isPrivate = children.some((child) => is.isPrivateIdentifier(child));
  if (isPrivate || is.isBlock(node) || isInternal(node)) return [];
  const isTyped =
    is.isParameterDeclaration(node) || (is.isVariableDeclaration(node) && node.type !== undefined);
  return isTyped ? children.filter((child) => child !== node.initializer) : children;
}

function isInternal(node: Node): boolean {
  if (!is.isPropertySignatureDeclaration(node) && !is.isMethodSignatureDeclaration(node))
    return false;
  const member = checker.getSymbolAtLocation(node.name);
  const tags = member === undefined ? [] : checker.getJsDocTagsOfSymbol(member);
  return tags.some(({ name }) => name === 'internal');
}

describe.each([
  ['src/index.ts', 'openRoot'],
  ['src/elf/elf-file.ts', 'parseElf'],
])('%s', (path, known) => {
  it('has a docstring for every export', () => {
    const comments = [...exportsOf(path)].map(
      ([name, symbol]) => [name, checker.getDocumentationCommentOfSymbol(symbol)] as const,
    );
    expect(new Map(comments).get(known)).toMatch(/\w/);
    expect(comments.filter(([, comment]) => !/\w/.test(comment)).map(([name]) => name)).toEqual([]);
  });
});

it('src/index.ts exports every type that one of its values mentions, and no other', () => {
  const exports = new Set(exportsOf('src/index.ts').values());
  const isType = ({ flags }: TypeScriptSymbol) => (flags & TYPE) !== 0;
  const values = [...exports].filter(({ name }) => name in publicApi);
  const mentioned = mentionedTypes(values);
  // By a parameter, by a member of that type, by an alias, and by `typeof` in a plain object.
  expect([...mentioned.keys()].map(({ name }) => name)).toEqual(
    expect.arrayContaining(['TraceOptions', 'LoaderOptions', 'ErrorCode', 'TarOptions']),
  );
  // A type that takes others (Finding) is exported as an alias or interface of its name that fills them in.
  const aliases = new Set(
    [...exports]
      .filter(({ flags }) => (flags & (SymbolFlags.TypeAlias | SymbolFlags.Interface)) !== 0)
      .map(({ name }) => name),
  );
  const missing = [...mentioned].filter(
    ([symbol]) => !exports.has(symbol) && !aliases.has(symbol.name),
  );
  expect(missing.map(([{ name }, from]) => `${name}, which ${from} mentions`)).toEqual([]);
  const idle = [...exports].filter((symbol) => isType(symbol) && !mentioned.has(symbol));
  expect(idle.map(({ name }) => name)).toEqual([]);
});

it('src/index.ts exports few values', () => {
  expect(Object.keys(publicApi)).toContain('openRoot');
  expect(Object.keys(publicApi).length).toBeLessThanOrEqual(47);
});
