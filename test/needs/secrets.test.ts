/**
 * What counts as a secret in a directory that a need copies, and how a user gets it all the same.
 */
import { describe, expect, it } from 'vitest';
import { RootFiles } from '../../src/files/root-files.js';
import { planImage, traceRuntimeNeeds } from '../../src/index.js';
import { withoutSecrets } from '../../src/needs/secrets.js';
import { formatNote, formatNotes } from '../../src/report/notes.js';
import { type MemoryNode, memoryRoot } from '../../src/root/memory-root.js';
import { program, traceWorld, type World } from '../support/world.js';
import { glibcWith, texts } from './need-worlds.js';

const KEY = '-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\n';
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const bytes = new Uint8Array(4);

const secretsIn = (world: Record<string, MemoryNode>, ...paths: string[]) =>
  withoutSecrets(new RootFiles(memoryRoot(world)), paths);

describe.each<readonly [string, MemoryNode, { readonly isSecret: boolean }]>([
  ['/etc/shadow', 'root:*::', { isSecret: true }],
  ['/etc/gshadow-', 'root:*::', { isSecret: true }],
  ['/etc/shadow.conf', 'a', { isSecret: false }],
  ['/etc/passwd', 'root:x:0:0::/:/bin/sh\nb:!!:1:1::/:\n', { isSecret: false }],
  ['/etc/passwd', 'root:x:0:0::/:/bin/sh\nb:$6$s$h:1:1::/:\n', { isSecret: true }],
  ['/etc/group', 'adm:!$6$s$h:4:\n', { isSecret: true }],
  ['/run/secrets/token', 'a', { isSecret: true }],
  ['/srv/app/.env', 'A=1', { isSecret: true }],
  ['/srv/app/.env.production', 'A=1', { isSecret: true }],
  ['/srv/app/.env.example', 'A=', { isSecret: false }],
  ['/srv/app/environment', 'A=1', { isSecret: false }],
  ['/srv/app/.npmrc', '', { isSecret: true }],
  ['/home/a/.netrc', '', { isSecret: true }],
  ['/home/a/.git-credentials', '', { isSecret: true }],
  ['/home/a/.aws/config', '', { isSecret: true }],
  ['/home/a/.ssh/config', '', { isSecret: true }],
  ['/home/a/.docker/config.json', '{}', { isSecret: true }],
  ['/srv/app/docker/config.json', '{}', { isSecret: false }],
  ['/etc/app/x', { bytes, mode: 0o600 }, { isSecret: true }],
  ['/etc/app/x', { bytes, mode: 0o640 }, { isSecret: false }],
  ['/etc/app/server.pem', `${CERTIFICATE}${KEY}`, { isSecret: true }],
  ['/etc/app/server', KEY, { isSecret: true }],
  ['/etc/app/server.pem', CERTIFICATE, { isSecret: false }],
  ['/etc/app/users', '# users\nme:$apr1$a$b\n', { isSecret: true }],
  ['/etc/app/users', 'me:{SSHA}abc=\n', { isSecret: true }],
  ['/etc/app/users', 'me:{SHA512-CRYPT}$6$a$b:::\n', { isSecret: true }],
  ['/etc/app/users', 'me:{SHA512.HEX}a1b2c3:::\n', { isSecret: true }],
  ['/etc/app/users', 'me:$2y$05$a.b/\n', { isSecret: true }],
  ['/etc/app/users', 'me:$pbkdf2-sha256$29000$a$b\n', { isSecret: true }],
  ['/etc/app/run', 'PATH=$PATH:$1$2$3\n', { isSecret: false }],
  ['/etc/app/run', 's:$1$:&:\nb:{SHA} c\n', { isSecret: false }],
  ['/etc/app/users', 'PATH:$HOME/bin\nme:$6th$\nmap:{A}\n', { isSecret: false }],
  ['/opt/app/keys.py', KEY, { isSecret: false }],
  ['/usr/share/app/demo.key', KEY, { isSecret: true }],
  ['/usr/share/app/manual.txt', KEY, { isSecret: false }],
])('%s', (path, node, { isSecret }) => {
  it(isSecret ? 'is a secret' : 'is none', () => {
    const beside = '/etc/hosts.app';
    const world = { [path]: node, [beside]: '' };
    const kept = isSecret ? [] : [path];
    const secrets = isSecret ? [path] : [];
    expect(secretsIn(world, path, beside)).toEqual({ paths: [...kept, beside], secrets });
    const directory = path.slice(0, path.indexOf('/', 1));
    expect(secretsIn(world, directory).secrets).toEqual(secrets);
  });
});

it('a directory gives way to what else is in it', () => {
  const world = {
    '/etc/app/a.conf': '',
    '/etc/app/site/b.conf': '',
    '/etc/app/tls/cert.pem': CERTIFICATE,
    '/etc/app/tls/key.pem': KEY,
  };
  expect(secretsIn(world, '/etc/app')).toEqual({
    paths: ['/etc/app/a.conf', '/etc/app/site', '/etc/app/tls/cert.pem'],
    secrets: ['/etc/app/tls/key.pem'],
  });
});

