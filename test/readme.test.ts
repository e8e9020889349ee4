/**
 * The README and the manual tell the truth: the commands in them print what they show, the library
 * examples run and print what they show, and every option has a place.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../src/cli/main.js';
import { type Block, blocksOf, PROJECT, readDocuments } from './support/markdown.js';
import { command, describeWith, findCommand } from './support/requirement.js';

const TIMEOUT = 120_000;
const MOST_WORDS = 1600;

const documents = readDocuments('README.md', 'docs');
const blocks = documents.flatMap(blocksOf);
const all = documents.map(({ text }) => text).join('\n');

/** A directory in which `elfdeps`, `npx elfdeps` and `import 'elfdeps'` work, with the samples. */
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'elfdeps-readme-'));
  mkdirSync(join(directory, 'bin'));
  const run = `exec '${process.execPath}' '${join(PROJECT, 'bin', 'elfdeps.js')}' "$@"`;
  for (const [name, text] of [
    ['elfdeps', run],
    ['npx', `[ "$1" = elfdeps ] && shift && ${run}`],
  ] as const) {
    writeFileSync(join(directory, 'bin', name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(directory, 'bin', name), 0o755);
  }
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A new directory below it, so that no example sees what another one wrote. */
function workplace(): string {
  const path = mkdtempSync(join(directory, 'example-'));
  symlinkSync(join(PROJECT, 'samples'), join(path, 'samples'));
  mkdirSync(join(path, 'node_modules'));
  symlinkSync(PROJECT, join(path, 'node_modules', 'elfdeps'));
  return path;
}

/** That of this process, without what would change what the examples print. */
function environment(): NodeJS.ProcessEnv {
  const { LD_LIBRARY_PATH: _, LD_PRELOAD: __, FORCE_COLOR: ___, ...env } = process.env;
  return { ...env, PATH: `${join(directory, 'bin')}${delimiter}${env.PATH}` };
}

/** The commands of a `console` block, each with what it prints. */
function sessionOf({ text }: Block): { shell: string; shown: string }[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n') + 1;
      return { shell: part.slice(0, end), shown: part.slice(end) };
    });
}

/** What a block shows as a pattern: a line `...` stands for any lines. */
function patternOf(shown: string): RegExp {
  const parts = shown
    .split(/^\.\.\.\n/m)
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('(?:.*\\n)*?')}$`);
}

/** Whether this machine is or has what `<!-- needs ... -->` names. */
function hasNeed(need: string): boolean {
  const release = /^Debian (\d+)$/.exec(need)?.[1];
  if (release !== undefined)
    return (
      existsSync('/etc/os-release') &&
      readFileSync('/etc/os-release', 'utf8').includes(`Debian GNU/Linux ${release} `)
    );
  if (need === 'x86-64') return process.arch === 'x64';
  return need.startsWith('/') ? existsSync(need) : findCommand(need) !== undefined;
}

const sessions = blocks.filter(({ language }) => language === 'console');

describeWith('the commands in the documents', [command('bash')], () => {
  for (const block of sessions) {
    const absent = block.needs.filter((need) => !hasNeed(need));
    const name = `${block.path}:${block.line} prints what it shows`;
    if (absent.length > 0) test.skip(`${name} (needs ${absent.join(', ')})`, () => {});
    else
      test(name, { timeout: TIMEOUT }, () => {
        const cwd = workplace();
        for (const { shell, shown } of sessionOf(block)) {
          const printed = execFileSync('bash', ['-c', `{ ${shell}\n} 2>&1 || true`], {
            cwd,
            env: environment(),
            encoding: 'utf8',
          });
          if (/^\.\.\.$/m.test(shown)) expect(printed).toMatch(patternOf(shown));
          else expect(printed).toBe(shown);
        }
      });
  }
});

test('there are commands to check', () => {
  expect(sessions.filter(({ path }) => path === 'README.md').length).toBeGreaterThanOrEqual(5);
  expect(sessions.length).toBeGreaterThanOrEqual(20);
  expect(sessions.filter((block) => sessionOf(block).length === 0)).toEqual([]);
});

test('what is not run says why', () => {
  const shells = blocks.filter(({ language }) => language === 'sh');
  expect(shells.filter(({ notRun }) => notRun === undefined)).toEqual([]);
});

const examples = blocks.flatMap((block, index) =>
  block.language === 'js' ? [{ block, shown: blocks[index + 1] as Block }] : [],
);

test.each(examples.map(({ block, shown }) => [block.path, block.line, block, shown] as const))(
  'the example of the library in %s:%i prints what it shows',
  { timeout: TIMEOUT },
  (_path, _line, block, shown) => {
    const cwd = workplace();
    writeFileSync(join(cwd, 'example.mjs'), block.text);
    const printed = execFileSync(process.execPath, ['example.mjs'], {
      cwd,
      env: environment(),
      encoding: 'utf8',
    });
    expect(shown.language).toBe('text');
    expect(printed).toBe(shown.text);
  },
);

test('there are examples of the library', () => expect(examples.length).toBeGreaterThanOrEqual(2));

/** What a command line prints, on both streams. */
async function print(...args: readonly string[]): Promise<string> {
  let printed = '';
  const take = (text: string) => {
    printed += text;
  };
  await main(args, {
    out: take,
    err: take,
    outBytes: () => {},
    interruption: () => new AbortController().signal,
    env: {},
    cwd: PROJECT,
    isTerminal: false,
    errColumns: () => undefined,
  });
  return printed;
}

/** The options of each command by its name; those of the report by an empty one. */
async function optionsOf(): Promise<Map<string, Set<string>>> {
  const help = await print('--help');
  const names = [...help.matchAll(/^ {2}([a-z]+) \[/gm)].map(([, name]) => name as string);
  const options = new Map<string, Set<string>>();
  for (const name of ['', ...names]) {
    const text = name === '' ? help : await print(name, '--help');
    options.set(name, new Set(text.match(/(?<= )--?[a-z-]+|(?<= )-[A-Z]/g) ?? []));
  }
  return options;
}

test('the documents name every command and every option', async () => {
  const known = await optionsOf();
  const commands = [...known.keys()].filter((name) => name !== '');
  expect(commands).toContain('copy');
  const options = new Set([...known.values()].flatMap((names) => [...names]));
  expect(options).toContain('--root');
  const unnamed = (words: Iterable<string>) =>
    [...words].filter((word) => !new RegExp(`(?<![\\w-])${word}(?![a-z-])`).test(all));
  expect(unnamed(options)).toEqual([]);
  expect(unnamed(commands.map((name) => `elfdeps ${name}`))).toEqual(['elfdeps help']);
});

test('every command in the documents has the options it is shown with', async () => {
  const known = await optionsOf();
  const unknown: string[] = [];
  let options = 0;
  for (const [line] of all.matchAll(/\belfdeps (?:\\\||[^`|>\n])+/g)) {
    const words = line.trim().split(/\s+/).slice(1);
    const own = known.get(known.has(words[0] ?? '') ? (words[0] as string) : '');
    for (const option of words.filter((word) => /^--?[a-zA-Z]/.test(word))) {
      options++;
      if (!own?.has(option)) unknown.push(line);
    }
  }
  expect(unknown).toEqual([]);
  expect(options).toBeGreaterThan(20);
});

test('the README is short', () => {
  const [readme] = documents;
  expect(readme?.text.split(/\s+/).filter(Boolean).length).toBeLessThanOrEqual(MOST_WORDS);
});
