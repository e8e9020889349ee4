/**
 * The README tells the truth: its commands on the samples print what it shows, its library example
 * runs and prints what it shows.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { main } from '../src/cli/main.js';

const project = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(project, 'README.md'), 'utf8');

/** The fenced blocks of one language, in order. */
function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    (match) => match[1] as string,
  );
}

const shown = blocks('console')
  .map((block) => /^\$ npx elfdeps (.*)\n([\s\S]*)$/.exec(block))
  .flatMap((match) => (match === null ? [] : [{ command: match[1], output: match[2] }]));

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
    cwd: project.replace(/\/$/, ''),
    isTerminal: false,
    errColumns: () => undefined,
  });
  return printed;
}

test.each(shown)('elfdeps $command prints what the README shows', async ({ command, output }) => {
  expect(await print(...(command as string).split(' '))).toBe(output);
});

test('the README names every command and every option', async () => {
  const help = await print('--help');
  const commands = [...help.matchAll(/^ {2}([a-z]+) \[/gm)].map(([, name]) => name as string);
  expect(commands).toContain('copy');
  const texts = await Promise.all(commands.map((name) => print(name, '--help')));
  const options = new Set([help, ...texts].flatMap((text) => text.match(/(?<= )--[a-z-]+/g) ?? []));
  expect(options).toContain('--root');
  const unnamed = (words: Iterable<string>) =>
    [...words].filter((word) => !new RegExp(`${word}(?![a-z-])`).test(readme));
  expect(unnamed(options)).toEqual([]);
  expect(unnamed(commands.map((name) => `elfdeps ${name}`))).toEqual(['elfdeps help']);
});

test('there are commands to check', () => expect(shown.length).toBeGreaterThanOrEqual(3));

test.each(blocks('js').map((code, index) => [index + 1, code]))(
  'library example %i runs and prints what the README shows',
  (index, code) => {
    const directory = mkdtempSync(join(tmpdir(), 'elfdeps-readme-'));
    try {
      const library = pathToFileURL(join(project, 'dist', 'index.js')).href;
      const script = join(directory, 'example.mjs');
      writeFileSync(script, (code as string).replace("'elfdeps'", `'${library}'`));
      symlinkSync(join(project, 'samples'), join(directory, 'samples'));
      const printed = execFileSync(process.execPath, [script], {
        cwd: directory,
        encoding: 'utf8',
      });
      expect(printed).toBe(blocks('text')[(index as number) - 1]);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
);

test('there are examples of the library', () => expect(blocks('js')).toHaveLength(2));
