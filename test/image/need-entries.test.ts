/**
 * Runtime needs as entries of a plan: files with their links, directories with all below, files that
 * are made; and the same for COPY, which can do less.
 */

import { describe, expect, it } from 'vitest';
import type { PlanOptions, RuntimeNeed } from '../../src/index.js';
import { formatNote } from '../../src/report/notes.js';
import { glibcWith } from '../needs/need-worlds.js';
import { program, type World } from '../support/world.js';
import { plan } from './planned.js';

const base: World = { ...glibcWith(36), '/app/main': program() };
const need: RuntimeNeed = {
  kind: 'tz',
  program: '/app/main',
  because: 'a test',
  confidence: 'sure',
  files: [],
  except: [],
  opens: [],
  starts: [],
  directories: [],
  generated: {},
};

function planned(world: World, own: Partial<RuntimeNeed>, layout: PlanOptions['layout'] = 'links') {
  return plan({ ...base, ...world }, '/app/main', { layout, needs: [{ ...need, ...own }] });
}

/** Entries that the plan has beside those of the program alone. */
function added(world: World, own: Partial<RuntimeNeed>, layout: PlanOptions['layout'] = 'links') {
  const { entries } = planned(world, own, layout);
  const usual = new Set(plan(base, '/app/main', { layout }).entries.map(({ path }) => path));
  return entries
    .filter(({ path }) => !usual.has(path))
    .map((entry) => {
      if (entry.kind === 'directory') return `d ${entry.path} ${entry.mode.toString(8)}`;
      if (entry.kind === 'symlink') return `l ${entry.path} -> ${entry.target}`;
      if (entry.kind === 'generated')
        return `g ${entry.path} ${entry.mode.toString(8)} ${Buffer.from(entry.bytes)}`;
      return `${entry.kind[0]} ${entry.path} <- ${entry.source} (${entry.because})`;
    });
}

/** More than is copied for the sake of fewer lines. */
const LARGE = 'x'.repeat(1_000_000);

const zones: World = {
  '/usr/share/zone/Paris': 'a',
  '/usr/share/zone/right/Paris': 'b',
  '/usr/share/zone/Lutece': { link: 'Paris' },
  '/usr/share/zone/all': { link: '.' },
  '/usr/share/zone/gone': { link: '/nowhere' },
  '/usr/share/zone/Etc': { directory: true, mode: 0o750 },
};

describe('a tree', () => {
  it.each<[string, World, Partial<RuntimeNeed>, string[]]>([
    [
      'a file behind a link',
      { '/etc/ca.pem': { link: '../real/ca.pem' }, '/real/ca.pem': 'x' },
      { files: ['/etc/ca.pem'] },
      [
        'd /etc 755',
        'l /etc/ca.pem -> ../real/ca.pem',
        'd /real 755',
        'f /real/ca.pem <- /real/ca.pem (tz)',
      ],
    ],
    [
      'a directory with what is below, without what nobody asks for and links to directories',
      zones,
      { files: ['/usr/share/zone'], except: ['right'] },
      [
        'd /usr 755',
        'd /usr/share 755',
        'd /usr/share/zone 755',
        'd /usr/share/zone/Etc 750',
        'l /usr/share/zone/Lutece -> Paris',
        'f /usr/share/zone/Paris <- /usr/share/zone/Paris (tz)',
      ],
    ],
    ['what is not there', {}, { files: ['/nowhere'] }, []],
    ['an empty directory', {}, { directories: [{ path: '/tmp', mode: 0o1777 }] }, ['d /tmp 1777']],
    [
      'a directory that the root has keeps the mode that is wanted',
      { '/tmp': { directory: true, mode: 0o700 } },
      { directories: [{ path: '/tmp', mode: 0o1777 }] },
      ['d /tmp 1777'],
    ],
    [
      "a file that is made takes the place of the root's own",
      { '/etc/passwd': 'everybody' },
      { generated: { '/etc/passwd': 'root' } },
      ['d /etc 755', 'g /etc/passwd 644 root'],
    ],
  ])('%s', (_rule, world, own, rows) => {
    expect(added(world, own)).toEqual(rows);
  });

  it('a file that is made goes through links of the plan', () => {
    const world: World = { '/etc': { link: 'private/etc' }, '/private/etc/a': 'x' };
    expect(added(world, { files: ['/etc/a'], generated: { '/etc/passwd': 'root' } })).toEqual([
      'l /etc -> private/etc',
      'd /private 755',
      'd /private/etc 755',
      'f /private/etc/a <- /private/etc/a (tz)',
      'g /private/etc/passwd 644 root',
    ]);
  });
});

