/**
 * How often libtree and lddtree agree with the real loaders, beside elfdeps, on the same roots:
 * those that ELFDEPS_PEERS names, all of them by `npm run bench:peers`. The figures in
 * docs/comparison.md are its output. A file counts as matched when the real paths and the names
 * that were not found are the loader's own; loader and vDSO apart.
 */
import { copyFileSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { directoryRoot, type Root, resolvePath } from '../../src/index.js';
import { command, findCommand } from '../support/requirement.js';
import { type Answer, askRoot, copyRoot, describeRoots, makeRoot } from './debian-roots.js';
import { runEach } from './run-each.js';

describeRoots(
  'peers',
  'ELFDEPS_PEERS',
  [command('libtree'), command('lddtree')],
  (names, directory) => {
    it.each(names)('%s', async (name) => {
      // What libtree needs is put into a copy, since other tests list the files of the root.
      const path = copyRoot(makeRoot(name, directory), join(directory, `peers-${name}`));
      onTestFinished(() => rmSync(path, { recursive: true, force: true }));
      const answers = await askRoot(path);
      const root = directoryRoot(path);
      const truth = answers.map((answer) => setOf(root, answer, fromListing(answer.printed)));
      const libtree = await askLibtree(path, answers);
      const lddtree = await askLddtree(path, answers);
      const rate = (rows: readonly (readonly Row[])[]) => {
        const matched = rows.filter(
          (row, index) => setOf(root, answers[index] as Answer, row) === truth[index],
        ).length;
        return `${((100 * matched) / answers.length).toFixed(1)} %`;
      };
      const own = answers.map(({ closure }) =>
        closure.libraries
          .filter((library) => library.listed)
          .map((l): Row => ({ name: l.name, path: l.object?.path })),
      );
      console.log(
        `| ${name} | ${answers.length} | ${rate(own)} | ${rate(libtree)} | ${rate(lddtree)} |`,
      );
      expect(rate(own)).toBe('100.0 %');
    });
  },
);

interface Row {
  readonly name: string;
  readonly path: string | undefined;
}

/** `name => path (0x...)`, `name => not found`, `path (0x...)`. */
function fromListing(text: string): Row[] {
  return [...text.matchAll(/^\t(\S+)(?: => (.*?))?(?: \(0x[0-9a-f]+\))?$/gm)].map(
    ([, name = '', path]) => ({ name, path: path === 'not found' ? undefined : (path ?? name) }),
  );
}

/** libtree knows no root, so it runs inside of one, with the libc of this machine beside it. */
async function askLibtree(root: string, answers: readonly Answer[]): Promise<Row[][]> {
  const bundle = join(root, '.libtree');
  mkdirSync(bundle, { recursive: true });
  const copies = {
    libtree: findCommand('libtree') ?? '',
    'ld.so': '/lib64/ld-linux-x86-64.so.2',
    'libc.so.6': '/lib/x86_64-linux-gnu/libc.so.6',
  };
  for (const [name, source] of Object.entries(copies))
    copyFileSync(realpathSync(source), join(bundle, name));
  const run =
    'chroot "$root" /.libtree/ld.so --library-path /.libtree /.libtree/libtree -vv -p "$2" 2>&1';
  const outputs = await runEach(
    run,
    answers.map(({ path }) => ['', path]),
    { env: { root, LC_ALL: 'C.UTF-8' } },
  );
  rmSync(bundle, { recursive: true });
  return outputs.map(({ text }) =>
    text
      .split('\n')
      .slice(1)
      .flatMap((line): Row[] => {
        if (line.includes('┊')) return [];
        const entry = line.replace(/^[ │├└─]+/, '');
        const missing = /^(.*) not found$/.exec(entry)?.[1];
        if (missing !== undefined) return [{ name: missing, path: undefined }];
        const found = /^(.*?)(?: \(collapsed\))? \[.*\]$/.exec(entry)?.[1];
        return found === undefined ? [] : [{ name: found, path: found }];
      }),
  );
}

async function askLddtree(root: string, answers: readonly Answer[]): Promise<Row[][]> {
  const outputs = await runEach(
    '/usr/bin/python3 "$1" -R "$root" "$2" 2>/dev/null',
    // Debian's modules are those of Debian's own python3.
    answers.map(({ path }) => [findCommand('lddtree') ?? '', path]),
    { env: { root } },
  );
  return outputs.map(({ text }) =>
    [...text.matchAll(/^ +(\S+) => (.+)$/gm)].map(([, name = '', path = '']) => ({
      name,
      path: path === 'None' ? undefined : path.replace(root, ''),
    })),
  );
}

const LOADER = /^(?:ld-linux.*|ld64?\.so\.\d|linux-(?:vdso|gate).*)$/;

/** Real paths, and the names of what is missing, as one text. */
function setOf(root: Root, { loader }: Answer, rows: readonly Row[]): string {
  const ownLoader = resolvePath(root, loader);
  const set = new Set<string>();
  for (const { name, path } of rows) {
    if (LOADER.test(name.split('/').pop() ?? '')) continue;
    const file = path === undefined ? undefined : resolvePath(root, path);
    if (file?.found && ownLoader.found && file.path === ownLoader.path) continue;
    set.add(file === undefined ? `${name} missing` : file.found ? file.path : `${path} ?`);
  }
  return [...set].sort().join('\n');
}
