/**
 * Runs of every command with every format and every option, on the root of escape-root.ts and archives of it.
 */
import { join } from 'node:path';
import type { CommandName } from '../../src/cli/command.js';
import { formatsOf } from '../../src/cli/suggestion.js';

/** Arguments, given the directory that holds `root/`, `root.tar`, `image.tar`, `opened.log` and `out/`. */
export type EscapeRun = (base: string) => readonly string[];

const HOW = [
  ...['--library-path', '/../../../../usr/lib:/lib', '--preload', '/lib/libdots.so.1'],
  ...['--loader', 'glibc', '--hwcaps', 'all', '--ldconfig', '--user', 'root'],
  ...['--max-unpacked', '1GiB'],
];
const opened = (base: string) => [
  ...['--include', '/etc/**', '--include', '/../../../../etc/pass*', '--package', 'evil'],
  ...['--opened', join(base, 'opened.log'), '--exclude', 'libnone*', '--dlopen', 'suggested'],
];
const IMAGE = [
  ...['--with', 'all', '--without', 'pam', '--allow-incomplete', '--workdir', '/etc'],
  ...['--entrypoint', '/bin/app', '--cmd', '/bin/out', '--env', 'A=/etc', '--label', 'a=b'],
];
const root = (base: string) => ['--root', join(base, 'root')];
const out = (base: string, name: string) => ['-o', join(base, 'out', name), '--force'];
const manifest = (base: string) => ['--manifest', join(base, 'out/manifest.json')];
const images = (command: string, base: string) => [
  ...[command, ...root(base), '/bin/app', '/bin/script', ...HOW, ...opened(base), ...IMAGE],
  ...manifest(base),
];
const platform = (base: string) => ['--platform-root', `linux/amd64=${join(base, 'root')}`];
const kinds = ['--with', 'all', '--allow-incomplete'];
/** A run for each format of a command. */
const perFormat = (command: string, run: EscapeRun): EscapeRun[] =>
  formatsOf(command).map(({ name }) => (base) => [...run(base), '--format', name]);

/** By command; `report` is what runs without one. */
export const ESCAPE_RUNS: Readonly<Record<CommandName | 'report', readonly EscapeRun[]>> = {
  report: [
    ...perFormat('', (base) => [...root(base), '--needs', '/bin/app', '/lib', '/bin/script']),
    (base) => [
      ...root(base),
      ...HOW,
      ...opened(base),
      '--verbose',
      '--workdir',
      '/etc',
      '/bin/app',
    ],
    (base) => [...root(base), '--ldconfig', '--color', 'always', '--all', '/bin/app', '/bin/out'],
    (base) => [...root(base), '--format', 'list', '--null', '/bin/script'],
    (base) => [...root(base), '--sort', 'size', '/bin/app'],
    (base) => [...root(base), '--format', 'tree', '--depth', '3', '--no-color', '/bin/app'],
    (base) => [...root(base), '--format', 'dot', '--all-edges', '/bin/app', ...out(base, 'dot')],
    (base) => [...root(base), '--quiet', '/bin/app'],
    (base) => ['--root', join(base, 'root.tar'), '--verbose', '/bin/app'],
  ],
  check: [
    ...perFormat('check', (base) => [
      'check',
      ...root(base),
      '/bin/app',
      '/bin/script',
      '/bin/out',
    ]),
    (base) => ['check', ...root(base), ...HOW, ...opened(base), '--all', '--strict', '/bin/app'],
    (base) => [
      ...[
        'check',
        ...root(base),
        '--image',
        '--with',
        'all',
        '--without',
        'pam',
        '--env',
        'A=/etc',
      ],
      ...['--workdir', '/etc', '--verbose', '--color', 'always', '/bin/app', ...out(base, 'check')],
    ],
    (base) => [
      ...['check', ...root(base), '--platform', 'linux/amd64', '--cpu', 'x86-64-v1'],
      ...['--kernel', '4.19', '--quiet', '--no-color', '/bin/app'],
    ],
  ],
  why: [
    ...perFormat('why', (base) => ['why', ...root(base), '/bin/app', 'libc.so.6']),
    (base) => [
      ...['why', ...root(base), ...HOW, ...opened(base), '--verbose', '--workdir', '/etc'],
      ...['--color', 'always', ...out(base, 'why'), '/bin/app', 'libc.so.6'],
    ],
    (base) => ['why', ...root(base), '--quiet', '--no-color', '/bin/app', 'libc.so.6'],
  ],
  dockerfile: [
    (base) => [...images('dockerfile', base), '--from', 'x', '--verbose', '--color', 'always'],
    (base) => [
      ...['dockerfile', ...root(base), '/bin/app', '--base', 'x', '--base-root'],
      ...[join(base, 'image.tar'), ...kinds, ...out(base, 'Dockerfile')],
    ],
    (base) => ['dockerfile', ...root(base), '/bin/app', '--copy-only', '--quiet', ...kinds],
    (base) => ['dockerfile', ...root(base), '/bin/app', '--parents', '--no-color', ...kinds],
    (base) => ['dockerfile', ...platform(base), '/bin/app', ...kinds],
  ],
  copy: [
    (base) => [...images('copy', base), '--force', '--verbose', '--to', join(base, 'out/tree')],
    (base) => [
      ...['copy', '--root', join(base, 'image.tar'), '/bin/app', '--allow-incomplete', '--quiet'],
      ...['--color', 'always', '--no-color', '--to', join(base, 'out/image')],
    ],
  ],
  tar: [
    (base) => [...images('tar', base), '--verbose', '--color', 'always', ...out(base, 'tar.tar')],
    (base) => ['tar', ...root(base), '/bin/app', '--quiet', '--no-color', ...kinds],
  ],
  image: [
    ...['docker', 'oci'].map(
      (layout): EscapeRun =>
        (base) => [
          ...[
            ...images('image', base),
            '--layout',
            layout,
            '--compression',
            'none',
            '--tag',
            'a:1',
          ],
          ...['--verbose', ...out(base, 'image.tar')],
        ],
    ),
    (base) => [
      ...['image', ...platform(base), '/bin/app', '--layout', 'oci', ...kinds, '--quiet'],
      ...['--color', 'always', '--no-color', ...out(base, 'platforms.tar')],
    ],
  ],
  slim: [
    ...perFormat('slim', (base) => ['slim', join(base, 'image.tar'), '--dry-run', ...kinds]),
    (base) => [
      ...['slim', join(base, 'image.tar'), '--keep', '/**', '--drop', '/etc/ld.so*', ...kinds],
      ...['--without', 'pam', '--max-unpacked', '1GiB', '--verbose', '--no-color', '--tag', 'a:2'],
      ...['--layout', 'oci', '--compression', 'none', ...manifest(base), ...out(base, 'slim.tar')],
    ],
    (base) => ['slim', join(base, 'image.tar'), '--keep', '/bin/*', '--quiet', ...kinds],
  ],
  completion: [() => ['completion', 'bash']],
  help: [() => ['help', 'roots']],
};
