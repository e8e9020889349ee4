/**
 * Patterns as glob(3) has them, in names that other pattern languages find special, and patterns that
 * are there to take time. bash of this machine is asked the same where there is one.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { describe, expect, it } from 'vitest';
import { globRoot } from '../../src/root/glob.js';
import { memoryRoot } from '../../src/root/memory-root.js';

const NAMES = [
  ...['a', 'aa', 'b', 'ab', 'a-b', 'a b', 'a.conf', '.a', '.conf', 'é', '-', ']', '^', '!'],
  ...['(a)', 'a(b)c', '(a+)+b', 'a|b', '{a}', '{a,b}', 'a{2}', 'a+', '+a', '!a', '@a', '@(a)'],
  ...['a$', '^a', 'a^', '"a"', 'a"', '#a', '~a', 'a\\b', 'a*b', 'a?b', '[a', 'a]', '[a]', '1'],
];

const PATTERNS = [
  ...['*', '?', '??', 'a*', '*a', '*a*', '*b', 'a*b', '*.conf', '.*', '.?', '*a*b*', '**'],
  ...['(a)*', '(a+)+b*', 'a|b*', '{a}*', '{a,b}*', 'a{2}*', '*b)*c', '@(a)*', '@*', '!*', '+*'],
  ...['"a"*', 'a"*', 'a$*', '^*', 'a^*', '#*', '~*', 'a *', '-*'],
  ...[
    '[ab]',
    '[!a]',
    '[^a]',
    '[a]+',
    '[a-b]',
    '[b-a]',
    '[-a]',
    '[]]',
    '[!]]',
    '[]a]*',
    '[a',
    '[a*',
  ],
  ...[
    '[[:alpha:]]',
    '[[:digit:][:punct:]]',
    '[![:alpha:]]',
    '[a\\]]',
    '[\\]]',
    'a]*',
    '[.]a',
    '[*]',
  ],
  ...['a\\*b', 'a\\?b', 'a\\\\b', '\\a*', '\\[a*', 'a[*]b', 'a[?]b', '\\.a*', '*\\**'],
];

const world = (directory: string) => NAMES.map((name) => `${directory}/${name}`);

describe('patterns', () => {
  const root = memoryRoot(
    Object.fromEntries([...world('/etc/x'), '/etc/(y)/a', '/etc/.z/a'].map((path) => [path, ''])),
  );
  const match = (pattern: string) => globRoot(root, pattern);

  it('other characters than those of glob(3) stand for themselves', () => {
    const names = (pattern: string) => match(`/etc/x/${pattern}`).map((path) => path.slice(7));
    expect(names('(a+)+b*')).toEqual(['(a+)+b']);
    expect(names('a|b*')).toEqual(['a|b']);
    expect(names('{a,b}*')).toEqual(['{a,b}']);
    expect(names('a{2}*')).toEqual(['a{2}']);
    expect(names('"a"*')).toEqual(['"a"']);
    expect(names('[a]+')).toEqual(['a+']);
    expect(names('a\\**')).toEqual(['a*b']);
    expect(names('[!a-b]')).toEqual(['!', '-', '1', ']', '^', 'é']);
    expect(names('.*')).toEqual(['.a', '.conf']);
    expect(names('[.]a')).toEqual([]);
  });

  it('wildcards match in directories too, but no leading dot', () => {
    expect(match('/et?/(?)/a')).toEqual(['/etc/(y)/a']);
    expect(match('/[e]tc/*/a')).toEqual(['/etc/(y)/a', '/etc/x/a']);
    expect(match('/etc/.*/a')).toEqual(['/etc/.z/a']);
    expect(match('/etc/*/')).toEqual(['/etc/(y)', '/etc/x']);
    expect(match('/etc/x/a*/')).toEqual([]);
  });

  it('`**` is any directories, where it is wanted', () => {
    const below = (pattern: string) => globRoot(root, pattern, { globstar: true });
    expect(below('/**/a')).toEqual(['/etc/(y)/a', '/etc/x/a']);
    expect(below('/etc/**/(y)/**/a')).toEqual(['/etc/(y)/a']);
    expect(below('/etc/**/.z/*')).toEqual(['/etc/.z/a']);
    expect(match('/**/a')).toEqual([]);
  });

  it('names may have line ends and backslashes', () => {
    const paths = ['\n', '\r', '\u2028', '\u2029', '\\', '\\n', '\u{f000d}'].flatMap((special) => [
      `/a${special}b/c`,
      `/d/${special}/${special}e`,
    ]);
    const odd = memoryRoot(Object.fromEntries(paths.map((path) => [path, ''])));
    const files = globRoot(odd, '/**', { globstar: true }).filter((path) => /[ce]$/.test(path));
    expect(files.sort()).toEqual(paths.sort());
    expect(globRoot(odd, '/*/?/*e').sort()).toEqual(
      paths.filter((path) => path.startsWith('/d') && !path.includes('\\n')).sort(),
    );
  });

  const bash = spawnSync('bash', ['-c', 'echo $BASH_VERSION'], { encoding: 'utf8' });
  it.skipIf(bash.status !== 0)('bash says the same', () => {
    const directory = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-glob-'));
    try {
      for (const path of world(directory)) fs.writeFileSync(path, '');
      const script = 'for p; do echo "= $p"; compgen -G "$p"; done; true';
      const said = spawnSync('bash', ['-c', script, 'bash', ...PATTERNS], {
        cwd: directory,
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C.UTF-8' },
      });
      const expected = PATTERNS.map((pattern) => [
        `= ${pattern}`,
        ...match(`/etc/x/${pattern}`).map((path) => path.slice('/etc/x/'.length)),
      ]);
      const sections = said.stdout.split(/^(?== )/m).map((text) => {
        const [head = '', ...names] = text.trimEnd().split('\n');
        return [head, ...names.filter((name) => name !== '.' && name !== '..').sort()];
      });
      expect(sections).toEqual(expected.map(([head = '', ...names]) => [head, ...names.sort()]));
    } finally {
      fs.rmSync(directory, { recursive: true });
    }
  });
});

describe('patterns that take time', () => {
  it('of many stars are matched at once', () => {
    const long = 'a'.repeat(250);
    const root = memoryRoot({ [`/${long}`]: '', [`/${long}b`]: '' });
    expect(globRoot(root, `/${'*a'.repeat(100)}b`)).toEqual([`/${long}b`]);
    expect(globRoot(root, `/${'((a*)*)*'.repeat(20)}b`)).toEqual([]);
    expect(globRoot(root, `/${'['.repeat(4000)}*`)).toEqual([]);
    expect(globRoot(root, `/${'x'.repeat(70_000)}*`)).toEqual([]);
  });

  it('with a limit end where links multiply what is there', () => {
    const links = Object.fromEntries(
      Array.from({ length: 6 }, (_, index) => [`/l${index}`, { link: '.' }]),
    );
    const root = memoryRoot({ ...links, '/a.conf': '' });
    const limit = { names: 5000 };
    expect(globRoot(root, `${'/*'.repeat(12)}.conf`, { limit })).toEqual([]);
    expect(limit.names).toBeLessThanOrEqual(0);
    expect(globRoot(root, '/*.conf', { limit })).toEqual([]);
    expect(globRoot(root, '/*.conf', { limit: { names: 1000 } })).toEqual(['/a.conf']);
  });
});
