/**
 * `elfdeps dockerfile` and `elfdeps copy`: options, exit codes, and what goes to which stream. The
 * texts and trees themselves are tested in test/output.
 */
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as c from '../../src/elf/constants.js';
import { type CliOptions, runCli } from '../support/cli-runner.js';
import { diskWorld, removeDiskWorldsAfterwards } from '../support/disk-world.js';
import { glibcSystem, program, TRIPLET } from '../support/world.js';

removeDiskWorldsAfterwards();

const root = diskWorld({
  ...glibcSystem(36),
  '/etc/ld.so.cache': { cache: [{ name: 'libopt.so.1', path: '/opt/lib/libopt.so.1' }] },
  '/opt/lib/libopt.so.1': {},
  '/usr/bin/static': { type: c.ET_EXEC, dynamic: false },
  '/usr/bin/opt': program({ needed: ['libopt.so.1'] }),
  '/usr/bin/broken': program({ needed: ['libgone.so.1'] }),
  '/output': { directory: true },
});
const run = (args: readonly string[], options: CliOptions = {}) =>
  runCli([args[0] as string, '--root', root, ...args.slice(1)], options);

it('a directory of the image has the mode of the one that a link leads to', async () => {
  const merged = diskWorld({
    '/bin': { link: 'usr/bin' },
    '/usr/bin/static': { type: c.ET_EXEC, dynamic: false },
  });
  const to = `${merged}/out`;
  await runCli(['copy', '-q', '--root', merged, '/usr/bin/static:/bin/app', '--to', to]);
  expect(fs.lstatSync(`${to}/bin`).mode & 0o777).toBe(
    fs.lstatSync(`${merged}/usr/bin`).mode & 0o777,
  );
});

