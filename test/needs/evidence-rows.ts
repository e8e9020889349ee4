/**
 * Rows of detectors.test.ts about evidence at one remove: what a script reads, formats that a program
 * completes, packages and directories that its texts speak of.
 */
import { program } from '../support/world.js';
import type { Row } from './detector-rows.js';
import { calls, glibcWith, LIB, texts } from './need-worlds.js';
import { at, linked, packages, script } from './put-together-rows.js';

const sh = { '/bin/sh': program(linked) };

export const evidenceRows: readonly Row[] = [
  {
    kind: 'data',
    case: 'that a file names which a shell script reads as its own',
    world: {
      ...at('/usr/share/keeper/bin/keeper', script('#!/bin/sh', '. "$BIN"/env.sh', 'exec java')),
      ...sh,
      '/usr/share/keeper/bin/env.sh': 'CLASSPATH="/etc/keeper:/usr/share/java/keeper.jar"\n',
      '/usr/share/java/keeper.jar': '',
    },
    need: {
      because: '/app/main names /usr/share/java/keeper.jar',
      files: ['/usr/share/java/keeper.jar'],
    },
    silent: { '/usr/share/keeper/bin/keeper': script('#!/bin/sh', 'exec java') },
  },
  {
    kind: 'dlopen-texts',
    case: 'whose release a format leaves open, of a package that its own depends on',
    world: {
      ...at('/usr/bin/base', program({ ...linked, ...calls('dlopen'), ...texts('libuc.so.%s') })),
      [`${LIB}/libuc.so.72`]: {},
      [`${LIB}/libuc.so.72.1`]: {},
      [`${LIB}/libuc.so.70`]: {},
      ...packages(
        ['base', 'Depends: libuc72', '/usr/bin/base'],
        ['libuc72', '', `${LIB}/libuc.so.72`, `${LIB}/libuc.so.72.1`],
        ['libuc70', '', `${LIB}/libuc.so.70`],
      ),
    },
    need: {
      because: '/app/main completes the name of libuc.so.72',
      opens: [{ name: 'libuc.so.72', from: '/app/main' }],
    },
    silent: {
      '/usr/bin/base': program({ ...linked, ...calls('dlopen'), ...texts('my libuc.so.%s') }),
    },
  },
  {
    kind: 'tmp',
    case: 'that is kept, where a library names a path in it',
    world: {
      ...glibcWith(),
      '/app/main': program({ needed: ['libc.so.6', 'liblog.so'] }),
      [`${LIB}/liblog.so`]: { ...texts('/var/tmp/router/%s.%d') },
    },
    need: {
      because: `${LIB}/liblog.so names /var/tmp`,
      directories: [{ path: '/var/tmp', mode: 0o1777 }],
    },
    silent: { [`${LIB}/liblog.so`]: { ...texts('/var/tmpfiles/router') } },
  },
  {
    kind: 'commands',
    case: 'of a package that it suggests, where its texts speak of both',
    world: {
      ...at(
        '/usr/bin/drawer',
        program({
          ...linked,
          ...calls('posix_spawn'),
          // Without a question such as that for this path, nothing reads the package database.
          ...texts(
            '/usr/share/other',
            'If you installed Graphlib later, ...',
            'the dot tool was not found',
          ),
        }),
      ),
      '/usr/share/other/a': '',
      '/usr/bin/dot': program(linked),
      '/usr/bin/circo': program(linked),
      ...packages(
        ['drawer', 'Suggests: graphlib', '/usr/bin/drawer'],
        ['graphlib', '', '/usr/bin/dot', '/usr/bin/circo'],
      ),
    },
    need: {
      because: '/app/main imports posix_spawn, and names /usr/bin/dot',
      confidence: 'likely',
      starts: ['/usr/bin/dot'],
    },
    silent: {
      '/usr/bin/drawer': program({
        ...linked,
        ...calls('posix_spawn'),
        ...texts('/usr/share/other', 'my Graphlibrary', 'the dot tool was not found'),
      }),
    },
  },
  {
    kind: 'commands',
    case: 'that are scripts for an interpreter, which a small text of its data names',
    world: {
      ...at(
        '/usr/bin/typeset',
        program({ ...linked, ...calls('execvp'), ...texts('/usr/share/typeset') }),
      ),
      '/usr/share/typeset/devpdf/DESC': 'res 72000\npostpro tspdf\n',
      '/usr/bin/tspdf': script('#!/usr/bin/perl'),
      '/usr/bin/perl': program(linked),
      ...packages([
        'typeset',
        '',
        '/usr/bin/typeset',
        '/usr/bin/tspdf',
        '/usr/share/typeset/devpdf/DESC',
      ]),
    },
    need: {
      because: '/app/main imports execvp, and names /usr/bin/tspdf',
      confidence: 'likely',
      starts: ['/usr/bin/tspdf'],
    },
    silent: { '/usr/share/typeset/devpdf/DESC': 'res 72000\npostpro none\n' },
  },
];
