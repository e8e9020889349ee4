/**
 * Layers over each other: whiteouts, opaque directories, hard links and things that change their kind,
 * each as `docker run` shows it. Rows: what the layers have, what there is in the end.
 */
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../../src/elf/byte-source.js';
import { ArchiveError } from '../../../src/errors.js';
import type { ArchiveMember } from '../../../src/root/archive/archive-kind.js';
import { newArchiveLimits } from '../../../src/root/archive/archive-limits.js';
import { LayerTree } from '../../../src/root/archive/layer-tree.js';
import { openArchive } from '../../../src/root/archive/open-archive.js';

import { resolvePath } from '../../../src/root/resolve-path.js';
import { type Root, readFile } from '../../../src/root/root.js';
import { dockerArchive } from '../../support/image-builder.js';
import { type TarEntry, tar } from '../../support/tar-builder.js';

const file = (name: string, body = name): TarEntry => ({ name, body });
const directory = (name: string, mode = 0o755): TarEntry => ({ name, type: '5', mode });
const link = (name: string, target: string): TarEntry => ({ name, type: '2', link: target });
const hardLink = (name: string, target: string): TarEntry => ({ name, type: '1', link: target });

const open = (bytes: Uint8Array) => openArchive(bytesSource(bytes), { path: 'image.tar' });

/** Every path with its text, `-> target`, or `/` for a directory. */
function contents(root: Root): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (at: string) => {
    for (const name of [...root.readdir(at || '/')].sort()) {
      const path = `${at}/${name}`;
      const entry = root.lstat(path);
      if (entry?.kind === 'directory') {
        found[path] = '/';
        visit(path);
      } else if (entry?.kind === 'symlink') found[path] = `-> ${root.readlink(path)}`;
      else if (entry?.kind === 'file') found[path] = text(root, path);
      else found[path] = 'other';
    }
  };
  visit('');
  return found;
}

function text(root: Root, path: string): string {
  const resolved = resolvePath(root, path);
  return resolved.found ? new TextDecoder().decode(readFile(root, resolved.path)) : 'nothing';
}