describe('COPY', () => {
  it.each<[string, World, Partial<RuntimeNeed>, string[], RegExp?]>([
    [
      'a file, its link followed',
      { '/etc/ca.pem': { link: '../real/ca.pem' }, '/real/ca.pem': 'x' },
      { files: ['/etc/ca.pem'] },
      ['d /etc 755', 'f /etc/ca.pem <- /real/ca.pem (tz)'],
    ],
    [
      'a directory is one entry, with all that it has',
      zones,
      { files: ['/usr/share/zone'] },
      ['d /usr 755', 'd /usr/share 755', 't /usr/share/zone <- /usr/share/zone (tz)'],
    ],
    [
      'a directory with those that its links lead to',
      {
        '/d/keys': { link: '../k' },
        '/d/docs': { link: '/usr/share/doc' },
        '/k/back': { link: '/d' },
        '/k/f': '',
        '/usr/share/doc/x': '',
      },
      { files: ['/d'] },
      ['t /d <- /d (tz)', 't /k <- /k (tz)'],
    ],
    [
      'a directory in parts, where it has something to leave out',
      {
        ...zones,
        '/usr/share/zone/Europe/Rome': 'r',
        '/usr/share/zone/Asia/right/Tokyo': LARGE,
        '/usr/share/zone/Asia/Tokyo': 't',
      },
      { files: ['/usr/share/zone'], except: ['right', '/usr/share/zone/Etc'] },
      [
        'd /usr 755',
        'd /usr/share 755',
        'd /usr/share/zone 755',
        'd /usr/share/zone/Asia 755',
        'f /usr/share/zone/Asia/Tokyo <- /usr/share/zone/Asia/Tokyo (tz)',
        't /usr/share/zone/Europe <- /usr/share/zone/Europe (tz)',
        'f /usr/share/zone/Lutece <- /usr/share/zone/Paris (tz)',
        'f /usr/share/zone/Paris <- /usr/share/zone/Paris (tz)',
      ],
      /^\/usr\/share\/zone\/Lutece and \/usr\/share\/zone\/Paris: one file, stored again because COPY/,
    ],
    [
      'a directory as one, where little is left out of it',
      { '/usr/share/zone/Paris': 'p', '/usr/share/zone/right/Paris': LARGE.slice(1) },
      { files: ['/usr/share/zone'], except: ['right'] },
      ['d /usr 755', 'd /usr/share 755', 't /usr/share/zone <- /usr/share/zone (tz)'],
    ],
    [
      'a directory as one, where its parts would be too many lines',
      Object.fromEntries([
        ['/usr/share/zone/right/Paris', LARGE],
        ...Array.from({ length: 13 }, (_, i) => [`/usr/share/zone/Area${i}/City`, 'c']),
      ]),
      { files: ['/usr/share/zone'], except: ['right'] },
      ['d /usr 755', 'd /usr/share 755', 't /usr/share/zone <- /usr/share/zone (tz)'],
    ],
    [
      'directories in parts whose links lead to each other, each once',
      {
        '/d/a/x': { link: '../b' },
        '/d/a/right/r': LARGE,
        '/d/b/y': { link: '../a' },
        '/d/b/right/r': LARGE,
        '/d/b/f': 'f',
      },
      { files: ['/d/a'], except: ['right'] },
      [
        'd /d 755',
        'd /d/a 755',
        'd /d/a/x 755',
        'f /d/a/x/f <- /d/b/f (tz)',
        't /d/a/x/y <- /d/a (tz)',
      ],
    ],
    [
      'no empty directory',
      {},
      { directories: [{ path: '/tmp', mode: 0o1777 }] },
      [],
      /^\/tmp: an empty directory, which COPY cannot make/,
    ],
    [
      "the stage's own file for one that would be made",
      { '/etc/passwd': 'x' },
      { generated: { '/etc/passwd': 'root' } },
      ['d /etc 755', 'f /etc/passwd <- /etc/passwd (tz)'],
    ],
    [
      'nothing for a file that cannot be made',
      {},
      { generated: { '/etc/passwd': 'root' } },
      [],
      /^\/etc\/passwd: the stage does not have it/,
    ],
    ['nothing that engines give', { '/etc/hosts': 'x' }, { generated: { '/etc/hosts': 'y' } }, []],
  ])('%s', (_rule, world, own, rows, note) => {
    expect(added(world, own, 'flat')).toEqual(rows);
    const { notes } = planned(world, own, 'flat');
    expect(notes.map(formatNote).filter((text) => (note ?? /COPY|stage/).test(text))).toHaveLength(
      note ? 1 : 0,
    );
  });
});

describe('COPY --parents', () => {
  const merged: World = {
    '/lib': { link: 'usr/lib' },
    '/usr/lib/terminfo/x/xterm': 'x',
    '/usr/lib/ca.pem': { link: '../real/ca.pem' },
    '/usr/real/ca.pem': 'c',
  };
  const own = (files: readonly string[]) => {
    const world = { ...merged, '/app/main': { type: 2, dynamic: false } as const };
    const { entries } = plan(world, '/app/main', {
      layout: 'parents',
      needs: [{ ...need, files }],
    });
    return entries.flatMap((entry) => {
      if (entry.path === '/app/main') return [];
      if (entry.kind === 'symlink') return [`l ${entry.path} -> ${entry.target}`];
      return 'source' in entry ? [`${entry.kind[0]} ${entry.path} <- ${entry.source}`] : [];
    });
  };

  it('keeps the links to the directory of a need, and puts it where it is', () => {
    expect(own(['/lib/terminfo'])).toEqual([
      'l /lib -> usr/lib',
      't /usr/lib/terminfo <- /usr/lib/terminfo',
    ]);
  });

  it('keeps the links to a file of a need', () => {
    expect(own(['/lib/ca.pem'])).toEqual([
      'l /lib -> usr/lib',
      'l /usr/lib/ca.pem -> ../real/ca.pem',
      'f /usr/real/ca.pem <- /usr/real/ca.pem',
    ]);
  });
});

it.each(['links', 'flat'] as const)(
  'data that configuration names is told until it is there: %s',
  (layout) => {
    const world = { '/var/www/html/index.html': '', '/srv/a b/x': '' };
    const dataLeftOut = ['/srv/a b', '/var/www/html'];
    const notesWith = (...files: string[]) =>
      planned(world, { dataLeftOut, files }, layout).notes.map(formatNote);
    expect(notesWith()).toEqual([
      "/srv/a b and /var/www/html: named by the configuration, and left out (to add: --include '/srv/a b' --include /var/www/html)",
    ]);
    expect(notesWith('/var/www/html').join()).not.toContain('/var/www/html');
    expect(notesWith('/var/www', '/srv/a b/x')).toEqual([]);
  },
);
