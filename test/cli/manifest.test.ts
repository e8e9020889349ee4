/**
 * `--manifest`: every command that makes an image tells of each entry why it is there, in a file that is
 * whole or absent.
 */
import fs from 'node:fs';
import nodePath from 'node:path';
import { describe, expect, it } from 'vitest';
import { calls, glibcWith, LIB } from '../needs/need-worlds.js';
import { manifestSchema, requireValidManifest } from '../report/json-schema.js';
import { runCli } from '../support/cli-runner.js';
import { diskWorld, removeDiskWorldsAfterwards } from '../support/disk-world.js';
import { GLIBC_INTERPRETER, program } from '../support/world.js';

removeDiskWorldsAfterwards();

const root = diskWorld({
  ...glibcWith(36),
  '/usr/bin/app': program({ needed: ['libz.so.1', 'libc.so.6'], ...calls('mkstemp') }),
  '/usr/bin/app-link': { link: 'app' },
  [`${LIB}/libz.so.1`]: { link: 'libz.so.1.3' },
  [`${LIB}/libz.so.1.3`]: { soname: 'libz.so.1', needed: ['libc.so.6'] },
  '/opt/plug.so': { needed: ['libmore.so.1'] },
  [`${LIB}/libmore.so.1`]: {},
  '/usr/share/app/data': 'data',
  '/var/lib/dpkg/status': [
    'Package: app',
    'Status: install ok installed',
    'Version: 1.2-3',
    'Architecture: amd64',
    '',
    '',
  ].join('\n'),
  '/var/lib/dpkg/info/app.list': ['/.', '/usr', '/usr/bin', '/usr/bin/app', ''].join('\n'),
});
const INCLUDED = ['--include', '/usr/share/app', '--include', '/opt/plug.so'];

interface Entry {
  readonly path: string;
  readonly type: string;
  readonly reason: { readonly kind: string };
}

function readManifest(file: string) {
  const text = fs.readFileSync(file, 'utf8');
  requireValidManifest(text);
  return JSON.parse(text);
}

