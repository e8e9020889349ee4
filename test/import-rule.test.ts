/**
 * The rules of ARCHITECTURE.md: which room may import which, who may touch the outside, and what
 * appears nowhere. esbuild takes comments and types away before words are looked for.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/** Rooms from left to right; those of one row do not import each other. */
const ORDER: readonly (readonly string[])[] = [
  ['errors'],
  ['finding'],
  ['elf'],
  ['root'],
  ['files'],
  ['packages'],
  ['opened'],
  ['loader'],
  ['closure'],
  ['needs'],
  ['check'],
  ['image'],
  ['slim'],
  ['report', 'output'],
  ['registry'],
  ['api'],
  ['index', 'cli'],
];

interface SourceFile {
  /** From src, such as `elf/header.ts`. */
  readonly path: string;
  readonly room: string;
  /** Specifiers as they stand, of types too. */
  readonly imports: readonly string[];
  /** Without comments and types. */
  readonly code: string;
}

const files = namesBelow('src')
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
  .map(readSource);

function namesBelow(directory: string): string[] {
  return readdirSync(join(PROJECT, directory), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      relative(join(PROJECT, directory), join(entry.parentPath, entry.name)).split(sep).join('/'),
    )
    .sort();
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(PROJECT, 'src', path), 'utf8');
  const { code } = transformSync(text, {
    loader: 'ts',
    legalComments: 'none',
    minifyWhitespace: true,
    tsconfigRaw: { compilerOptions: { target: 'es2022' } },
  });
  return { path, room: roomOf(path), imports: importsOf(text), code };
}

function roomOf(path: string): string {
  return (path.split('/')[0] as string).replace(/\.ts$/, '');
}

/** `import ... from 'x'`, `export ... from 'x'`, `import 'x'`, `import('x')` and `require('x')`. */
function importsOf(text: string): string[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const forms = [
    /^\s*(?:import|export)\s[^;'"]*?\sfrom\s+['"]([^'"]+)['"]/gm,
    /^\s*import\s+['"]([^'"]+)['"]/gm,
    /\b(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)/g,
  ];
  return forms.flatMap((form) => [...code.matchAll(form)].map((match) => match[1] as string));
}

/** The file in src that a relative import of `file` names; undefined for packages. */
function targetOf(file: SourceFile, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const from = join(PROJECT, 'src', dirname(file.path));
  return relative(join(PROJECT, 'src'), join(from, specifier))
    .split(sep)
    .join('/')
    .replace(/\.js$/, '.ts');
}

/** `FILE imports SPECIFIER`, for those that a rule forbids. */
function offenders(forbids: (file: SourceFile, specifier: string) => boolean): string[] {
  return files.flatMap((file) =>
    file.imports
      .filter((specifier) => forbids(file, specifier))
      .map((specifier) => `${file.path} imports ${specifier}`),
  );
}

/** The package that a specifier is a part of. */
function packageOf(specifier: string): string {
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
}

function importers(name: string): string[] {
  return files.filter((file) => file.imports.includes(name)).map((file) => file.path);
}

/** Files outside `room` whose code has the words. */
function users(words: RegExp, room?: string): string[] {
  return files
    .filter((file) => file.room !== room && words.test(withoutStrings(file.code)))
    .map((file) => file.path);
}

/** Quoted text on one line; what a template literal computes stays. */
function withoutStrings(code: string): string {
  return code.replaceAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, '""');
}

const rank = (room: string) => ORDER.findIndex((row) => row.includes(room));

