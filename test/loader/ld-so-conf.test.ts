/**
 * /etc/ld.so.conf as ldconfig reads it: lines (K1) and includes (K2), by the rules of glibc's
 * elf/ldconfig.c (parse_conf(), parse_conf_include(), add_dir()). On a machine with ldconfig and the root user the same files are given to it.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { describe, expect, it } from 'vitest';
import { RootFiles } from '../../src/files/root-files.js';
import { readLdSoConf } from '../../src/loader/glibc/ld-so-conf.js';
import { type MemoryNode, memoryRoot } from '../../src/root/memory-root.js';

interface Conf {
  readonly rule: string;
  readonly text: string;
  readonly files?: Readonly<Record<string, MemoryNode>>;
  readonly minor?: number;
  readonly directories: readonly string[];
}

const confs: readonly Conf[] = [
  { rule: 'K1: a comment ends a line', text: '/a#c\n# /b\n/c # d\n', directories: ['/a', '/c'] },
  { rule: 'K1: trailing slashes do not count', text: '/a/\n/b///\n', directories: ['/a', '/b'] },
  { rule: 'K1: the root directory is none', text: '/\n', directories: [] },
  { rule: 'K1: a comma separates nothing', text: '/x,/y\n', directories: ['/x,/y'] },
  { rule: 'K1: a blank separates nothing', text: '/x /y\n', directories: ['/x /y'] },
  { rule: 'K1: a colon separates nothing', text: '/x:/y\n', directories: ['/x:/y'] },
  { rule: 'K1: a carriage return is blank', text: '/a\r\n\t/b \r\n', directories: ['/a', '/b'] },
  { rule: 'K1: empty lines and no newline at the end', text: '\n\n  \n/a', directories: ['/a'] },
  { rule: 'K1: a directory counts once', text: '/a\n/b\n/a/\n', directories: ['/a', '/b'] },
  {
    rule: 'K2: a carriage return spoils an include',
    text: 'include conf.d/*.conf\r\n/z\n',
    files: { '/etc/conf.d/a.conf': '/a\n' },
    directories: ['/z'],
  },
  {
    rule: 'K2: a type behind a directory, up to 2.36',
    text: '/d=libc6\n/e/=libc5\n/f=libc7\n/g=h=libc6\n',
    minor: 36,
    directories: ['/d', '/e', '/f', '/g'],
  },
  {
    rule: 'K2: no types from 2.37 on',
    text: '/d=libc6\n',
    minor: 37,
    directories: ['/d=libc6'],
  },
  {
    rule: 'include: sorted, relative to the including file, in place, dot files left out',
    text: '/first\ninclude conf.d/*.conf\n/last\n',
    files: {
      '/etc/conf.d/b.conf': '/b\n',
      '/etc/conf.d/a.conf': '/a\n',
      '/etc/conf.d/B.conf': '/B\n',
      '/etc/conf.d/.hidden.conf': '/hidden\n',
      '/etc/conf.d/other.txt': '/other\n',
    },
    directories: ['/first', '/B', '/a', '/b', '/last'],
  },
  {
    rule: 'include: several patterns, absolute ones, names without wildcards, nothing there',
    text: 'include /x/one.conf\t/none/*.conf  y.conf\n',
    files: {
      '/x/one.conf': '/one\ninclude two.conf\n',
      '/x/two.conf': '/two\n',
      '/etc/y.conf': '/y\n',
    },
    directories: ['/one', '/two', '/y'],
  },
  {
    rule: 'include: links are followed inside the root',
    text: 'include /etc/conf.d/*.conf\n',
    files: { '/etc/conf.d': { link: '/elsewhere' }, '/elsewhere/a.conf': '/a\n' },
    directories: ['/a'],
  },
  { rule: 'hwcap lines are passed over', text: 'hwcap 1 nosegneg\n/a\n', directories: ['/a'] },
  {
    rule: 'include needs a blank behind it',
    text: 'includes\nincluded /x\n',
    directories: ['includes', 'included /x'],
  },
];

const directoriesOf = ({ text, files = {}, minor = 36 }: Conf) =>
  readLdSoConf(
    new RootFiles(memoryRoot({ '/etc/ld.so.conf': text, ...files })),
    '/etc/ld.so.conf',
    minor,
  );

describe('ld.so.conf', () => {
  it.each(confs.map((conf) => [conf.rule, conf] as const))('%s', (_, conf) => {
    expect(directoriesOf(conf)).toEqual(conf.directories);
  });

  it('a missing file has no directories', () => {
    expect(readLdSoConf(new RootFiles(memoryRoot({})), '/etc/ld.so.conf', 36)).toEqual([]);
  });

  it('a file that includes itself ends', () => {
    const conf = { rule: '', text: '/a\ninclude /etc/ld.so.conf\n/b\n', directories: [] };
    expect(directoriesOf(conf)).toEqual(['/a', '/b']);
  });

  it('files that include each other in a row end with the hundredth', () => {
    const row = Array.from({ length: 20_000 }, (_, i) => {
      return [`/etc/${i}.conf`, `/d${i}\ninclude ${i + 1}.conf\n`] as const;
    });
    const text = '/a\ninclude 0.conf\n/b\n';
    const found = directoriesOf({
      rule: '',
      text,
      files: Object.fromEntries(row),
      directories: [],
    });
    expect([found.length, found[0], found.at(-2), found.at(-1)]).toEqual([102, '/a', '/d99', '/b']);
  });

  it('patterns that match more and more through links end', () => {
    const links = Array.from({ length: 6 }, (_, i) => [`/l${i}`, { link: '.' }] as const);
    const text = `include ${'/*'.repeat(12)}.conf\n`.repeat(20);
    const files = { ...Object.fromEntries(links), '/etc/x.conf': '/x\n' };
    expect(directoriesOf({ rule: '', text: `${text}/a\n`, files, directories: [] })).toEqual([
      '/a',
    ]);
  });

  it('files that include each other twice end', () => {
    const conf = {
      rule: '',
      text: 'include /etc/x.conf /etc/x.conf\n/a\n',
      files: { '/etc/x.conf': 'include /etc/ld.so.conf /etc/ld.so.conf\n/b\n' },
      directories: [],
    };
    expect([...directoriesOf(conf)].sort()).toEqual(['/a', '/b']);
  });
});

describe('ld.so.conf against ldconfig', () => {
  const canRun = process.platform === 'linux' && process.getuid?.() === 0;
  const version = spawnSync('ldconfig', ['-V'], { encoding: 'utf8' }).stdout ?? '';
  const minor = Number(/ 2\.(\d+)/.exec(version)?.[1]);
  const usable = canRun && Number.isInteger(minor);
  it.skipIf(!usable && process.env.ELFDEPS_REQUIRE_ALL !== '1')(
    'it takes the same directories',
    () => {
      const base = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-conf-'));
      try {
        const fits = confs.filter((conf) => conf.minor === undefined || conf.minor === minor);
        expect(fits.length).toBeGreaterThan(10);
        for (const [index, conf] of fits.entries()) {
          const root = nodePath.join(base, String(index));
          const write = (path: string, text: string) => {
            fs.mkdirSync(nodePath.dirname(root + path), { recursive: true });
            fs.writeFileSync(root + path, text);
          };
          write('/etc/ld.so.conf', conf.text);
          for (const [path, node] of Object.entries(conf.files ?? {}))
            if (typeof node === 'string') write(path, node);
            else if ('link' in node) fs.symlinkSync(node.link, root + path);
          for (const directory of conf.directories)
            if (directory.startsWith('/')) fs.mkdirSync(root + directory, { recursive: true });
          const run = spawnSync('ldconfig', ['-v', '-N', '-X', '-r', root], { encoding: 'utf8' });
          const listed = [
            ...run.stdout.matchAll(/^([^\t\n][^\n]*): \(from (.*):\d+(?: and .*)?\)$/gm),
          ]
            .filter((match) => match[2] !== '<builtin>')
            .map((match) => match[1]);
          const wanted = conf.directories.filter((directory) => directory.startsWith('/'));
          expect(listed, conf.rule).toEqual(wanted);
        }
      } finally {
        fs.rmSync(base, { recursive: true, force: true });
      }
    },
  );
});