/** Runs a command with --manifest, and gives what it wrote there. */
async function manifestOf(command: string, ...args: string[]) {
  const out = diskWorld({});
  const file = nodePath.join(out, 'manifest.json');
  const to = nodePath.join(out, 'made');
  const output = { copy: ['--to', to], tar: ['-o', to], image: ['-o', to] }[command] ?? [];
  const place = args.includes('--root') ? [] : ['--root', root];
  const given = [...place, ...args, ...output, '--manifest', file];
  const { code, stderr } = await runCli([command, ...given]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const { images } = readManifest(file);
  expect(images).toHaveLength(1);
  const at = (path: string) => images[0].entries.find((entry: Entry) => entry.path === path);
  return { image: images[0], at, to };
}

describe('each entry', () => {
  it('has its reason, evidence and package', async () => {
    const { image, at, to } = await manifestOf('copy', '/usr/bin/app', ...INCLUDED);
    expect(image).toMatchObject({ root, complete: true, packages: 'dpkg' });
    expect(at('/usr/bin/app')).toMatchObject({
      type: 'file',
      mode: '0755',
      owner: { uid: 0, gid: 0 },
      reason: { kind: 'program' },
      evidence: [],
      package: { name: 'app', version: '1.2-3' },
    });
    expect(at(`${LIB}/libz.so.1`)).toMatchObject({
      type: 'symlink',
      target: 'libz.so.1.3',
      reason: { kind: 'link' },
    });
    expect(at(`${LIB}/libz.so.1.3`)).toMatchObject({
      reason: { kind: 'library', neededBy: ['/usr/bin/app'] },
      evidence: ['/usr/bin/app needs libz.so.1 (default)'],
      package: null,
    });
    expect(at(`${LIB}/libmore.so.1`).reason).toEqual({
      kind: 'library',
      neededBy: ['/opt/plug.so'],
    });
    expect(at('/opt/plug.so').evidence.join()).toContain('--include');
    expect(at('/usr/share/app/data')).toMatchObject({
      size: 4,
      reason: { kind: 'need', need: 'include' },
      evidence: ['--include /usr/share/app /opt/plug.so'],
    });
    expect(at('/tmp')).toMatchObject({
      type: 'directory',
      mode: '01777',
      reason: { kind: 'need', need: 'tmp' },
    });
    expect(at('/tmp').evidence.join()).toContain('mkstemp');
    expect(at('/usr').reason).toEqual({ kind: 'directory' });
    expect(image.entries.filter(({ reason }: Entry) => reason.kind === 'interpreter')).toHaveLength(
      1,
    );
    // What the manifest lists is what was written.
    const written = fs.readdirSync(to, { recursive: true }).map((path) => `/${path}`);
    expect(image.entries.map(({ path }: Entry) => path).sort()).toEqual(written.sort());
  });

  it.each(['tar', 'image', 'dockerfile'])('%s writes it too', async (command) => {
    const { image, at } = await manifestOf(command, '/usr/bin/app', ...INCLUDED);
    expect(at('/usr/bin/app').reason.kind).toBe('program');
    expect(at(GLIBC_INTERPRETER)).toBeDefined();
    expect(image.entrypoint).toEqual(['/usr/bin/app']);
    const kind = command === 'dockerfile' ? 'tree' : 'directory';
    expect(at('/usr/share/app').type).toBe(kind);
  });

  it('is of a standard library or not, whatever its kind', async () => {
    const python = diskWorld({
      ...glibcWith(36),
      '/usr/bin/python3.11': program({ needed: ['libc.so.6'] }),
      '/usr/lib/python3.11/os.py': '',
      '/usr/lib/python3.11/lib-dynload/_ssl.so': { needed: ['libssl.so.3'] },
      [`${LIB}/libssl.so.3`]: {},
      '/usr/lib/python3.11/site-packages/mine.py': '',
      '/usr/lib/python3/dist-packages/mine.so': {},
    });
    const { at } = await manifestOf('copy', '/usr/bin/python3.11', '--root', python);
    const dynamic = '/usr/lib/python3.11/lib-dynload/_ssl.so';
    const isStandard = (path: string) => at(path).reason.standardLibrary;
    expect(isStandard('/usr/lib/python3.11/os.py')).toBe(true);
    expect(at(dynamic).reason).toMatchObject({ kind: 'library', standardLibrary: true });
    expect(isStandard('/usr/bin/python3.11')).toBeUndefined();
    expect(isStandard(`${LIB}/libssl.so.3`)).toBeUndefined();
    expect(isStandard('/usr/lib/python3.11/site-packages/mine.py')).toBeUndefined();
    expect(at('/usr/lib/python3/dist-packages/mine.so').reason.kind).toBe('library');
    expect(isStandard('/usr/lib/python3/dist-packages/mine.so')).toBeUndefined();
  });

  it('what is excluded is named, and is no entry', async () => {
    const { image, at } = await manifestOf('copy', '/usr/bin/app', '--exclude', 'libz.so.1');
    expect(image.excluded).toEqual(['libz.so.1']);
    expect(at(`${LIB}/libz.so.1.3`)).toBeUndefined();
  });
});

describe('the file', () => {
  it('is not replaced without --force, and then the image is not written either', async () => {
    const out = diskWorld({ '/manifest.json': 'mine' });
    const [file, to] = [nodePath.join(out, 'manifest.json'), nodePath.join(out, 'made')];
    const args = ['copy', '--root', root, '/usr/bin/app', '--to', to, '--manifest', file];
    const { code, stderr } = await runCli(args);
    expect(code).toBe(2);
    expect(stderr).toContain(`${file}: the file exists`);
    expect(fs.existsSync(to)).toBe(false);
    expect(fs.readFileSync(file, 'utf8')).toBe('mine');
    expect(await runCli([...args, '--force'])).toMatchObject({ code: 0 });
    readManifest(file);
  });

  it('is absent where the image cannot be made', async () => {
    const file = nodePath.join(diskWorld({}), 'manifest.json');
    const args = ['--root', root, '/usr/bin/none', '--manifest', file];
    expect((await runCli(['dockerfile', ...args])).code).toBe(2);
    expect(fs.existsSync(file)).toBe(false);
  });

  it('has a schema that the package ships', () => {
    const { exports, files } = JSON.parse(
      fs.readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
    );
    expect(files).toContain('schema');
    expect(exports[`./schema/${manifestSchema.$id}`]).toBe(`./schema/${manifestSchema.$id}`);
  });
});
