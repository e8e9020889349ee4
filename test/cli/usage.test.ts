/**
 * Arguments: help and version, what is misspelt, where options may stand.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CHOICES } from '../../src/cli/choices.js';
import { COMMAND_NAMES } from '../../src/cli/command.js';
import { optionValues } from '../../src/cli/option-values.js';
import { createProgram } from '../../src/cli/program.js';
import { topics } from '../../src/cli/topics.js';
import * as c from '../../src/elf/constants.js';
import { needDetectors, reports } from '../../src/registry.js';
import { runCli } from '../support/cli-runner.js';
import { diskWorld, removeDiskWorldsAfterwards } from '../support/disk-world.js';

removeDiskWorldsAfterwards();

const world = diskWorld({ '/static': { type: c.ET_EXEC, dynamic: false } });
const run = (...args: string[]) => runCli(args, { cwd: world });

const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);

describe("an option before the command's name", () => {
  it.each([
    ['--sort', 'check', ['--sort', 'size', 'check', './static']],
    ['--depth', 'why', ['--depth', 'x', 'why', './static', 'libc.so.6']],
    ['--null', 'dockerfile', ['--null', 'dockerfile', './static']],
    ['--format', 'dockerfile', ['--format', 'bogus', 'dockerfile', './static']],
    ['--exclude', 'slim', ['--exclude', 'libnone.so', 'slim', 'a.tar']],
    ['--root', 'slim', ['--root', world, 'slim', 'a.tar']],
    ['--color', 'slim', ['--color', 'never', 'slim', 'a.tar']],
    ['--quiet', 'completion', ['-q', 'completion', 'bash']],
  ])('%s is refused where %s has none', async (option, command, words) => {
    const { code, stderr } = await run(...words);
    expect(stderr).toContain(`${command} has no option ${option}`);
    expect(code).toBe(2);
  });

  it.each([
    [['--root', world, 'check', '/static']],
    [['--format', 'json', 'check', './static']],
    [['--no-color', '--quiet', 'dockerfile', './static']],
  ])('counts: %j', async (words) => {
    expect((await run(...words)).code).not.toBe(2);
  });
});

describe('an option of few values', () => {
  it('takes those that help and completion name, and no other', async () => {
    const program = await createProgram(COMMAND_NAMES, { ...sink, columns: () => 80 });
    const options = [program, ...program.commands].flatMap((command) =>
      command.options.map((option) => ({ option, command: command.parent ? command.name() : '' })),
    );
    for (const [name, words] of Object.entries(CHOICES)) {
      const found = options.filter(({ option }) => option.long === `--${name}`);
      expect([name, found.length > 0]).toEqual([name, true]);
      for (const { option, command } of found) {
        for (const word of words)
          expect([command, option.description]).toContainEqual(expect.stringContaining(word));
        expect(optionValues(command, `--${name}`)?.words).toEqual(words);
      }
    }
  });

  it.each([
    [['--sort', 'bogus', './static'], '--sort takes load, size or name'],
    [['--dlopen', 'bogus', './static'], '--dlopen takes required, recommended, suggested or none'],
    [['--color', 'bogus', './static'], '--color takes auto, always or never'],
    [['image', './static', '-o', 'x', '--layout', 'bogus'], '--layout takes docker or oci'],
    [['slim', 'x', '-o', 'y', '--compression', 'bogus'], '--compression takes gzip, zstd or none'],
  ])('%j', async (words, message) => {
    const { code, stderr } = await run(...words);
    expect(stderr).toContain(`${message}, not 'bogus'`);
    expect(code).toBe(2);
  });

  it('has completions of what loaders and needs take', async () => {
    expect(optionValues('', '--hwcaps')?.words).toEqual(
      expect.arrayContaining(['none', 'x86-64-v3', 'power10', 'z15']),
    );
    expect(optionValues('copy', '--with')?.words).toContain('fonts=all');
    const { stderr } = await run('dockerfile', './static', '--without', 'fonts=all');
    expect(stderr).toContain("no need is called 'fonts=all'");
    const hint = (await run('dockerfile', './static', '--with', 'fonts=none')).stderr;
    expect(hint).toContain(', fonts or fonts=all, ');
    const near = (await run('dockerfile', './static', '--with', 'tmz')).stderr;
    expect(near).toContain('\n  did you mean tz or tmp? known: all, ');
    const swapped = (await run('dockerfile', './static', '--with', 'fnots')).stderr;
    expect(swapped).toContain('\n  did you mean fonts? known: all, ');
  });
});

const sink = { out: () => undefined, err: () => undefined };

describe('help', () => {
  it.each([[['--help']], [['-h']], [['--help', 'static']]])('%j', async (args) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: elfdeps \[command\] \[options\] <file\.\.\.>\n/);
    for (const word of ['--root', '--library-path', '--format', 'dockerfile', 'copy'])
      expect(stdout).toContain(word);
    for (const { name } of reports) expect(stdout).toContain(name);
  });

  it.each(['dockerfile', 'copy'])('of %s', async (command) => {
    const { code, stdout, stderr } = await run(command, '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      new RegExp(`^Usage: elfdeps ${command} \\[options\\] <file\\.\\.\\.>\n`),
    );
    expect(stdout).toContain('--allow-incomplete');
  });

  it.each([60, 80, 200])(
    'fits a terminal of %i columns, and is at most 80 wide',
    async (columns) => {
      const pages = [...COMMAND_NAMES, ...topics.map(({ name }) => name)];
      for (const args of [['--help'], ...pages.map((page) => ['help', page])])
        for (const line of (await runCli(args, { columns })).stdout.split('\n'))
          expect([args, line, line.length <= Math.min(columns, 80)]).toEqual([args, line, true]);
    },
  );

  it('of a command comes by three ways', async () => {
    const page = await run('help', 'copy');
    expect(page).toMatchObject({ code: 0, stderr: '' });
    expect(await run('copy', '--help')).toEqual(page);
    expect(await run('--help', 'copy')).toEqual(page);
    expect(await run('-h', 'copy')).toEqual(page);
    expect(await run('help')).toEqual(await run('--help'));
  });

  it('names every topic', async () => {
    for (const { name, summary } of topics) {
      for (const page of [await run('help'), await run('help', 'help')])
        expect(page.stdout.replaceAll(/\s+/g, ' ')).toContain(` ${name} ${summary}`);
      expect((await run('help', name)).stdout).toMatch(new RegExp(`^${name}: `));
    }
  });

  it('tells needs, formats and exit codes as the program has them', async () => {
    const needs = (await run('help', 'needs')).stdout;
    for (const { kind } of needDetectors) expect(needs).toContain(`\n  ${kind} `);
    const formats = (await run('help', 'formats')).stdout;
    for (const { name } of reports) expect(formats).toContain(`\n  ${name} `);
    const codes = await run('help', 'exit', 'codes');
    expect(codes).toEqual(await run('help', 'exit-codes'));
    expect(codes.stdout).toMatch(/\n {2}0 .*\n {2}1 .*\n {2}2 /s);
  });

  it('version', async () => {
    for (const option of ['--version', '-V'])
      expect(await run(option)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('what makes no sense: exit 2, nothing on standard output', () => {
  const formats = reports.map(({ name }) => name).join(', ');
  it.each<[string, readonly string[], string]>([
    ['no file', [], 'no file given\n  for example: elfdeps ./hello; elfdeps --help shows more\n'],
    ['an unknown option', ['--bogus', 'static'], "unknown option '--bogus'\n"],
    [
      'a misspelt option',
      ['--rooot', '/', 'static'],
      "unknown option '--rooot'\n  did you mean --root?\n",
    ],
    [
      'an unknown format',
      ['--format', 'xml', 'static'],
      `unknown format 'xml'\n  known: ${formats}\n`,
    ],
    ['an empty format', ['--format=', 'static'], `unknown format ''\n  known: ${formats}\n`],
    [
      'an option without its value',
      ['static', '--root'],
      "option '--root <dir or archive>' argument missing\n",
    ],
    [
      'a root that is not there',
      ['--root', '/gone/root', '/a'],
      '/gone/root: no such file or directory\n',
    ],
    ...[
      ['--root', '/a', '--root', '/b', '/c'],
      ['--root', '/a', 'check', '--root', '/b', '/c'],
    ].map((words): [string, string[], string] => [
      'a second root',
      words,
      '--root is given twice: /a and /b\n  a run has one root: join directories into one, or run elfdeps for each\n',
    ]),
    ['an empty root', ['--root', '', '/a'], "'': no such file or directory\n"],
    [
      'a root that is a file',
      ['--root', `${world}/static`, '/a'],
      `${world}/static: an ELF file\n  files stand alone, as in elfdeps ${world}/static --root DIR\n`,
    ],
    [
      'copy without a place',
      ['copy', 'static'],
      "required option '--to <dir>' not specified\n  for example: elfdeps copy ./hello --to out\n",
    ],
    ['copy to an empty name', ['copy', 'static', '--to', ''], 'copy needs --to <dir>\n'],
    ...(
      [
        ['dockerfile', 'elfdeps dockerfile ./hello:/app/hello'],
        ['tar', 'elfdeps tar ./hello | docker import - hello'],
        ['check', 'elfdeps check ./hello --root alpine.tar'],
      ] as const
    ).map(
      ([command, example]) =>
        [`${command} without a file`, [command], `no file given\n  for example: ${example}\n`] as [
          string,
          string[],
          string,
        ],
    ),
    [
      'no file in a root that is no image',
      ['check', '--root', world],
      `no file given, and ${world} is no image, which could name one\n  for example: elfdeps check ./hello --root alpine.tar\n`,
    ],
    [
      'a report of nothing',
      ['-q'],
      'no file given\n  for example: elfdeps ./hello; elfdeps --help shows more\n',
    ],
    [
      'all of what has no table',
      ['static', '--all', '-f', 'list'],
      '--all is for --format text and tree\n',
    ],
    [
      'all of a check that has no table',
      ['check', 'static', '--all', '-f', 'json'],
      '--all is for --format text\n',
    ],
    [
      'an option of another command',
      ['dockerfile', 'static', '--to', 'x'],
      "unknown option '--to'\n  --to is an option of copy\n",
    ],
  ])('%s', async (_what, args, message) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(`elfdeps: ${message}`);
  });

  it('an unknown loader', async () => {
    const { code, stdout, stderr } = await run('--loader', 'bionic', 'static');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^elfdeps: unknown loader 'bionic'\n {2}known: glibc, musl[\w, ]*\n$/);
  });
});

describe('options', () => {
  const options = ['--format', 'list', '--root', world];
  it.each<[string, readonly string[]]>([
    ['before the file', [...options, '/static']],
    ['behind the file', ['/static', ...options]],
    ['on both sides', [...options.slice(0, 2), '/static', ...options.slice(2)]],
    ['with an equals sign', ['--format=list', `--root=${world}`, '/static']],
  ])('stand %s', async (_where, args) => {
    expect(await run(...args)).toEqual({ code: 0, stdout: '/static\n', stderr: '' });
  });

  it('stand before a command too', async () => {
    const before = await run('--root', world, 'dockerfile', '/static');
    expect(before).toEqual(await run('dockerfile', '--root', world, '/static'));
    expect(before.code).toBe(0);
  });

  it('-- ends them', async () => {
    expect(await run('--', '--version')).toMatchObject({
      code: 2,
      stderr: 'elfdeps: --version: no such file or directory\n',
    });
  });
});