const cases: [string, TarEntry[][], Record<string, string>][] = [
  [
    'a whiteout takes a file of a lower layer away',
    [[file('a/x'), file('a/y')], [file('a/.wh.x', '')]],
    { '/a': '/', '/a/y': 'a/y' },
  ],
  [
    'a whiteout takes a directory away with all below',
    [[file('a/b/c'), file('z')], [file('.wh.a', '')]],
    { '/z': 'z' },
  ],
  [
    'a whiteout says nothing about its own layer, whatever comes first',
    [
      [file('x', 'old'), file('y', 'old')],
      [file('.wh.x', ''), file('x', 'new'), file('y', 'new'), file('.wh.y', '')],
    ],
    { '/x': 'new', '/y': 'new' },
  ],
  [
    'a directory that is made anew after its whiteout is empty below',
    [[file('a/old')], [file('.wh.a', ''), file('a/new')]],
    { '/a': '/', '/a/new': 'a/new' },
  ],
  [
    'what was taken away may come back later',
    [[file('x', '1')], [file('.wh.x', '')], [file('x', '3')]],
    { '/x': '3' },
  ],
  [
    'an opaque directory hides lower layers, not its own files, whatever comes first',
    [
      [file('a/old'), file('a/b/old')],
      [file('a/first'), file('a/.wh..wh..opq', ''), file('a/last')],
    ],
    { '/a': '/', '/a/first': 'a/first', '/a/last': 'a/last' },
  ],
  [
    'records of AUFS are no whiteouts',
    [
      [file('.wh.plnk', ''), file('x')],
      [file('.wh..wh.plnk/1', ''), file('.wh..wh.aufs', '')],
    ],
    { '/x': 'x' },
  ],
  [
    'a file takes the place of a directory',
    [[file('a/b')], [file('a', 'now a file')]],
    { '/a': 'now a file' },
  ],
  [
    'a file takes the place of a directory whose files have whiteouts, as umoci writes it',
    [[file('a/b')], [file('a', 'now a file'), file('a/.wh.b', '')]],
    { '/a': 'now a file' },
  ],
  [
    'a whiteout of what is not there makes no directory',
    [[file('x')], [file('a/b/.wh.c', ''), file('d/.wh..wh..opq', '')]],
    { '/x': 'x' },
  ],
  [
    'a directory takes the place of a file',
    [[file('a', 'a file')], [file('a/b')]],
    { '/a': '/', '/a/b': 'a/b' },
  ],
  [
    'a directory takes the place of a link in a lower layer, as overlayfs has it',
    [
      [file('usr/lib/x'), link('lib', 'usr/lib')],
      [directory('lib/'), file('lib/y')],
    ],
    { '/usr': '/', '/usr/lib': '/', '/usr/lib/x': 'usr/lib/x', '/lib': '/', '/lib/y': 'lib/y' },
  ],
  [
    'a link takes the place of a directory',
    [[file('lib/x')], [link('lib', 'usr/lib')]],
    { '/lib': '-> usr/lib' },
  ],
  [
    'files behind a link of the same layer go where it leads, and stay inside',
    [[directory('usr/lib'), link('lib', '../../usr/lib'), file('lib/x', 'in usr')]],
    { '/usr': '/', '/usr/lib': '/', '/usr/lib/x': 'in usr', '/lib': '-> ../../usr/lib' },
  ],
  [
    'a link that leads nowhere or in circles makes room for a directory',
    [[link('a', 'a'), file('a/x'), link('b', '/none'), file('b/x')]],
    { '/a': '/', '/a/x': 'a/x', '/b': '/', '/b/x': 'b/x' },
  ],
  [
    'a hard link to a file of a lower layer',
    [[file('a/x', 'shared')], [hardLink('b/y', 'a/x')]],
    { '/a': '/', '/a/x': 'shared', '/b': '/', '/b/y': 'shared' },
  ],
  [
    'a hard link keeps a file whose other name is taken away',
    [[file('x', 'kept')], [hardLink('y', './x'), file('.wh.x', '')]],
    { '/y': 'kept' },
  ],
  [
    'a hard link keeps what it meant when the other name is replaced',
    [[file('x', 'old'), hardLink('y', '/x'), file('x', 'new')]],
    { '/x': 'new', '/y': 'old' },
  ],
  [
    'a hard link to nothing is nothing',
    [[hardLink('y', 'x'), hardLink('z', 'a/b/c'), file('w')]],
    { '/w': 'w' },
  ],
  [
    'the last of several members of one name counts',
    [[file('x', '1'), file('x', '2'), directory('x'), file('x', '3')]],
    { '/x': '3' },
  ],
  [
    'names may begin with ./ or /, and contain // and /./',
    [[file('./a'), file('/b'), file('c//d/./e')]],
    { '/a': './a', '/b': '/b', '/c': '/', '/c/d': '/', '/c/d/e': 'c//d/./e' },
  ],
  [
    '.. never leads out of the archive',
    [[file('../../etc/x', 'here'), hardLink('y', '../../etc/x'), file('a/../b', 'b')]],
    { '/etc': '/', '/etc/x': 'here', '/y': 'here', '/b': 'b' },
  ],
  [
    'devices and FIFOs are there, as other things',
    [
      [
        { name: 'dev/null', type: '3' },
        { name: 'dev/sda', type: '4' },
        { name: 'run/fifo', type: '6' },
      ],
    ],
    { '/dev': '/', '/dev/null': 'other', '/dev/sda': 'other', '/run': '/', '/run/fifo': 'other' },
  ],
];

describe('layers', () => {
  it.each(cases)('%s', async (_rule, layers, expected) => {
    expect(contents(await open(dockerArchive(layers.map((layer) => tar(layer)))))).toEqual(
      expected,
    );
  });

  it('gives the mode of the topmost member that is the directory itself', async () => {
    const layers = [
      tar([directory('a', 0o700), directory('b', 0o700), directory('./', 0o711)]),
      tar([directory('a', 0o1777), file('b/x')]),
    ];
    const root = await open(dockerArchive(layers));
    expect(root.lstat('/a')?.mode).toBe(0o1777);
    expect(root.lstat('/b')?.mode).toBe(0o700);
    expect(root.lstat('/')?.mode).toBe(0o711);
  });

  it('gives hard links one identity across layers', async () => {
    const layers = [tar([file('x'), file('y')]), tar([hardLink('z', 'x')])];
    const root = await open(dockerArchive(layers));
    expect(root.lstat('/z')?.id).toBe(root.lstat('/x')?.id);
    expect(root.lstat('/y')?.id).not.toBe(root.lstat('/x')?.id);
  });

  it('takes a layer twice where the image has it twice', async () => {
    const once = tar([file('x')]);
    expect(contents(await open(dockerArchive([once, tar([file('.wh.x', '')]), once])))).toEqual({
      '/x': 'x',
    });
  });

  it('knows no whiteouts in a tar that is no layer', async () => {
    const root = await open(tar([file('x'), file('.wh.x', 'kept')]));
    expect(contents(root)).toEqual({ '/x': 'x', '/.wh.x': 'kept' });
  });
});