describe('rooms', () => {
  it('are those of the table', () => {
    expect(files.filter(({ room }) => rank(room) < 0).map(({ path }) => path)).toEqual([]);
  });

  it('are imported only from the right', () => {
    const wrong = offenders((file, specifier) => {
      const target = targetOf(file, specifier);
      if (target === undefined) return false;
      const room = roomOf(target);
      return room !== file.room && rank(room) >= rank(file.room);
    });
    expect(wrong).toEqual([]);
  });

  it('keep their packages: the command line loads commander and cli-progress, and no other package', () => {
    const wrong = offenders((file, specifier) => {
      if (file.room !== 'cli' || targetOf(file, specifier) !== undefined) return false;
      return !['commander', 'cli-progress'].includes(specifier) && !specifier.startsWith('node:');
    });
    expect(wrong).toEqual([]);
  });

  it('no file imports itself through others, types aside', () => {
    const imported = new Map(
      files.map((file) => [
        file.path,
        // Code has no types, and no spaces.
        [...file.code.matchAll(/\b(?:from|import)"([^"]+)"/g)].flatMap(
          ([, specifier]) => targetOf(file, specifier as string) ?? [],
        ),
      ]),
    );
    expect([...imported.values()].flat().length).toBeGreaterThan(100);
    /** The files from `path` back to `start`, or nothing; `seen` leads nowhere. */
    const wayBack = (start: string, path: string, seen: Set<string>): readonly string[] => {
      for (const next of imported.get(path) ?? []) {
        if (next === start) return [path];
        if (seen.has(next)) continue;
        seen.add(next);
        const rest = wayBack(start, next, seen);
        if (rest.length > 0) return [path, ...rest];
      }
      return [];
    };
    const cycles = files
      .map(({ path }) => wayBack(path, path, new Set()))
      .filter((way) => way.length > 0);
    expect(cycles).toEqual([]);
  });

  it('src/index.ts is for users: nothing in src imports it', () => {
    expect(offenders((file, specifier) => targetOf(file, specifier) === 'index.ts')).toEqual([]);
  });

  it('bin imports one file', () => {
    const text = readFileSync(join(PROJECT, 'bin/elfdeps.js'), 'utf8');
    const shebang = '#!/usr/bin/env node\n';
    expect([
      `${shebang}import '../dist/cli/start.js';\n`,
      `${shebang}require('../dist/cli/start.js');\n`,
    ]).toContain(text);
  });
});

describe('the outside', () => {
  it('every relative import names a file with its .js suffix', () => {
    const wrong = offenders((file, specifier) => {
      const target = targetOf(file, specifier);
      if (target === undefined || target.endsWith('.json')) return false;
      return !specifier.endsWith('.js') || !existsSync(join(PROJECT, 'src', target));
    });
    expect(wrong).toEqual([]);
  });

  it('packages that are loaded are dependencies, and Node.js modules have their prefix', () => {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(PROJECT, 'package.json'), 'utf8'),
    );
    // test/package.test.ts has those that are not bundled.
    const known = { ...dependencies, ...devDependencies };
    const wrong = offenders(
      (_file, specifier) =>
        !specifier.startsWith('.') &&
        !specifier.startsWith('node:') &&
        known[packageOf(specifier)] === undefined,
    );
    expect(wrong).toEqual([]);
  });

  it('only the script of the HTML page, which runs in a browser, imports what is for browsers', () => {
    const isPage = ({ path }: SourceFile) => path.startsWith('report/html/page/');
    const ofPage = files.filter(isPage);
    const imported = ofPage.flatMap(({ imports }) =>
      imports.filter((each) => !each.startsWith('.')),
    );
    expect([...new Set(imported)].sort()).toEqual(['@dagrejs/dagre', 'd3-hierarchy']);
    const wrong = offenders(
      (file, specifier) =>
        !isPage(file) && (targetOf(file, specifier) ?? '').startsWith('report/html/page/'),
    );
    expect(wrong).toEqual([]);
  });

  it('elfy is imported by src/elf/header.ts alone', () => {
    expect(importers('elfy')).toEqual(['elf/header.ts']);
  });

  it('fast-glob is imported by src/root/glob.ts alone', () => {
    expect([...new Set(importers('fast-glob'))]).toEqual(['root/glob.ts']);
  });

  it('commander is imported by the command line alone', () => {
    expect(importers('commander').filter((path) => !path.startsWith('cli/'))).toEqual([]);
  });

  it('node:fs is for roots on disk, for opening one, for writers, and for standard output', () => {
    const wrong = importers('node:fs').filter(
      (path) => !path.startsWith('output/') && path !== 'cli/start.ts',
    );
    expect(wrong).toEqual([
      'root/archive/disk-bytes.ts',
      'root/directory-root.ts',
      'root/open-root.ts',
      'root/regular-file.ts',
      'root/temporary-copy.ts',
    ]);
    expect(importers('node:fs/promises').filter((path) => !path.startsWith('output/'))).toEqual([]);
  });

  it('src/elf knows no Node.js: it runs in a browser', () => {
    const wrong = offenders((file, specifier) => file.room === 'elf' && /^node:/.test(specifier));
    expect(wrong).toEqual([]);
    const buffers = files.filter(({ room, code }) => room === 'elf' && /\bBuffer\b/.test(code));
    expect(buffers.map(({ path }) => path)).toEqual([]);
  });

  it('nothing starts a process, opens a socket or waits for a thread', () => {
    const modules = /^node:(?:child_process|net|http|https|tls|dgram|worker_threads|cluster|vm)$/;
    // The machine's own tar, for an attribute that Node.js cannot read.
    const allowed = ['root/disk-capability.ts imports node:child_process'];
    expect([...new Set(offenders((_file, specifier) => modules.test(specifier)))]).toEqual(allowed);
  });

  it('only the command line uses console', () => {
    expect(users(/\bconsole\b/, 'cli')).toEqual([]);
  });

  it('only the command line uses process', () => {
    expect(users(/\bprocess\b/, 'cli')).toEqual([]);
  });
});

