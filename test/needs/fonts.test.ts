/**
 * Which fonts fontconfig's configuration prefers. That the real fontconfig agrees is shown in
 * test/differential/fonts.test.ts.
 */
import { describe, expect, it } from 'vitest';
import { RootFiles } from '../../src/files/root-files.js';
import { preferredFonts } from '../../src/needs/fonts/chosen-fonts.js';
import { readFontConfiguration } from '../../src/needs/fonts/font-configuration.js';
import { familiesOf } from '../../src/needs/fonts/font-names.js';
import { type MemoryNode, memoryRoot } from '../../src/root/memory-root.js';
import { buildCollection, buildFont } from '../support/font-builder.js';
import { program } from '../support/world.js';
import { fontWorld } from './font-rows.js';
import { glibcWith, needsIn } from './need-worlds.js';

const filesOf = (world: Record<string, MemoryNode>) => new RootFiles(memoryRoot(world));
const FONTS = '/etc/fonts/fonts.conf';

describe('preferences', () => {
  const preferredIn = (files: Record<string, string>, environment?: Record<string, string>) =>
    Object.fromEntries(readFontConfiguration(filesOf(files), environment).preferred);
  const alias = (...families: string[]) =>
    `<alias><family>serif</family><prefer>${families.map((name) => `<family>${name}</family>`).join('\n')}</prefer></alias>`;
  const match = (mode: string, rest = '') =>
    `<match target="pattern"><test qual="any" name="family"><string>serif</string></test>${rest}<edit name="family" mode="${mode}"><string>M</string></edit></match>`;

  it.each<readonly [string, string, readonly string[] | undefined]>([
    ['of an alias, in its order', alias('A', 'B'), ['A', 'B']],
    ['of earlier elements are in front', alias('A') + alias('B'), ['A', 'B']],
    ['of a rule are like those of an alias', alias('A') + match('prepend'), ['A', 'M']],
    ['that a rule puts first are first', alias('A') + match('prepend_first'), ['M', 'A']],
    ['that a rule appends are none', match('append'), undefined],
    [
      'for one language are none',
      match('prepend', '<test name="lang"><string>ja</string></test>'),
      undefined,
    ],
    ['in a comment are none', `<!-- ${alias('A')} -->`, undefined],
  ])('%s', (_rule, text, serif) => {
    expect(preferredIn({ [FONTS]: text }).serif).toEqual(serif);
  });

  it('are read from included files, once, in the order of their names', () => {
    const include = '<include>conf.d</include><include>../local.conf</include>';
    const files = {
      [FONTS]: include,
      '/etc/fonts/conf.d/20-b.conf': alias('B') + include,
      '/etc/fonts/conf.d/10-a.conf': alias('A'),
      '/etc/fonts/conf.d/c.conf': alias('C'),
      '/etc/local.conf': alias('D'),
    };
    expect(preferredIn(files).serif).toEqual(['A', 'B', 'D']);
  });

  it('are read where a variable leads', () => {
    expect(preferredIn({ '/srv/a.conf': alias('A') }, { FONTCONFIG_FILE: '/srv/a.conf' })).toEqual({
      serif: ['A'],
    });
  });
});

describe('names', () => {
  const namesOf = (bytes: Uint8Array) => {
    const files = filesOf({ '/a.ttf': bytes });
    const file = files.resolve('/a.ttf');
    return file.found ? [...familiesOf(files, file)] : undefined;
  };
  it.each<readonly [string, Uint8Array, readonly string[]]>([
    ['of a font', buildFont('A Sans', 'A'), ['a sans', 'a']],
    ['of a collection', buildCollection('A', 'B'), ['a', 'b']],
    ['of another file', Buffer.from('no font at all'), []],
    ['of a font that ends early', buildFont('A Sans').subarray(0, 40), []],
    ['of an empty file', new Uint8Array(0), []],
  ])('%s', (_what, bytes, names) => {
    expect(namesOf(bytes)).toEqual(names);
  });
});

it('any font is better than none', () => {
  const files = filesOf({ '/usr/share/fonts/x.ttf': buildFont('X'), '/usr/share/fonts/y.ttf': '' });
  expect(preferredFonts(files, readFontConfiguration(files))).toEqual(['/usr/share/fonts/x.ttf']);
});

it('of many fonts only those are read whose file name is like the family', () => {
  const many = Array.from({ length: 500 }, (_, index) => `/usr/share/fonts/f${index}.ttf`);
  const reads: string[] = [];
  const root = memoryRoot({
    ...Object.fromEntries(many.map((path) => [path, buildFont('F')])),
    '/usr/share/fonts/WantedSerif-Bold.ttf': buildFont('Wanted Serif'),
    [FONTS]: '<alias><family>serif</family><prefer><family>Wanted Serif</family></prefer></alias>',
  });
  const counting = Object.assign(Object.create(root) as typeof root, {
    read: (...call: Parameters<typeof root.read>) => {
      reads.push(call[0]);
      return root.read(...call);
    },
  });
  const files = new RootFiles(counting);
  expect(preferredFonts(files, readFontConfiguration(files))).toEqual([
    '/usr/share/fonts/WantedSerif-Bold.ttf',
  ]);
  expect(reads.filter((path) => path.endsWith('.ttf')).length).toBeLessThan(10);
});

describe('--with', () => {
  const fontsWith = (...asked: string[]) =>
    needsIn(
      { ...glibcWith(), ...fontWorld, '/app/main': program({ needed: ['libc.so.6'] }) },
      { asked, user: 'app' },
    ).find(({ kind }) => kind === 'fonts');

  it('fonts adds fonts that nothing asks for, and a cache that any user can write', () => {
    expect(fontsWith()).toBeUndefined();
    expect(fontsWith('fonts')).toMatchObject({
      because: '--with fonts',
      directories: [{ path: '/var/cache/fontconfig', mode: 0o1777 }],
    });
    expect(fontsWith('fonts')?.files).not.toContain('/usr/share/fonts/other.ttf');
  });

  it('fonts=all adds every font', () => {
    expect(fontsWith('fonts=all')?.files).toContain('/usr/share/fonts/other.ttf');
  });
});

// So long that work which grows with the square of the length would take minutes.
it.each([
  '<alias>',
  '<match target="pattern">',
  '<!--',
  '<dir>',
  '<dir',
  '<alias><prefer>',
  '<match><edit>',
  '<include><x>',
])('tags that do not end: %s', (tag) => {
  const text = tag.repeat(Math.floor((1 << 20) / tag.length));
  const { files, preferred } = readFontConfiguration(filesOf({ [FONTS]: text }));
  expect([files, preferred.size]).toEqual([[FONTS], 0]);
  const inside = `<match><test name="family">${tag.repeat(1000)}</test></match>`;
  expect(readFontConfiguration(filesOf({ [FONTS]: inside })).files).toEqual([FONTS]);
});