describe('what members take is counted, in all layers together', () => {
  const member = (kind: ArchiveMember['kind'], name: string, link = ''): ArchiveMember => ({
    name,
    kind,
    mode: 0o644,
    link,
    body: bytesSource(new Uint8Array(0)),
  });
  const rows: [string, ArchiveMember][] = [
    ['files', member('file', 'a')],
    ['directories', member('directory', 'a')],
    ['directories that are implied', member('file', 'a/b/c/d/e/f')],
    ['names of one file', member('hard-link', 'a', 'b')],
    ['whiteouts', member('file', '.wh.a')],
  ];
  it.each(rows)('%s', (_what, each) => {
    const limit = { ...newArchiveLimits('image.tar', 0), nodes: 10, text: 1000 };
    const fill = () => {
      for (let layer = 0; layer < 3; layer++) {
        const tree = new LayerTree(limit);
        for (let index = 0; index < 4; index++)
          tree.add({ ...each, name: each.name.replace('a', `a${index}`) }, true);
      }
    };
    expect(fill).toThrow(/more than 4000000 files in an archive/);
  });

  it('names and links', () => {
    const limit = { ...newArchiveLimits('image.tar', 0), nodes: 100, text: 1000 };
    const tree = new LayerTree(limit);
    for (let index = 0; index < 9; index++) tree.add(member('symlink', 'a', 'x'.repeat(99)), true);
    expect(() => tree.add(member('hard-link', 'a'.repeat(99), 'xx'), true)).toThrow(ArchiveError);
  });
});

describe('links that lead in circles through many directories', () => {
  /** 38 links, each through the next one and 790 times into a directory and back. */
  const maze = (top: string): TarEntry[] => [
    directory(`${top}a`),
    ...Array.from({ length: 38 }, (_, index) => ({
      ...link(`${top}l${index}`, ''),
      pax: [['linkpath', `${'a/../'.repeat(790)}l${index + 1}`] as const],
    })),
    link(`${top}l38`, 'a'),
  ];
  const hardLinks = (top: string, count: number) =>
    Array.from({ length: count }, (_, index) => hardLink(`h${index}`, `${top}l0/none${index}`));

  it.each([
    ['are refused once they cost more than the text of the archive', 'm/', 2000],
    ['also far below the top', 'd/'.repeat(40), 200],
  ])('%s', async (_what, top, count) => {
    const error = await open(tar([...maze(top), ...hardLinks(top, count)])).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(ArchiveError);
    expect((error as ArchiveError).message).toMatch(
      /^image\.tar: links lead through too many directories/,
    );
  });

  it('are followed where few files need it', async () => {
    const root = await open(tar([...maze('m/'), file('m/a/x'), ...hardLinks('m/', 3)]));
    expect(text(root, '/m/l0/x')).toBe('m/a/x');
  });

  it('cost nothing in ordinary archives, however many files are behind a link', async () => {
    const behind = Array.from({ length: 3000 }, (_, index) => [
      file(`lib/f${index}`, ''),
      hardLink(`bin/h${index}`, `lib/f${index}`),
    ]).flat();
    const limits = newArchiveLimits('image.tar', 0);
    const tree = new LayerTree(limits);
    const before = limits.steps;
    for (const entry of [directory('usr/lib'), link('lib', 'usr/lib'), ...behind])
      tree.add(member(entry), true);
    expect(limits.steps).toBeGreaterThan(before);
  });

  const member = ({ name, type = '0', link: target = '' }: TarEntry): ArchiveMember => ({
    name,
    kind: ({ 1: 'hard-link', 2: 'symlink', 5: 'directory' } as const)[type] ?? 'file',
    mode: 0o644,
    link: target,
    body: bytesSource(new Uint8Array(0)),
  });
});