describe('nowhere', () => {
  it.each([
    ['the clock', /\bDate\.|\bnew Date\b(?!\([^)])|\bperformance\b|\bhrtime\b/],
    ['chance', /\bMath\.random\b|\brandomUUID\b|\brandomBytes\b/],
    ['the locale', /\blocaleCompare\b|\bIntl\b|\btoLocale\w+/],
  ])('%s', (what, words) => {
    // The progress bar alone may know how long work takes; no result depends on it.
    const allowed = what === 'the clock' ? ['cli/progress.ts'] : [];
    expect(users(words)).toEqual(allowed);
  });

  it('the clock in a test: it counts work, since a machine may be busy', () => {
    const clock = /\bDate\.now\b|\bnew Date\(\)|\bperformance\.|\bhrtime\(/;
    const texts = namesBelow('test').filter((name) => name.endsWith('.ts'));
    expect(texts.length).toBeGreaterThan(100);
    expect(
      texts.filter((name) => clock.test(readFileSync(join(PROJECT, 'test', name), 'utf8'))),
    ).toEqual([]);
  });

  it('files named utils, helpers, common, misc or types', () => {
    const names = [...namesBelow('src'), ...namesBelow('test'), ...namesBelow('bin')];
    expect(
      names.filter((name) => /(?:^|\/)(?:utils?|helpers?|common|misc|types?)\b/.test(name)),
    ).toEqual([]);
  });

  it('files without a comment at the top, or with a name that is not kebab-case', () => {
    const bare = files.filter(
      ({ path }) => !readFileSync(join(PROJECT, 'src', path), 'utf8').startsWith('/**\n * '),
    );
    expect(bare.map(({ path }) => path)).toEqual([]);
    expect(files.map(({ path }) => path).filter((p) => !/^[a-z0-9/-]+\.ts$/.test(p))).toEqual([]);
  });
});

it('the rule sees: imports of every form are found', () => {
  const text = [
    "import a from './a.js';",
    "import { type B,\n  c } from './b.js';",
    "export * from './c.js';",
    "export type { D } from './d.js';",
    "import './e.js';",
    "const f = await import('./f.js');",
    "const g = require('g') as typeof G;",
    "// import h from './h.js';",
    "/** import i from './i.js'; */",
  ].join('\n');
  expect(importsOf(text).sort()).toEqual(
    ['./a.js', './b.js', './c.js', './d.js', './e.js', './f.js', 'g'].sort(),
  );
  expect(files.length).toBeGreaterThan(40);
  expect(files.flatMap(({ imports }) => imports).length).toBeGreaterThan(100);
});