it('a link to a secret is one', () => {
  const world = { '/etc/app/key': { link: '/etc/tls/key.pem' }, '/etc/tls/key.pem': KEY };
  expect(secretsIn(world, '/etc/app')).toEqual({ paths: [], secrets: ['/etc/app/key'] });
});

it.each<[string, World, readonly string[]]>([
  ['', { '/data/keys': { link: '../etc/tls' } }, ['/data/f', '/data/keys/cert.pem']],
  [
    'to a link ',
    { '/data/keys': { link: 'l' }, '/data/l': { link: '/etc/tls' } },
    [...['/data/f', '/data/keys/cert.pem', '/data/l/cert.pem']],
  ],
  [
    'in a directory behind a link ',
    {
      '/data/one': { link: '/opt/one' },
      '/opt/one/two': { link: '/etc/tls' },
      '/opt/one/g': '',
    },
    ['/data/f', '/data/one/g', '/data/one/two/cert.pem'],
  ],
  [
    'that leads back ',
    { '/data/x': { link: '/opt/x' }, '/opt/x/y': { link: '/data' }, '/opt/x/key': KEY },
    ['/data/f', '/data/x/y/f'],
  ],
])(
  'a link %sto a directory with a secret gives way to what else is in it',
  (_what, more, paths) => {
    const world = {
      '/data/f': '',
      '/etc/tls/cert.pem': CERTIFICATE,
      '/etc/tls/key.pem': KEY,
      ...more,
    };
    const found = secretsIn(world, '/data');
    expect(found.paths).toEqual(paths);
    expect(found.secrets).toHaveLength(1);
  },
);

it('what stays behind anyway has none, and does not come back where a secret is beside it', () => {
  const world = {
    '/lib/python/os.py': '',
    '/lib/python/test/key.pem': KEY,
    '/lib/python/test/cache/a.pyc': '',
    '/lib/python/site-packages/key.pem': KEY,
    '/lib/python/site-packages/b.py': '',
    '/lib/python/key.pem': KEY,
  };
  const except = ['test', '/lib/python/site-packages'];
  expect(withoutSecrets(new RootFiles(memoryRoot(world)), ['/lib/python'], except)).toEqual({
    paths: ['/lib/python/os.py'],
    secrets: ['/lib/python/key.pem'],
  });
});

it('a link to a private directory is one', () => {
  const world = { '/data/.ssh': { link: '../opt/x' }, '/opt/x/config': '', '/data/f': '' };
  expect(secretsIn(world, '/data')).toEqual({ paths: ['/data/f'], secrets: ['/data/.ssh'] });
});

it('a file of a package that only its owner may read is none', () => {
  const world = {
    '/var/lib/dpkg/status': 'Package: app\nStatus: install ok installed\nVersion: 1\n',
    '/var/lib/dpkg/info/app.list': '/.\n/etc\n/etc/app\n/etc/app/own\n',
    '/etc/app/own': { bytes, mode: 0o600 },
    '/etc/app/other': { bytes, mode: 0o600 },
  };
  expect(secretsIn(world, '/etc/app').secrets).toEqual(['/etc/app/other']);
});

describe('--include', () => {
  const plan = (...include: string[]) => {
    const world = {
      ...glibcWith(),
      '/app/main': program({ needed: ['libc.so.6'] }),
      '/srv/app/main.conf': '',
      '/srv/app/.env': 'PASSWORD=1',
    };
    const { trace, chosen } = traceRuntimeNeeds(traceWorld(world), { include });
    return planImage(trace, { layout: 'links', needs: chosen });
  };
  const notes = (...include: string[]) => plan(...include).notes.map(formatNote);
  const paths = (...include: string[]) => plan(...include).entries.map(({ path }) => path);

  it.each(['/srv/app', '/srv/*'])('of %s leaves a secret out', (pattern) => {
    expect(paths(pattern)).toContain('/srv/app/main.conf');
    expect(paths(pattern)).not.toContain('/srv/app/.env');
    expect(notes(pattern)).toContain(
      '/srv/app/.env: left out, because it may hold a secret (to add it: --include /srv/app/.env)',
    );
  });

  it('of a pattern for such names leaves a secret out', () => {
    expect(notes('/srv/*/.env').join()).toContain('/srv/app/.env: left out');
  });

  it.each(['links', 'flat', 'parents'] as const)(
    'of a directory with a link to one: %s',
    (layout) => {
      const world = {
        ...glibcWith(),
        '/app/main': program({ needed: ['libc.so.6'] }),
        '/srv/app/f': '',
        '/srv/app/home': { link: '/home/me' },
        '/home/me/.ssh/id_rsa': KEY,
        '/home/me/g': '',
      };
      const { trace, chosen } = traceRuntimeNeeds(traceWorld(world), { include: ['/srv/app'] });
      const { entries, notes } = planImage(trace, { layout, needs: chosen });
      const place = layout === 'flat' ? '/srv/app/home/g' : '/home/me/g';
      const added = entries.map(({ path }) => path);
      expect(added).toEqual(expect.arrayContaining(['/srv/app/f', place]));
      expect(added.join()).not.toContain('.ssh');
      expect(notes.map(formatNote).join()).toContain('/home/me/.ssh/id_rsa: left out');
    },
  );

  it('of its own path adds it', () => {
    expect(paths('/srv/app', '/srv/app/.env')).toContain('/srv/app/.env');
    expect(notes('/srv/app', '/srv/app/.env').join()).not.toContain('secret');
  });
});

