/**
 * `elfdeps slim` on images in memory: what is kept of which layer, what is dropped, and what the result
 * says of itself.
 */
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openImages } from '../../src/root/open-root.js';
import { resolvePath } from '../../src/root/resolve-path.js';
import { type Root, readFile } from '../../src/root/root.js';
import { requireValidJson, requireValidManifest } from '../report/json-schema.js';
import { runCli } from '../support/cli-runner.js';
import { type BuiltImage, dockerEntries, ociEntries } from '../support/image-builder.js';
import { entriesOf, type TarEntry, tar } from '../support/tar-builder.js';
import { glibcSystem, memoryWorld, program, TRIPLET, type World } from '../support/world.js';

const directory = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-slim-'));
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));

const LIB = `/lib/${TRIPLET}`;
const package_ = (name: string) =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n`;
const list = (...paths: string[]) => `/.\n${paths.join('\n')}\n`;

const BASE: World = {
  ...glibcSystem(36),
  [`${LIB}/libc.so.6`]: {},
  [`${LIB}/libz.so.1`]: { needed: ['libc.so.6'] },
  '/bin/sh': program({ needed: ['libc.so.6'] }),
  '/usr/bin/curl': program({ needed: ['libz.so.1', 'libc.so.6'] }),
  '/usr/bin/perl': program({ needed: ['libc.so.6'] }),
  '/usr/share/doc/perl/README': 'read me',
  '/etc/app.conf': 'level=1\n',
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nwww:x:33:33::/srv/home:/bin/false\n',
  '/etc/base-note': 'made by a maintainer script',
  '/var/lib/dpkg/status': ['libc6', 'tools'].map(package_).join('\n'),
  '/var/lib/dpkg/info/libc6.list': list(`${LIB}/libc.so.6`, '/lib64/ld-linux-x86-64.so.2'),
  '/var/lib/dpkg/info/tools.list': list(
    ...['/bin/sh', '/usr/bin/curl', '/usr/bin/perl', '/usr/share/doc/perl/README'],
    ...['/etc/app.conf', `${LIB}/libz.so.1`],
  ),
};
const APP: World = {
  '/opt/app/main': program({ needed: ['libz.so.1', 'libc.so.6'] }),
  '/opt/app/data.txt': 'data',
  '/opt/app/.env': 'PASSWORD=x\n',
  '/opt/app/notes.md': 'for developers',
  '/etc/app.conf': 'level=2\n',
  '/var/lib/dpkg/status-old': 'state of the package manager',
};
const layer = (world: World, more: readonly TarEntry[] = []) =>
  tar([...entriesOf(memoryWorld(world)), ...more]);
const HISTORY = [
  { created_by: 'ADD rootfs.tar /' },
  { created_by: 'ENV A=b', empty_layer: true },
  { created_by: 'COPY app /opt/app' },
];
const CONFIG = {
  Env: ['PATH=/opt/app:/usr/bin:/bin', 'A=b'],
  Entrypoint: ['/opt/app/main'],
  User: 'www',
  ExposedPorts: { '80/tcp': {} },
  Volumes: { '/srv/home': {} },
  StopSignal: 'SIGQUIT',
  Labels: { who: 'me', 'org.opencontainers.image.base.name': 'debian:12' },
};

let count = 0;
function write(
  images: readonly BuiltImage[],
  layout: typeof dockerEntries = dockerEntries,
): string {
  const path = nodePath.join(directory, `image-${count++}.tar`);
  fs.writeFileSync(path, tar(layout(images)));
  return path;
}

function image(change: Partial<BuiltImage> = {}): BuiltImage {
  const layers = [layer(BASE), layer(APP)];
  return { layers, names: ['app:1'], config: CONFIG, history: HISTORY, ...change };
}

/** Runs slim on an image, and opens the result. */
async function slim(path: string, ...options: string[]) {
  const output = nodePath.join(directory, `out-${count++}.tar`);
  const words = ['slim', path, '-o', output, '--format', 'json', ...options];
  const { code, stderr } = await runCli(words);
  if (code !== 0) return { code, stderr, output, root: undefined, report: undefined };
  requireValidJson(stderr);
  const [opened] = (await openImages(output)).images;
  const report = JSON.parse(stderr).images[0];
  return { code, stderr, output, root: opened?.root as Root, report, opened };
}

const has = (root: Root | undefined, path: string) =>
  root !== undefined && resolvePath(root, path).found;
const textOf = (root: Root | undefined, path: string) => {
  const file = root && resolvePath(root, path);
  return file?.found ? new TextDecoder().decode(readFile(root as Root, file.path)) : undefined;
};
const codes = (report: { notes: { code: string }[] }) => report.notes.map(({ code }) => code);

describe('what is kept', () => {
  it('is what the entry point needs, and what came after the base', async () => {
    const { root, report } = await slim(write([image()]));
    const kept = ['/opt/app/main', '/opt/app/data.txt', `${LIB}/libz.so.1`, `${LIB}/libc.so.6`];
    expect(kept.filter((path) => !has(root, path))).toEqual([]);
    const dropped = ['/usr/bin/curl', '/usr/bin/perl', '/usr/share/doc', '/etc/base-note'];
    expect(dropped.filter((path) => has(root, path))).toEqual([]);
    expect(report.base).toEqual({ layers: 1, by: 'database' });
    expect(report.isSmaller).toBe(true);
    expect(codes(report)).toEqual(['BASE_NAMES_DROPPED', 'SECRETS_LEFT_OUT']);
  });

  it('is the file of a package that a layer replaced, but not the state of the package manager', async () => {
    const { root } = await slim(write([image()]));
    expect(textOf(root, '/etc/app.conf')).toBe('level=2\n');
    expect(has(root, '/var/lib/dpkg')).toBe(false);
  });

  it('is no file of a package that the package manager replaced', async () => {
    const upgrade = {
      '/usr/bin/perl': 'new',
      '/var/lib/dpkg/status': BASE['/var/lib/dpkg/status'],
    };
    const layers = [layer(BASE), layer(upgrade as World), layer(APP)];
    const history = [...HISTORY.slice(0, 2), { created_by: 'RUN apt-get upgrade' }, HISTORY[2]];
    const { root } = await slim(write([image({ layers, history: history as never })]));
    expect(has(root, '/opt/app/main')).toBe(true);
    expect(has(root, '/usr/bin/perl')).toBe(false);
  });

  it('is everything below WORKDIR, also of packages', async () => {
    const config = { ...CONFIG, WorkingDir: '/usr/share/doc' };
    const { root } = await slim(write([image({ config })]));
    expect(has(root, '/usr/share/doc/perl/README')).toBe(true);
    expect(has(root, '/usr/bin/perl')).toBe(false);
  });

  it('is the program of a health check, and its shell', async () => {
    const config = {
      ...CONFIG,
      Healthcheck: { Test: ['CMD-SHELL', 'curl -f localhost || exit 1'] },
    };
    const { root } = await slim(write([image({ config })]));
    expect([has(root, '/bin/sh'), has(root, '/usr/bin/curl'), has(root, '/usr/bin/perl')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('is what a script of the application names', async () => {
    const script = { '/opt/app/start.sh': '#!/bin/sh\nx=$(perl -e 1)\nexec /opt/app/main\n' };
    const layers = [layer(BASE), layer({ ...APP, ...script })];
    const config = { ...CONFIG, Entrypoint: ['/opt/app/start.sh'] };
    const { root } = await slim(write([image({ layers, config })]));
    expect([has(root, '/usr/bin/perl'), has(root, '/usr/bin/curl')]).toEqual([true, false]);
  });

  it('is what a script that a shell is given names, without an execute bit too', async () => {
    const text = Buffer.from('#!/bin/sh\nx=$(perl -e 1)\nexec "$@"\n');
    const layers = [layer(BASE), layer({ ...APP, '/start': { bytes: text, mode: 0o644 } })];
    const config = { ...CONFIG, Entrypoint: ['/bin/sh', '-e', '/start'], Cmd: ['/opt/app/main'] };
    const { root } = await slim(write([image({ layers, config })]));
    expect([has(root, '/usr/bin/perl'), has(root, '/opt/app/main')]).toEqual([true, true]);
  });

  it('is what a library of the application needs, also behind an entrypoint script', async () => {
    const app = {
      '/opt/app/main': program({ needed: ['libc.so.6'] }),
      '/opt/app/start.sh': '#!/bin/sh\nexec "$@"\n',
      '/opt/app/addon.node': { needed: ['libz.so.1'] },
    };
    const config = { ...CONFIG, Entrypoint: ['start.sh'], Cmd: ['main'] };
    const { root } = await slim(write([image({ layers: [layer(BASE), layer(app)], config })]));
    expect(has(root, `${LIB}/libz.so.1`)).toBe(true);
  });

  it('no secret, unless --keep names it', async () => {
    const path = write([image()]);
    const { root, report } = await slim(path);
    expect(has(root, '/opt/app/.env')).toBe(false);
    expect(report.notes.at(-1).message).toContain('--keep /opt/app/.env');
    expect(has((await slim(path, '--keep', '/opt/app/.env')).root, '/opt/app/.env')).toBe(true);
    expect(has((await slim(path, '--keep', '/opt/**')).root, '/opt/app/.env')).toBe(false);
  });

  it.each([
    ['is configuration of its package', '/etc/app/server.key', ''],
    ['is named by kept configuration', '/srv/tls/server.key', 'key=/srv/tls/server.key\n'],
    ['is in a directory that a kept link leads to', '/srv/tls/server.key', ''],
    ['is named by the command', '/srv/tls/server.key', '', ['--key', '/srv/tls/server.key']],
  ])('no private key that %s', async (_how, key, text, command: string[] = []) => {
    const MD5 = '0'.repeat(32);
    const conffiles = `Conffiles:\n /etc/app/app.conf ${MD5}\n /etc/app/server.key ${MD5}\n`;
    const base: World = {
      ...BASE,
      '/etc/app/app.conf': text,
      [key]: '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n',
      '/srv/tls/cert': 'public',
      '/usr/bin/app': program({ needed: ['libc.so.6'] }),
      '/var/lib/dpkg/status': `${BASE['/var/lib/dpkg/status']}\n${package_('app')}${conffiles}\n${package_('tls')}`,
      '/var/lib/dpkg/info/app.list': list(
        '/usr/bin/app',
        '/etc/app/app.conf',
        '/etc/app/server.key',
      ),
      '/var/lib/dpkg/info/tls.list': list(
        '/srv',
        '/srv/tls',
        '/srv/tls/server.key',
        '/srv/tls/cert',
      ),
    };
    const app: World = { ...APP, '/opt/app/tls': { link: '/srv/tls' } };
    const config = { ...CONFIG, Entrypoint: ['/usr/bin/app'], Cmd: command };
    const path = write([image({ layers: [layer(base), layer(app)], config })]);
    const { root, report } = await slim(path);
    expect([has(root, '/etc/app/app.conf'), has(root, '/opt/app/tls/cert')]).toEqual([true, true]);
    expect(has(root, key)).toBe(false);
    expect(JSON.stringify(report.notes)).toContain(`--keep ${key}`);
    expect(codes(report)).not.toContain('SECRET_LEFT_OUT');
    expect(has((await slim(path, '--keep', key)).root, key)).toBe(true);
  });

  it('a variant for newer CPUs only for --keep, as the note says', async () => {
    const variant = `${LIB}/glibc-hwcaps/x86-64-v3/libz.so.1`;
    const path = write([image({ layers: [layer({ ...BASE, [variant]: {} }), layer(APP)] })]);
    const { root, report } = await slim(path);
    expect(has(root, variant)).toBe(false);
    expect(JSON.stringify(report.notes)).toContain(`--keep ${variant} keeps it`);
    expect(JSON.stringify(report.notes)).not.toContain('--hwcaps');
    const kept = await slim(path, '--keep', variant);
    expect(has(kept.root, variant)).toBe(true);
    expect(JSON.stringify(kept.report.notes)).not.toContain(variant);
  });

  it('--keep and --drop', async () => {
    const path = write([image()]);
    const options = ['--keep', '/usr/bin/cu*', '--drop', '*.md', '--drop', '/etc/app.conf'];
    const { root } = await slim(path, ...options);
    const paths = ['/usr/bin/curl', '/opt/app/notes.md', '/etc/app.conf', '/opt/app/data.txt'];
    expect(paths.map((one) => has(root, one))).toEqual([true, false, false, true]);
    const none = await slim(path, '--keep', '/none/*');
    expect(none.stderr).toContain('/none/*: nothing in the image to --keep');
    expect(none.code).toBe(2);
  });
});

describe('what cannot be told', () => {
  it.each([
    ['one layer', { layers: [layer({ ...BASE, ...APP })], history: HISTORY.slice(0, 1) }],
    ['no history', { history: undefined }],
  ])('%s: every file that no package owns is kept', async (_name, change) => {
    const { root, report } = await slim(write([image(change)]));
    const paths = ['/opt/app/data.txt', '/etc/base-note', '/usr/bin/perl', '/var/lib/dpkg/status'];
    expect(paths.map((path) => has(root, path))).toEqual([true, true, false, false]);
    expect(codes(report)).toContain('BASE_UNKNOWN');
    expect(report.base).toBe(null);
  });

  it('no package database: the result is not smaller, and says so', async () => {
    const world = Object.fromEntries(
      Object.entries(BASE).filter(([path]) => !path.startsWith('/var/lib/dpkg')),
    );
    const { '/opt/app/.env': _, ...app } = APP;
    const { report } = await slim(write([image({ layers: [layer(world), layer(app)] })]));
    expect(codes(report)).toEqual(
      expect.arrayContaining(['BASE_UNKNOWN', 'NO_PACKAGES', 'NOT_SMALLER']),
    );
  });

  it('without a command, --keep names the program', async () => {
    const path = write([image({ config: {} })]);
    const none = await slim(path);
    expect(none.stderr).toContain('the image has no entry point and no command');
    expect(none.code).toBe(2);
    const { root } = await slim(path, '--keep', '/usr/bin/curl');
    expect(has(root, `${LIB}/libz.so.1`)).toBe(true);
  });

  it('a command that is not there', async () => {
    const { code, stderr } = await slim(write([image({ config: { Cmd: ['none'] } })]));
    expect(stderr).toContain("cannot be told from 'none'");
    expect(code).toBe(2);
  });
});

describe('the result', () => {
  it.each([
    ['docker', dockerEntries],
    ['oci', ociEntries],
  ])('keeps the configuration, the layout (%s) and the name', async (layout, entries) => {
    const { output, opened, root } = await slim(write([image()], entries as typeof dockerEntries));
    expect(root?.image?.fields.config).toEqual({ ...CONFIG, Labels: { who: 'me' } });
    expect((await openImages(output)).layout).toBe(layout);
    expect(opened?.names).toContain('app:1-slim');
    expect(root?.image?.history).toEqual([{ createdBy: 'elfdeps slim', isEmpty: false }]);
    expect(has(root, '/srv/home') || has(root, '/opt')).toBe(true);
  });

  it('keeps owners, set-id bits and capabilities', async () => {
    const capability = Buffer.from('0100000200200000000000000000000000000000', 'hex');
    const body = memoryWorld(APP)['/opt/app/main'] as Uint8Array;
    const more: TarEntry[] = [
      { name: 'opt/app/helper', body, mode: 0o4755, uid: 7, gid: 8 },
      { name: 'opt/app/state/', type: '5', mode: 0o2775, uid: 33, gid: 33 },
      {
        name: 'opt/app/ping',
        body,
        mode: 0o755,
        pax: [['SCHILY.xattr.security.capability', capability]],
      },
    ];
    const { root } = await slim(write([image({ layers: [layer(BASE), layer(APP, more)] })]));
    expect(root?.lstat('/opt/app/helper')).toMatchObject({ mode: 0o4755, uid: 7, gid: 8 });
    expect(root?.lstat('/opt/app/state')).toMatchObject({ mode: 0o2775, uid: 33, gid: 33 });
    expect(Buffer.from(root?.lstat('/opt/app/ping')?.capability ?? [])).toEqual(capability);
  });

  it('of several platforms is one image for all of them', async () => {
    const both = ['linux/amd64', 'linux/arm64'].map((platform) => image({ platform }));
    const path = write(both, (images) => ociEntries(images, { nested: true }));
    const output = nodePath.join(directory, 'both.tar');
    expect((await runCli(['slim', path, '-o', output, '-q'])).code).toBe(0);
    const { images } = await openImages(output);
    expect(images.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64']);
  });

  it('is the same every time, and on standard output too', async () => {
    const path = write([image()]);
    const { output } = await slim(path);
    const { stdout, stderr } = await runCli(['slim', path]);
    expect(Buffer.from(stdout, 'latin1').equals(fs.readFileSync(output))).toBe(true);
    expect(stderr).toContain('-> app:1-slim');
  });

  it('is not written with --dry-run, nor to a terminal', async () => {
    const { stdout, code } = await runCli(['slim', write([image()]), '--dry-run']);
    expect([stdout, code]).toEqual(['', 0]);
    const { stderr } = await runCli(['slim', write([image()])], { isTerminal: true });
    expect(stderr).toContain('standard output is a terminal');
  });

  it('is not written if its program would not start', async () => {
    const { code, stderr, output } = await slim(write([image()]), '--drop', '/lib/**/libz.so.1');
    expect(stderr).toContain('libz.so.1');
    expect([code, fs.existsSync(output)]).toEqual([1, false]);
  });
});

describe('--manifest', () => {
  it('tells why each entry of the result is there', async () => {
    const file = nodePath.join(directory, 'manifest.json');
    const { root } = await slim(write([image()]), '--manifest', file);
    const text = fs.readFileSync(file, 'utf8');
    requireValidManifest(text);
    const [only] = JSON.parse(text).images;
    const paths: readonly string[] = only.entries.map(({ path }: { path: string }) => path);
    expect(paths).toEqual(expect.arrayContaining(['/opt/app/main', `${LIB}/libz.so.1`]));
    expect(paths.filter((path) => root?.lstat(path) === undefined)).toEqual([]);
    expect(only.packages).toBe('dpkg');
  });

  it('is not written by a dry run', async () => {
    const file = nodePath.join(directory, 'unwritten.json');
    await runCli(['slim', write([image()]), '--dry-run', '--manifest', file]);
    expect(fs.existsSync(file)).toBe(false);
  });
});

it('its report fits the terminal that it goes to', async () => {
  const linesAt = async (errColumns?: number) => {
    const { stderr } = await runCli(['slim', write([image()]), '--dry-run'], { errColumns });
    return stderr.trimEnd().split('\n');
  };
  const widest = Math.max(...(await linesAt()).map((line) => line.length));
  expect(widest).toBeGreaterThan(70);
  const paths = /^\S+ \(/;
  for (const line of (await linesAt(60)).filter((each) => !paths.test(each)))
    expect([line, line.length <= 60]).toEqual([line, true]);
});
