/**
 * Every command that promises a working image decides the same way what stops a program: `check
 * --image` reports what copy, tar, image and dockerfile refuse.
 */
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import * as c from '../../src/elf/constants.js';
import { runCli } from '../support/cli-runner.js';
import { diskWorld, removeDiskWorldsAfterwards } from '../support/disk-world.js';
import { glibcSystem, program, TRIPLET, type World } from '../support/world.js';

removeDiskWorldsAfterwards();
const output = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-working-'));
afterAll(() => fs.rmSync(output, { recursive: true, force: true }));

let count = 0;
/** The commands that make an image, and the option that says where to. */
const commands = [['copy', '--to'], ['tar', '-o'], ['image', '-o'], ['dockerfile']] as const;

const system = glibcSystem(36);
const LOADER = `/lib/${TRIPLET}/ld-linux-x86-64.so.2`;

/** What keeps a program from its start although every file is there. */
const broken: readonly (readonly [what: string, code: string, world: World])[] = [
  [
    'a loader that is not executable',
    'INTERPRETER_NOT_EXECUTABLE',
    { ...system, '/lib64/ld-linux-x86-64.so.2': { bytes: bytesOf(system), mode: 0o644 } },
  ],
  [
    'a loader for another machine',
    'INTERPRETER_WRONG_TARGET',
    { ...system, [LOADER]: { machine: c.EM_AARCH64, soname: 'ld-linux-x86-64.so.2' } },
  ],
  [
    'a program without execute permission',
    'NOT_EXECUTABLE',
    { ...system, '/bin/app': { bytes: bytesOf({ x: program() }), mode: 0o644 } },
  ],
];

function bytesOf(world: World): Uint8Array {
  const directory = diskWorld({ '/file': Object.values(world)[0] as World[string] });
  return fs.readFileSync(nodePath.join(directory, 'file'));
}

describe.each(broken)('%s', (_what, code, extra) => {
  const root = diskWorld({ '/bin/app': program(), ...extra });

  it.each([[[]], [['--image']]])('check %j reports it', async (options) => {
    const result = await runCli(['check', '--root', root, '/bin/app', ...options]);
    expect(result.code).toBe(1);
    expect(result.stdout).toContain(`error ${code}`);
  });

  it.each(commands)('%s refuses it', async (name, option?: string) => {
    const to = option === undefined ? [] : [option, nodePath.join(output, `out-${count++}`)];
    const args = [name, '--root', root, '/bin/app', ...to];
    const result = await runCli(args);
    expect(result.code).toBe(1);
    expect(result.stdout).toBe('');
    expect(result.stderr).toContain(`elfdeps check --root ${root} /bin/app tells more; --allow`);
  });
});

describe.each([
  [
    'LEFT_BEHIND',
    {
      '/opt/java/bin/java': program({ needed: ['libjli.so'], runpath: '$ORIGIN/../lib' }),
      '/opt/java/lib/libjli.so': {},
      '/opt/java/lib/libjava.so': {},
    },
    ['/opt/java/bin/java:/bin/java'],
  ],
  [
    'FOUND_ELSEWHERE',
    {
      '/opt/one/main': program({ needed: ['liba.so'], runpath: '$ORIGIN/lib' }),
      '/opt/one/lib/liba.so': {},
      '/usr/lib/liba.so': {},
      '/srv/two': program({ needed: ['liba.so'], runpath: '$ORIGIN/lib' }),
    },
    ['/opt/one/main', '/srv/two:/opt/one/two'],
  ],
] as const)('%s', (code, extra, files) => {
  const root = diskWorld({ ...system, ...extra });

  it('check --image reports it', async () => {
    const { code: exit, stdout } = await runCli(['check', '--image', '--root', root, ...files]);
    expect(stdout).toContain(`error ${code}`);
    expect(exit).toBe(1);
  });

  it('copy refuses it', async () => {
    const to = nodePath.join(output, `out-${count++}`);
    const { code: exit, stderr } = await runCli(['copy', '--root', root, ...files, '--to', to]);
    expect(stderr).toContain('--allow-incomplete');
    expect(exit).toBe(1);
  });
});

it.each(['nosuch', '12:bogus'])('every command refuses the user %s', async (user) => {
  const root = diskWorld({ '/bin/app': program(), ...system });
  const words = ['--root', root, '/bin/app', '--user', user];
  const to = nodePath.join(output, `out-${count++}`);
  for (const command of [['check'], ['check', '--image'], ['copy', '--to', to], ['dockerfile']])
    expect([command, (await runCli([...command, ...words])).code]).toEqual([command, 2]);
});

it.each(broken.filter(([, code]) => code.endsWith('NOT_EXECUTABLE')))(
  '%s: the report points to check',
  async (_what, _code, extra) => {
    const root = diskWorld({ '/bin/app': program(), ...extra });
    const { code, stdout } = await runCli(['--root', root, '/bin/app']);
    expect(code).toBe(0);
    expect(stdout).toContain(`next         elfdeps check --root ${root} /bin/app`);
    expect(stdout).not.toContain('elfdeps dockerfile');
  },
);

it('check --image reports what cannot be traced in the image', async () => {
  const root = diskWorld({
    '/bin/app': program({ interpreter: '/lib/odd-loader.so', needed: ['libx.so'] }),
  });
  const args = ['--loader', 'glibc', '--root', root, '/bin/app', '--format', 'json'];
  const inRoot = JSON.parse((await runCli(['check', ...args])).stdout);
  const inImage = await runCli(['check', '--image', ...args]);
  expect(
    inRoot.programs[0].findings.filter((f: { severity: string }) => f.severity === 'error'),
  ).toMatchObject([
    { code: 'INTERPRETER_MISSING', consequences: [expect.stringContaining('libx.so: not found')] },
  ]);
  expect(inImage.code).toBe(1);
  expect(JSON.parse(inImage.stdout).programs.map(codesOf)).toEqual(inRoot.programs.map(codesOf));
});

function codesOf({ findings }: { findings: readonly { code: string; severity: string }[] }) {
  return findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}

it('check --image takes the CPU that the image is made for', async () => {
  const root = diskWorld({
    ...system,
    '/bin/app': program({ needed: ['libx.so.1'] }),
    [`/lib/${TRIPLET}/glibc-hwcaps/x86-64-v3/libx.so.1`]: {},
  });
  const args = ['--hwcaps', 'x86-64-v3', '--root', root, '/bin/app'];
  expect((await runCli(['copy', ...args, '--to', nodePath.join(output, 'v3')])).code).toBe(0);
  expect(await runCli(['check', '--image', ...args])).toMatchObject({ code: 0 });
});