it('what configuration names below /run/secrets is told, and not made', () => {
  const world = {
    ...glibcWith(),
    '/app/main': program({ needed: ['libc.so.6'], ...texts('/etc/main/main.conf') }),
    '/etc/main/main.conf': 'password_file /run/secrets/main;\n',
    '/run/secrets/main': 'a',
  };
  const { trace, chosen } = traceRuntimeNeeds(traceWorld(world));
  const { entries, notes } = planImage(trace, { layout: 'links', needs: chosen });
  expect(entries.map(({ path }) => path)).toContain('/etc/main/main.conf');
  expect(entries.map(({ path }) => path).join()).not.toContain('secrets');
  expect(notes).toEqual([{ code: 'SECRET_LEFT_OUT', paths: ['/run/secrets/main'] }]);
});

describe('users without their passwords', () => {
  const world = {
    ...glibcWith(),
    '/lib/x86_64-linux-gnu/libpam.so.0': {},
    '/app/main': program({ needed: ['libc.so.6', 'libpam.so.0'] }),
    '/etc/passwd':
      'root:x:0:0::/:/bin/sh\napp:$6$salt$hash:7:7::/:/bin/sh\nother:x:8:8::/:/bin/sh\n',
    '/etc/shadow': { bytes: new TextEncoder().encode('root:$6$salt$hash:::::::\n'), mode: 0o640 },
    '/etc/group': 'root:x:0:\napp:hash:7:\n',
  };
  const planFor = (layout: 'links' | 'flat' | 'parents', include: string[] = []) => {
    const { trace, chosen } = traceRuntimeNeeds(traceWorld(world), { user: 'app', include });
    return planImage(trace, { layout, needs: chosen });
  };
  const made = (path: string, include: string[] = []) => {
    const entry = planFor('links', include).entries.find((each) => each.path === path);
    return entry?.kind === 'generated' ? new TextDecoder().decode(entry.bytes) : entry?.kind;
  };

  it('are in /etc/shadow as they are in /etc/passwd, each locked', () => {
    expect(made('/etc/passwd')).toBe('root:x:0:0::/:/bin/sh\napp:*:7:7::/:/bin/sh\n');
    expect(made('/etc/group')).toBe('root:x:0:\napp:*:7:\n');
    const locked = ['root', 'nobody', 'app'].map((name) => `${name}:*:19000:0:99999:7:::\n`);
    expect(made('/etc/shadow')).toBe(locked.join(''));
  });

  it('are in /etc/shadow where the whole /etc/passwd is copied', () => {
    expect(made('/etc/shadow', ['/etc/passwd'])).toContain('other:*:19000');
  });

  it.each(['flat', 'parents'] as const)('are no reason to COPY the hashes: %s', (layout) => {
    const { entries, notes } = planFor(layout);
    expect(entries.map(({ path }) => path).join()).not.toMatch(/shadow|passwd|group/);
    expect(notes).toContainEqual({
      code: 'SECRET_LEFT_OUT',
      paths: ['/etc/group', '/etc/passwd', '/etc/shadow'],
    });
    expect(planFor(layout, ['/etc/shadow']).entries.map(({ path }) => path)).toContain(
      '/etc/shadow',
    );
  });
});

describe('the note about many secrets', () => {
  const paths = ['/a/.env', '/b/.env', '/c/.env', '/d/.env'];
  const first = '/a/.env, /b/.env and 2 more';
  const all = /^\/a\/.env, \/b\/.env, \/c\/.env and \/d\/.env: left out/;

  it('has an option for each that something names', () => {
    expect(formatNotes([{ code: 'SECRET_LEFT_OUT', paths }])).toEqual([
      `${first}: left out, because they may hold secrets (to add them: ${paths.map((path) => `--include ${path}`).join(' ')})`,
    ]);
  });

  it('has none for what only stands in a directory, and names all with --verbose', () => {
    const note = { code: 'SECRET_INSIDE', paths } as const;
    expect(formatNotes([note])).toEqual([
      `${first} (--verbose names them): left out of the directories that were added, because they may hold secrets (to add them, name each path)`,
    ]);
    expect(formatNotes([note], true).join()).toMatch(all);
  });
});
