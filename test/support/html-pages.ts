/**
 * HTML pages of traced worlds, as the command line would write them, in files that a browser opens. What a
 * world has no database for is made up: each file belongs to a package that is named after it.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pageFacts } from '../../src/cli/page-facts.js';
import { isUsual } from '../../src/cli/usual-libraries.js';
import type { Trace } from '../../src/closure/trace.js';
import { checkTrace, detectRuntimeNeeds } from '../../src/index.js';
import { html } from '../../src/report/html/html.js';

/** The page of a trace; `packageOf` is that of the root unless it is given. */
export function pageText(trace: Trace, packageOf?: (path: string) => string | undefined): string {
  const needs = detectRuntimeNeeds(trace);
  return html.format({
    root: trace.root.name,
    closures: trace.closures,
    errors: trace.errors,
    names: new Map<string, string>(),
    verbose: false,
    color: false,
    needs: new Map(
      trace.closures.map(({ program: { path } }) => [
        path,
        needs.filter((n) => n.program === path),
      ]),
    ),
    isUsual: isUsual,
    ...pageFacts(trace),
    checked: new Map(checkTrace(trace).map((each) => [each.closure.program.path, each])),
    ...(packageOf === undefined ? {} : { packageOf }),
  });
}

/** A directory for pages; `remove` takes it away again. */
export function pageDirectory(): {
  readonly write: (name: string, text: string) => string;
  readonly remove: () => void;
} {
  const directory = mkdtempSync(join(tmpdir(), 'elfdeps-pages-'));
  return {
    write(name, text) {
      const path = join(directory, `${name}.html`);
      writeFileSync(path, text);
      return pathToFileURL(path).href;
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
