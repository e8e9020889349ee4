/**
 * The README and the manual tell the truth: the commands in them print what they show, the library
 * examples run and print what they show, and every option has a place. `npm run docs:outputs` writes
 * what the commands print now. docs/README.md says how a block tells by what it is tested.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../src/cli/main.js';
import { refreshed, sessionOf, showsWhat } from './support/console-session.js';
import { ExamplePlace } from './support/example-place.js';
import { type Block, blocksOf, CHINESE, PROJECT, readDocuments } from './support/markdown.js';
import { command, describeWith, findCommand } from './support/requirement.js';

const TIMEOUT = 120_000;
const MOST_WORDS = 1600;
/** What the documents call the directory in which their commands run. */
const WORK = '/src';
/** Blocks that no test runs, by the reason that they state: one more is a decision. */
const NOT_RUN = {
  'the tests would run themselves': 1,
  'needs a container engine': 1,
  'needs the roots of two distributions; test/differential has such ones': 1,
  'needs Docker and an image': 1,
  'the tests of the recipes begin with it': 2,
  'needs kaniko and a registry': 1,
  'needs a registry': 1,
};

const documents = readDocuments('README.md', 'docs').filter(({ path }) => !path.endsWith(CHINESE));
const blocks = documents.flatMap(blocksOf);
const all = documents.map(({ text }) => text).join('\n');

let place: ExamplePlace;
beforeAll(() => {
  place = new ExamplePlace();
});
afterAll(() => {
  place.close();
  writeOutputs();
});

/** What only another machine has. A tool can be installed, so where all are asked for it must be there. */
function isOtherMachine(need: string): boolean {
  const release = /^Debian (\d+)$/.exec(need)?.[1];
  if (release !== undefined)
    return !(
      existsSync('/etc/os-release') &&
      readFileSync('/etc/os-release', 'utf8').includes(`Debian GNU/Linux ${release} `)
    );
  return need === 'x86-64' && process.arch !== 'x64';
}

/** Whether this machine is or has what `<!-- needs ... -->` names. */
function hasNeed(need: string): boolean {
  if (/^Debian |^x86-64$/.test(need)) return !isOtherMachine(need);
  if (need === 'root') return process.platform === 'linux' && process.getuid?.() === 0;
  return need.startsWith('/') ? existsSync(need) : findCommand(need) !== undefined;
}

const sessions = blocks.filter(({ language }) => language === 'console');
/** Blocks that go on with each other's files. */
const chains = sessions.reduce<Block[][]>((chains, block) => {
  const last = chains.at(-1);
  if (block.continues && last?.[0]?.path === block.path) last.push(block);
  else chains.push([block]);
  return chains;
}, []);
/** Texts of blocks that are to be replaced, by those that take their place. */
const outputs = new Map<string, string>();
/** Whether `--update` is there; Vitest keeps it with its snapshots alone. */
function isUpdate(): boolean {
  const { snapshotState } = expect.getState();
  return Reflect.get(snapshotState, '_updateSnapshot') === 'all';
}

/** Runs the commands of a block, compares, and with `--update` keeps what they print now. */
function tryBlock(block: Block, cwd: string): void {
  let text = '';
  for (const { shell, shown } of sessionOf(block.text)) {
    const printed = place.shell(shell, cwd).replaceAll(cwd, WORK);
    const now = isUpdate() ? refreshed(shown, printed) : shown;
    if (now === undefined) expect(printed).toBe(shown);
    else if (!now.includes('...\n')) expect(printed).toBe(now);
    else if (!showsWhat(now, printed)) expect(printed).toBe(now);
    text += `$ ${shell}${now}`;
  }
  if (text !== block.text) outputs.set(block.text, text);
}

/** Writes what changed; the Chinese documents get it by test/translations.test.ts. */
function writeOutputs(): void {
  if (outputs.size === 0) return;
  for (const { path, text } of documents) {
    let now = text;
    for (const [old, fresh] of outputs)
      now = now.replaceAll(`\`\`\`console\n${old}`, () => `\`\`\`console\n${fresh}`);
    if (now !== text) writeFileSync(join(PROJECT, path), now);
  }
}

describeWith('the commands in the documents', [command('bash')], () => {
  for (const chain of chains) {
    const needs = [...new Set(chain.flatMap((block) => block.needs))];
    const absent = needs.filter((need) => !hasNeed(need));
    const name = `${chain[0]?.path}:${chain.map(({ line }) => line)} prints what it shows`;
    const reason = `needs ${absent.join(', ')}`;
    const mustRun = process.env.ELFDEPS_REQUIRE_ALL === '1' && !absent.some(isOtherMachine);
    if (absent.length === 0)
      test(name, { timeout: TIMEOUT }, () => {
        const cwd = place.makeDirectory();
        for (const block of chain) tryBlock(block, cwd);
      });
    else if (mustRun) test(name, () => expect(reason).toBe(''));
    else test.skip(`${name} (${reason})`, () => {});
  }
});

test('there are commands to check', () => {
  expect(sessions.filter(({ path }) => path === 'README.md').length).toBeGreaterThanOrEqual(5);
  expect(sessions.length).toBeGreaterThanOrEqual(20);
  expect(sessions.filter(({ text }) => sessionOf(text).length === 0)).toEqual([]);
});

const examples = blocks.flatMap((block, index) =>
  block.language === 'js' ? [{ block, shown: blocks[index + 1] as Block }] : [],
);

test('every block is run, is shown output, or says why not', () => {
  const tested = new Set(['console', 'js', 'text']);
  const rest = blocks.filter(({ language }) => !tested.has(language));
  const unsaid = rest.filter(({ notRun, runBy }) => notRun === undefined && runBy === undefined);
  expect(unsaid.map(({ path, line }) => `${path}:${line}`)).toEqual([]);
});

test('what is not run is counted, by its reason', () => {
  const counts: Record<string, number> = {};
  for (const { notRun } of blocks)
    if (notRun !== undefined) counts[notRun] = (counts[notRun] ?? 0) + 1;
  expect(counts).toEqual(NOT_RUN);
});

test('the tests that blocks name read the documents of these blocks', () => {
  const named = blocks.filter(({ runBy }) => runBy !== undefined);
  expect(named.length).toBeGreaterThan(0);
  const silent = named.filter(
    ({ path, runBy }) => !readFileSync(join(PROJECT, runBy ?? ''), 'utf8').includes(path),
  );
  expect(silent).toEqual([]);
});

test.each(examples.map(({ block, shown }) => [block.path, block.line, block, shown] as const))(
  'the example of the library in %s:%i prints what it shows',
  { timeout: TIMEOUT },
  (_path, _line, block, shown) => {
    const cwd = place.makeDirectory();
    writeFileSync(join(cwd, 'example.mjs'), block.text);
    expect(shown.language).toBe('text');
    expect(place.node('example.mjs', cwd)).toBe(shown.text);
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
    written: async () => {},
    env: {},
    cwd: PROJECT,
    isTerminal: false,
    columns: () => undefined,
    errColumns: () => undefined,
  });
  return printed;
}

/** The options of each command by its name; those of the report by an empty one. */
async function optionsOf(): Promise<Map<string, Set<string>>> {
  const help = await print('--help');
  const list = /^Commands:\n((?: .*\n)+)/m.exec(help)?.[1] ?? '';
  const names = [...list.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name as string);
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
  expect(unnamed(commands.map((name) => `elfdeps ${name}`))).toEqual([]);
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