describe('dockerfile', () => {
  it('is a stage on standard output', async () => {
    expect(await run(['dockerfile', '/usr/bin/static'])).toEqual({
      code: 0,
      stdout: [
        'FROM scratch',
        'COPY --from=build /usr/bin/static /usr/bin/',
        'ENTRYPOINT ["/usr/bin/static"]',
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  it('takes --from, --base and --copy-only', async () => {
    const { stdout } = await run([
      'dockerfile',
      '--from',
      '0',
      '--base',
      'alpine:3',
      '/usr/bin/static',
    ]);
    expect(stdout).toMatch(/^FROM alpine:3\nCOPY --from=0 /);
    const copies = await run(['dockerfile', '--copy-only', '/usr/bin/static']);
    expect(copies.stdout).toBe('COPY --from=build /usr/bin/static /usr/bin/\n');
  });

  it('sets the library path that stands for a cache, and says so', async () => {
    const { code, stdout, stderr } = await run(['dockerfile', '/usr/bin/opt']);
    expect(code).toBe(0);
    expect(stdout).toContain('\nENV LD_LIBRARY_PATH=/opt/lib\n');
    expect(stderr).toBe(
      'elfdeps: note: LD_LIBRARY_PATH=/opt/lib: set in the image, since no ld.so.cache there lists the libraries\n',
    );
  });

  it('says which environment COPY lines alone leave out', async () => {
    const { code, stdout, stderr } = await run(['dockerfile', '--copy-only', '-q', '/usr/bin/opt']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^(?:COPY [^\n]+\n)+$/);
    expect(stderr).toBe('elfdeps: the image needs ENV LD_LIBRARY_PATH=/opt/lib too\n');
  });

  it('refuses what will not run: exit 1, one line, advice', async () => {
    expect(await run(['dockerfile', '/usr/bin/broken'])).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'elfdeps: /usr/bin/broken needs libgone.so.1, which is missing\n' +
        `  elfdeps --root ${root} /usr/bin/broken tells why; --library-path DIR searches DIR too, --include FILE:DEST puts a file of yours where it is looked for; --allow-incomplete continues anyway\n`,
    });
  });

  it('goes on with --allow-incomplete', async () => {
    const { code, stdout, stderr } = await run([
      'dockerfile',
      '--allow-incomplete',
      '/usr/bin/broken',
    ]);
    expect(code).toBe(1);
    expect(stderr).toBe('elfdeps: note: /usr/bin/broken needs libgone.so.1, which is missing\n');
    expect(stdout).toContain('COPY --from=build /usr/bin/broken /usr/bin/\n');
  });
});

describe('what an image would not have as it is here', () => {
  const usage = (fact: string) => ({ code: 2, stdout: '', stderr: expect.stringContaining(fact) });

  it.each([
    ['--from', 'a b'],
    ['--base', 'alpine\nRUN evil'],
    ['--from', 'a\x1bb'],
    ['--base', ''],
    ['--base', '--x'],
    ['--base', '../x'],
    ['--base', 'a"b'],
    ['--base', 'a\\'],
    ['--base', '#x'],
    ['--base', 'a:b:c'],
    ['--base', 'Team/UPPER'],
    ['--base', '${X'],
    ['--base', '${X:-a b}'],
    ['--base', '${X:?\n}'],
    ['--base', 'alpine@$D x'],
    ['--base', 'alpine@'],
    ['--base', 'alpine@sha256:0'],
    ['--from', '--x'],
    ['--from', '$X'],
    ['--from', 'a,b'],
    ['--from', '1x/'],
  ])('%s %j is no word of a Dockerfile', async (option, value) => {
    expect(await run(['dockerfile', option, value, '/usr/bin/static'])).toMatchObject(
      usage(`${option} takes the name of an image or a stage`),
    );
  });

  it.each([
    ['alpine'],
    ['Builder_1'],
    ['debian:12-slim'],
    ['localhost:5000/team/app__x:1.0'],
    ['[::1]:5000/app'],
    [`registry.example/app@sha256:${'0'.repeat(64)}`],
    ['$BASE'],
    ['${REGISTRY:-localhost}/app:${TAG}'],
    ['alpine@$DIGEST'],
    ['alpine@${DIGEST}'],
    ['alpine@sha256:$HEX'],
    [`alpine:3@\${D:-sha256:${'0'.repeat(64)}}`],
    ['${BASE:?need}'],
    ['${BASE-alpine}'],
    ['${BASE:-${OTHER:-alpine}}'],
    ['alpine:${VERSION%%-*}'],
  ])('--base %j is one', async (base) => {
    const { code, stdout } = await run(['dockerfile', '--base', base, '-q', '/usr/bin/static']);
    expect({ code, first: stdout.split('\n')[0] }).toEqual({ code: 0, first: `FROM ${base}` });
  });

  it.each([
    ['../x'],
    ['UPPER'],
    ['a:b:c'],
    ['a/../b'],
    ['.hidden/x'],
    ['-host/x'],
    [''],
    ['x:'],
    ['a b'],
    ['a\nb'],
    ['a@sha256:00'],
    ['a'.repeat(256)],
    ['0'.repeat(64)],
    [`x:${'t'.repeat(129)}`],
  ])('-t %j is no name of an image', async (tag) => {
    expect(await run(['image', '-t', tag, '-o', '/gone/x', '/usr/bin/static'])).toMatchObject(
      usage('not a name and tag of an image'),
    );
  });

  it.each([
    ['hello', 'hello:latest'],
    ['hello:1.0', 'hello:1.0'],
    ['localhost:5000/a/b', 'localhost:5000/a/b:latest'],
    ['registry.example/team/a-b__c.d:V1', 'registry.example/team/a-b__c.d:V1'],
    ['a'.repeat(255), `${'a'.repeat(255)}:latest`],
  ])('-t %j names it', async (tag, name) => {
    const file = `${root}/output/tagged.tar`;
    const words = ['image', '-q', '--force', '--compression', 'none', '-t', tag, '-o', file];
    expect(await run([...words, '/usr/bin/static'])).toMatchObject({ code: 0, stderr: '' });
    expect(fs.readFileSync(file, 'latin1')).toContain(`"RepoTags":["${name}"]`);
  });

  it('says that a name is not taken from the root', async () => {
    const [one, two] = [`${root}/output/one.tar`, `${root}/output/two.tar`];
    await run(['image', '-q', '--force', '-t', 'a:1', '-o', one, '/usr/bin/static']);
    const again = (...more: string[]) =>
      runCli(['image', '--force', '--root', one, '/usr/bin/static', '-o', two, ...more]);
    expect((await again()).stderr).toContain('the image has no name');
    expect((await again('-t', 'a:1')).stderr).not.toContain('name');
  });

  it('refuses a relative library path, and drops empty directories', async () => {
    const relative = ['dockerfile', '--library-path', 'lib:/opt/lib', '/usr/bin/opt'];
    expect(await run(relative)).toMatchObject(usage("the relative directory 'lib'"));
    const { stdout, stderr } = await run([
      'dockerfile',
      '--library-path',
      ':/opt/lib::',
      '/usr/bin/opt',
    ]);
    expect(stdout).toContain('\nENV LD_LIBRARY_PATH=/opt/lib\n');
    expect(stderr).toBe(
      'elfdeps: note: LD_LIBRARY_PATH=/opt/lib: given by you, kept for the image\n',
    );
  });

  it('says which of several programs the image starts', async () => {
    const { stdout, stderr } = await run(['dockerfile', '/usr/bin/static', '/usr/bin/opt']);
    expect(stdout).toContain('ENTRYPOINT ["/usr/bin/static"]');
    expect(stderr).toContain('note: 2 programs: the image starts /usr/bin/static\n');
  });

  it('has no entrypoint for a library', async () => {
    const { stdout } = await run(['dockerfile', '/opt/lib/libopt.so.1']);
    expect(stdout).not.toContain('ENTRYPOINT');
  });

  it('says that a file is outside of any build context of the working directory', async () => {
    const { stderr } = await run(['dockerfile', '../bin/static'], { cwd: `${root}/usr/lib` });
    expect(stderr).toBe(
      'elfdeps: note: ../bin/static: outside the working directory, so not in its build context\n',
    );
  });

  it('shows control characters as text', async () => {
    const odd = diskWorld({
      ...glibcSystem(36),
      '/etc/ld.so.cache': { cache: [{ name: 'libodd.so', path: '/o\x1bpt/libodd.so' }] },
      '/o\x1bpt/libodd.so': {},
      '/app/main': program({ needed: ['libodd.so'] }),
    });
    const { stderr } = await runCli(['dockerfile', '--copy-only', '--root', odd, '/app/main']);
    expect(stderr).toContain('note: LD_LIBRARY_PATH=/o\\x1bpt:');
    expect(stderr).toContain('ENV LD_LIBRARY_PATH=/o\\x1bpt too');
    expect(stderr).not.toContain('\x1b');
  });
});

describe('copy', () => {
  const list = (directory: string) =>
    fs.readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();

  it('makes the tree and prints nothing', async () => {
    const to = `${root}/output/tree`;
    expect(await run(['copy', '/usr/bin/opt', '-q', '--to', to])).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect(list(to)).toEqual(
      [
        'etc',
        'etc/ld.so.cache',
        'lib',
        `lib/${TRIPLET}`,
        `lib/${TRIPLET}/ld-linux-x86-64.so.2`,
        'lib64',
        'lib64/ld-linux-x86-64.so.2',
        'opt',
        'opt/lib',
        'opt/lib/libopt.so.1',
        'usr',
        'usr/bin',
        'usr/bin/opt',
      ].sort(),
    );
  });

  it('refuses a directory that is not empty, unless told', async () => {
    const to = `${root}/output/full`;
    fs.mkdirSync(to);
    fs.writeFileSync(`${to}/mine`, '');
    expect(await run(['copy', '/usr/bin/static', '--to', to])).toEqual({
      code: 2,
      stdout: '',
      stderr:
        `elfdeps: ${to}: the directory is not empty\n` +
        '  give another one, or --force to write into it\n',
    });
    expect(list(to)).toEqual(['mine']);
    expect(await run(['copy', '/usr/bin/static', '--force', '--to', to])).toMatchObject({
      code: 0,
    });
    expect(list(to)).toEqual(['mine', 'usr', 'usr/bin', 'usr/bin/static']);
  });

  it('refuses a file as the place: exit 2', async () => {
    const to = `${root}/usr/bin/static`;
    expect(await run(['copy', '/usr/bin/opt', '-q', '--to', to])).toEqual({
      code: 2,
      stdout: '',
      stderr: `elfdeps: ${to}: not a directory\n`,
    });
  });

  it('says with --allow-incomplete what is missing, and exits with 1', async () => {
    const to = `${root}/output/incomplete`;
    const { code, stderr } = await run([
      'copy',
      '--allow-incomplete',
      '/usr/bin/broken',
      '--to',
      to,
    ]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'elfdeps: note: /usr/bin/broken needs libgone.so.1, which is missing\n' +
        `elfdeps: ${to}: 2 files, 1 link, 1.2 kB\n`,
    });
    expect(list(to)).toContain('usr/bin/broken');
  });

  it('says what a tree cannot set', async () => {
    const to = `${root}/output/preloaded`;
    const { stderr } = await run([
      ...['copy', '--preload', '/opt/lib/libopt.so.1', '/usr/bin/opt', '--to', to],
    ]);
    expect(stderr).toContain(
      'note: LD_PRELOAD=/opt/lib/libopt.so.1: a tree has no environment, set it for the program\n',
    );
  });

  it('says what a tar cannot set', async () => {
    const { stderr } = await run([
      ...['tar', '--entrypoint', '/usr/bin/opt', '/usr/bin/opt', '-o', `${root}/output/opt.tar`],
    ]);
    expect(stderr).toContain('--entrypoint: only images and Dockerfiles keep it, a tar cannot\n');
  });

  it('writes nothing of what will not run', async () => {
    const to = `${root}/output/none`;
    expect((await run(['copy', '/usr/bin/broken', '--to', to])).code).toBe(1);
    expect(fs.existsSync(to)).toBe(false);
  });
});

describe('what was written', () => {
  it('is summed up, and with --verbose told file by file, the largest first', async () => {
    const to = `${root}/output/told`;
    const { stderr } = await run(['copy', '--verbose', '/usr/bin/opt', '--to', to]);
    const sizes = [...stderr.matchAll(/^ +([\d.]+ k?B) {2}\/.*$/gm)].map(([, size]) => size);
    expect(sizes.length).toBeGreaterThan(2);
    expect(stderr).toMatch(/\n {2}\(debian:12-slim would be 75 MB, all of the root [\d.]+ kB\)\n$/);
    expect((await run(['copy', '--quiet', '/usr/bin/opt', '--to', `${to}2`])).stderr).toBe('');
  });
});

describe('a program of this machine', () => {
  const place = diskWorld({ '/hello': { type: c.ET_EXEC, dynamic: false } });
  const noteOf = async (file: string) =>
    (await runCli(['dockerfile', file], { cwd: place })).stderr;

  it.each(['hello', './hello'])('%s keeps its path, which a note tells', async (file) => {
    expect(await noteOf(file)).toBe(
      `elfdeps: note: ${file} is ${place}/hello in the image (${file}:/hello moves it)\n`,
    );
  });

  it('is not told where the user says the path', async () => {
    expect(await noteOf('hello:/hello')).toBe('');
    expect(await noteOf(`${place}/hello`)).toBe('');
  });
});
