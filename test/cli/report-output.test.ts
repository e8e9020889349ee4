/**
 * `-f` and `-o` of every command that prints a report: the same text, in a file that is whole or absent.
 */
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type CliOptions, runCli } from '../support/cli-runner.js';
import { diskWorld, removeDiskWorldsAfterwards } from '../support/disk-world.js';
import { glibcSystem, program } from '../support/world.js';

removeDiskWorldsAfterwards();

const root = diskWorld({
  ...glibcSystem(36),
  '/lib/liba.so': {},
  '/usr/bin/app': program({ needed: ['liba.so'] }),
  '/usr/bin/lost': program({ needed: ['libgone.so'] }),
  '/etc/text': 'no program\n',
});

const commands: readonly (readonly [string, ...string[]])[] = [
  ['report', '/usr/bin/app'],
  ['check', 'check', '/usr/bin/app'],
  ['why', 'why', '/usr/bin/app', 'liba.so'],
];

describe.each(commands)('%s', (_name, ...words) => {
  const directory = diskWorld({ '/there': 'old\n' });
  const path = (name: string) => `${directory}/${name}`;
  const run = (args: readonly string[], options: CliOptions = {}) =>
    runCli([...words, '--root', root, ...args], options);

  it('-f is --format', async () => {
    const { code, stdout } = await run(['-f', 'json']);
    expect([code, stdout]).toEqual([0, (await run(['--format', 'json'])).stdout]);
    expect(JSON.parse(stdout)).toHaveProperty('schema');
  });

  it('-o writes to a file what would be printed', async () => {
    const { stdout } = await run([]);
    expect(stdout).not.toBe('');
    expect(await run(['-o', path('new')])).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(fs.readFileSync(path('new'), 'utf8')).toBe(stdout);
  });

  it('-o - is standard output', async () => {
    const { stdout } = await run([]);
    expect(await run(['--output', '-'])).toEqual({ code: 0, stdout, stderr: '' });
  });

  it('a file that is there stays, unless --force is given', async () => {
    expect(await run(['-o', path('there')])).toEqual({
      code: 2,
      stdout: '',
      stderr: `elfdeps: ${path('there')}: the file exists\n  give another name, or --force to replace it\n`,
    });
    expect(fs.readFileSync(path('there'), 'utf8')).toBe('old\n');
    expect((await run(['-o', path('there'), '--force'])).code).toBe(0);
    expect(fs.readFileSync(path('there'), 'utf8')).toBe((await run([])).stdout);
  });

  it('so does a link that leads to nothing', async () => {
    const link = path('link');
    fs.symlinkSync('nowhere', link);
    const { code, stderr } = await run(['-o', link]);
    expect([code, stderr]).toEqual([
      2,
      `elfdeps: ${link}: a link stands there\n  give another name, or --force to replace it\n`,
    ]);
    expect(fs.readlinkSync(link)).toBe('nowhere');
    expect((await run(['-o', link, '--force'])).code).toBe(0);
    expect(fs.lstatSync(link).isFile()).toBe(true);
    fs.rmSync(link);
  });

  it('a place that cannot be written is told, and nothing is left there', async () => {
    const { code, stderr } = await run(['-o', path('none/new')]);
    expect([code, stderr]).toEqual([
      2,
      `elfdeps: ${path('none/new')}: no such file or directory\n`,
    ]);
    expect(fs.readdirSync(directory).sort()).toEqual(['new', 'there']);
  });

  it('a file has no colours, unless FORCE_COLOR asks for them', async () => {
    const terminal = { isTerminal: true, env: { TERM: 'xterm' } };
    expect((await run([], terminal)).stdout).toContain('\u001b');
    await run(['-o', path('new'), '--force'], terminal);
    expect(fs.readFileSync(path('new'), 'utf8')).not.toContain('\u001b');
    await run(['-o', path('new'), '--force'], { env: { FORCE_COLOR: '1' } });
    expect(fs.readFileSync(path('new'), 'utf8')).toContain('\u001b');
  });
});

it('the exit code and the errors are those of the report on standard output', async () => {
  const directory = diskWorld({});
  const run = (...args: string[]) => runCli(['--root', root, ...args]);
  expect((await run('/usr/bin/lost', '-o', `${directory}/1`)).code).toBe(1);
  const { code, stdout, stderr } = await run('/etc/text', '/usr/bin/app', '-o', `${directory}/2`);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^elfdeps: \/etc\/text: /);
  expect(fs.readFileSync(`${directory}/2`, 'utf8')).toContain('/usr/bin/app');
});

describe.each([...commands, ['dockerfile', 'dockerfile', '/usr/bin/app'] as const])(
  '%s, interrupted while it writes',
  (_name, ...words) => {
    it('leaves nothing behind', async () => {
      const directory = diskWorld({});
      const options = { interruption: () => AbortSignal.abort() };
      const args = [...words, '--root', root, '-o', `${directory}/out`];
      const { code, stderr } = await runCli(args, options);
      expect(code).toBe(2);
      expect(stderr).toContain('interrupted, nothing was written');
      expect(fs.readdirSync(directory)).toEqual([]);
    });
  },
);
