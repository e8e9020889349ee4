/**
 * Every export of the public API says what it is. TypeScript itself is asked, so that what is exported
 * from another file is known by the comment that stands there, as an editor shows it.
 */
import { fileURLToPath } from 'node:url';
import { API, SymbolFlags } from 'typescript/unstable/sync';
import { expect, it } from 'vitest';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/** The names that a module of src exports, each with its comment, empty where there is none. */
function comments(path: string): Map<string, string> {
  const api = new API({ cwd: PROJECT });
  try {
    const snapshot = api.updateSnapshot({ openProject: `${PROJECT}tsconfig.json` });
    const [project] = snapshot.getProjects();
    const file = project?.program.getSourceFile(`${PROJECT}${path}`);
    const module = file === undefined ? undefined : project?.checker.getSymbolAtLocation(file);
    if (project === undefined || module === undefined) throw new Error(`no module ${path}`);
    const { checker } = project;
    return new Map(
      checker.getExportsOfModule(module).map((symbol) => {
        const isAlias = (symbol.flags & SymbolFlags.Alias) !== 0;
        const meant = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
        return [symbol.name, checker.getDocumentationCommentOfSymbol(meant)];
      }),
    );
  } finally {
    api.close();
  }
}

it.each([
  ['src/index.ts', 'openRoot'],
  ['src/elf/elf-file.ts', 'parseElf'],
])('every export of %s has a docstring', (path, known) => {
  const all = comments(path);
  expect(all.get(known)).toMatch(/\w/);
  const bare = [...all].filter(([, comment]) => !/\w/.test(comment)).map(([name]) => name);
  expect(bare).toEqual([]);
});
