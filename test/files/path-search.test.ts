/**
 * Which file a command name means: rows for each rule, and each row again with the env(1) of this
 * machine, which starts what execvp finds.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findInPath } from '../../src/files/path-search.js';
import { directoryRoot } from '../../src/root/directory-root.js';
import { resolvePath } from '../../src/root/resolve-path.js';

let base = '';

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'elfdeps-path-'));
  const file = (path: string, mode: number) => {
    writeFileSync(join(base, path), '#!/bin/sh\necho "$0"\n');
    chmodSync(join(base, path), mode);
  };
  for (const name of ['a', 'b', 'c', 'c/tool', 'd']) mkdirSync(join(base, name));
  file('a/tool', 0o755);
  file('b/tool', 0o644);
  file('b/other', 0o711);
  symlinkSync('../a/tool', join(base, 'd/tool'));
  symlinkSync('nowhere', join(base, 'd/other'));
  file('here', 0o755);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

describe.skipIf(process.platform === 'win32')('findInPath', () => {
  it.each([
    ['tool', '/a', '/a/tool'],
    ['tool', '/b:/a', '/a/tool'],
    ['tool', '/c:/a', '/a/tool'],
    ['tool', '/nope:/a/tool:/d', '/d/tool'],
    ['other', '/d:/b', '/b/other'],
    ['tool', '/b:/c', undefined],
    ['here', '/a:', '/here'],
    ['here', ':/a', '/here'],
    ['tool', 'nope:a', '/a/tool'],
    ['here', '', '/here'],
    ['tool', '/a//', '/a/tool'],
    ['', '/a', undefined],
  ])('%j in PATH=%j is %s', (name, path, expected) => {
    const root = directoryRoot(base);
    expect(findInPath((each) => resolvePath(root, each), name, path, '/')).toBe(expected);
    const real = path
      .split(':')
      .map((each) => (each.startsWith('/') ? base + each : each))
      .join(':');
    let started: string | undefined;
    try {
      const options = { cwd: base, encoding: 'utf8', stdio: 'pipe' } as const;
      started = execFileSync('/usr/bin/env', ['-i', `PATH=${real}`, name], options).trim();
    } catch {
      started = undefined;
    }
    const shown =
      started && join(base, started.startsWith('/') ? started.slice(base.length) : started);
    expect(shown).toBe(expected && base + expected);
  });

  it('passes over directories that are not absolute where there is no working directory', () => {
    const root = directoryRoot(base);
    expect(findInPath((each) => resolvePath(root, each), 'here', ':a:')).toBeUndefined();
  });
});
