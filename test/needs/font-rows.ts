/**
 * Rows of detectors.test.ts about fonts.
 */
import { buildFont } from '../support/font-builder.js';
import { program, type World } from '../support/world.js';
import type { Row } from './detector-rows.js';
import { calls, glibcWith, LIB, texts } from './need-worlds.js';

const FONTCONFIG = `${LIB}/libfontconfig.so.1`;
const alias = (generic: string, ...families: string[]) =>
  `<alias><family>${generic}</family><prefer>${families.map((name) => `<family>${name}</family>`).join('')}</prefer></alias>`;

/** Fonts with a configuration that prefers some of them. */
export const fontWorld: World = {
  '/etc/fonts/fonts.conf':
    '<fontconfig><dir>/usr/share/fonts</dir><dir>~/.fonts</dir><include ignore_missing="yes">conf.d</include><cachedir>/var/cache/fontconfig</cachedir></fontconfig>',
  '/etc/fonts/conf.d/60-latin.conf': `<fontconfig><!-- ${alias('serif', 'Other')} -->${alias('sans-serif', 'Absent', 'First Sans', 'Other')}${alias('serif', 'First Serif')}</fontconfig>`,
  '/etc/fonts/conf.d/README': alias('monospace', 'Other'),
  '/usr/share/fonts/a/First.ttf': buildFont('First Sans'),
  '/usr/share/fonts/a/FirstBold.ttf': buildFont('First Sans'),
  '/usr/share/fonts/a/b.otf': buildFont('First Serif Thin', 'First Serif'),
  '/usr/share/fonts/other.ttf': buildFont('Other'),
};
const CONFIGURATION = ['/etc/fonts/fonts.conf', '/etc/fonts/conf.d/60-latin.conf'];
const FOUND = {
  files: [
    ...CONFIGURATION,
    '/usr/share/fonts/a/First.ttf',
    '/usr/share/fonts/a/FirstBold.ttf',
    '/usr/share/fonts/a/b.otf',
  ],
  directories: [{ path: '/var/cache/fontconfig', mode: 0o755 }],
};
const loads: World = {
  ...glibcWith(),
  ...fontWorld,
  [FONTCONFIG]: {},
  '/app/main': program({ needed: ['libfontconfig.so.1', 'libc.so.6'] }),
};

export const fontRows: readonly Row[] = [
  {
    kind: 'fonts',
    world: loads,
    need: { because: `${FONTCONFIG} is loaded`, ...FOUND },
    silent: { '/app/main': program({ needed: ['libc.so.6'] }) },
  },
  {
    kind: 'fonts',
    case: 'of a pattern in the program, by what stands for its family',
    world: {
      ...loads,
      '/etc/fonts/conf.d/30-metric.conf':
        '<alias><family>Free Sans</family><default><family>Bought</family></default></alias>' +
        '<alias><family>Bought</family><accept><family>Absent</family><family>Other</family></accept></alias>',
      '/app/main': program({
        needed: ['libfontconfig.so.1', 'libc.so.6'],
        ...texts('Free Sans:style=Regular'),
      }),
    },
    need: {
      because: `${FONTCONFIG} is loaded`,
      ...FOUND,
      files: [
        ...['/etc/fonts/fonts.conf', '/etc/fonts/conf.d/30-metric.conf'],
        ...FOUND.files.slice(1),
        '/usr/share/fonts/other.ttf',
      ],
    },
    silent: { '/app/main': program({ needed: ['libc.so.6'] }) },
  },
  {
    kind: 'fonts',
    case: 'for a library that is opened by its name',
    world: {
      ...loads,
      '/app/main': program({
        needed: ['libc.so.6'],
        ...calls('dlopen'),
        ...texts('libfontconfig.so.1'),
      }),
    },
    need: {
      because: '/app/main opens libfontconfig.so.1',
      ...FOUND,
      opens: [{ name: 'libfontconfig.so.1', from: '/app/main' }],
    },
    silent: { [FONTCONFIG]: undefined },
  },
  {
    kind: 'fonts',
    case: 'for a library that is built in',
    world: {
      ...loads,
      '/app/main': program({
        needed: ['libc.so.6'],
        ...calls('link'),
        ...texts('FONTCONFIG_FILE'),
      }),
    },
    need: { because: '/app/main has fontconfig in it', ...FOUND },
    silent: { '/app/main': program({ needed: ['libc.so.6'], ...calls('link') }) },
  },
  {
    kind: 'fonts',
    case: 'where the root has none',
    world: {
      ...glibcWith(),
      [FONTCONFIG]: {},
      '/app/main': program({ needed: ['libfontconfig.so.1', 'libc.so.6'] }),
      '/var/lib/dpkg/status': 'Package: a\nStatus: install ok installed\nVersion: 1\n',
    },
    need: {
      because: `${FONTCONFIG} is loaded, and the root has no fonts in /usr/share/fonts or /usr/local/share/fonts: text stays blank (install fonts-dejavu-core there)`,
    },
    silent: { '/app/main': program({ needed: ['libc.so.6'] }) },
  },
];
