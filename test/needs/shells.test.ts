/**
 * Which scripts a shell runs; rows for each way in which a first line leads to one.
 */
import { describe, expect, it } from 'vitest';
import { parseShebang } from '../../src/elf/script.js';
import { startPlace } from '../../src/files/path-search.js';
import { RootFiles } from '../../src/files/root-files.js';
import { memoryRoot } from '../../src/index.js';
import { isBuiltin, isShell, isShellScript } from '../../src/needs/shells.js';
import { memoryWorld, program } from '../support/world.js';

const files = new RootFiles(
  memoryRoot(
    memoryWorld({
      '/etc/shells': '# shells\n/opt/own/oil\n',
      '/usr/bin/env': program(),
      '/usr/bin/bash': program(),
    }),
  ),
);

describe('a script', () => {
  it.each([
    ['/bin/sh -e', true],
    ['/usr/bin/mksh', true],
    ['/bin/ksh93', true],
    ['/usr/bin/env bash', true],
    ['/usr/bin/env -S bash -e', true],
    ['/usr/bin/env -S -i PATH=/usr/bin bash', true],
    ['/usr/bin/env gone-sh', false],
    ['/bin/busybox sh', true],
    ['/bin/busybox awk -f', false],
    ['/opt/own/oil', true],
    ['/usr/bin/fish', false],
    ['/bin/csh', false],
    ['/usr/bin/perl sh', false],
    ['/usr/bin/env -S perl sh', false],
  ])('with #!%s is one of a shell: %s', (line, isOne) => {
    const shebang = parseShebang(new TextEncoder().encode(`#!${line}\n`));
    expect(shebang && isShellScript(files, shebang, startPlace({}))).toBe(isOne);
  });
});

it('a shell is known by its name, or by /etc/shells', () => {
  const known = ['/bin/sh', 'rbash', '/bin/busybox', '/bin/oil', '/usr/bin/python3', 'dsh'];
  expect(known.filter((path) => isShell(files, path))).toEqual([
    '/bin/sh',
    'rbash',
    '/bin/busybox',
    '/bin/oil',
  ]);
});

it('does itself what no program of that name is started for', () => {
  expect(['printf', '[', 'source', 'newgrp', 'help', 'env'].filter(isBuiltin)).toEqual([
    'printf',
    '[',
    'source',
  ]);
});
