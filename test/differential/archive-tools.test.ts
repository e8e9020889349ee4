/**
 * Archives against the tools that unpack them: GNU tar, xz, bzip2, gzip and zstd for tars, umoci for
 * images. Each archive is unpacked by the tool into a directory, and must be the same tree of files,
 * links, modes and bytes when elfdeps reads it where it lies.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { directoryRoot } from '../../src/root/directory-root.js';
import { openRoot } from '../../src/root/open-root.js';
import { type RealPath, type Root, readFile } from '../../src/root/root.js';
import { command, describeWith, requirement } from '../support/requirement.js';

const base = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-tools-'));
afterAll(() => fs.rmSync(base, { recursive: true, force: true }));
const shell = (script: string) =>
  execFileSync('bash', ['-ec', script], { cwd: base, stdio: ['ignore', 'pipe', 'pipe'] });

/** Each path with all that a program could see of it. */
function contents(root: Root): Record<string, string> {
  const found: Record<string, string> = {};
  const ids = new Map<string, string>();
  const visit = (directory: string) => {
    for (const name of [...root.readdir(directory || '/')].sort()) {
      const path = `${directory}/${name}`;
      const entry = root.lstat(path);
      if (entry === undefined) throw new Error(`nothing at ${path}`);
      const mode = entry.mode.toString(8);
      if (entry.kind === 'symlink') found[path] = `-> ${root.readlink(path)}`;
      else if (entry.kind === 'file') {
        const bytes = Buffer.from(readFile(root, path as RealPath));
        const first = ids.get(entry.id) ?? path;
        ids.set(entry.id, first);
        const sum = bytes.reduce((all, byte) => (all * 31 + byte) % 2 ** 31, 7);
        found[path] = `file ${mode} ${entry.size} ${bytes.length} ${sum} ${first}`;
      } else found[path] = `${entry.kind} ${mode}`;
      if (entry.kind === 'directory') visit(path);
    }
  };
  visit('');
  return found;
}

const LONG = 'n'.repeat(120);
beforeAll(() => {
  shell(`umask 022; mkdir -p tree/usr/lib/${LONG}/${LONG} tree/empty tree/private; cd tree
    ln -s usr/lib lib; ln -s /usr/lib/absolute absolute; ln -s ${LONG}${LONG} usr/long-link
    seq 1 60000 > usr/lib/numbers; head -c 700000 /dev/zero > usr/lib/zeros
    cp /bin/ls usr/lib/program; chmod 4755 usr/lib/program; chmod 700 private
    ln usr/lib/numbers usr/lib/again; echo text > usr/lib/${LONG}/${LONG}/deep
    printf 'x' > 'usr/lib/a name'; printf 'gr' > 'usr/lib/gr\u00fcn'; : > empty/file
    mkfifo usr/pipe; truncate -s 3M usr/sparse
    for at in 0 700000 1500000 2900000; do
      printf data | dd of=usr/sparse bs=1 seek=$at conv=notrunc status=none; done`);
});

/** How the tree is packed into `archive`; GNU tar unpacks each. */
const PACKED: readonly (readonly [what: string, script: string])[] = [
  ['GNU format', 'tar --format=gnu -cf archive -C tree .'],
  ['pax format', 'tar --format=posix -cf archive -C tree .'],
  [
    'ustar format, without what it cannot hold',
    `tar --format=ustar --exclude='n*' --exclude=long-link -cf archive -C tree .`,
  ],
  [
    'version 7 format',
    `tar --format=v7 --exclude='n*' --exclude=long-link --exclude=pipe -cf archive -C tree .`,
  ],
  ['sparse, GNU format', 'tar --format=gnu -Scf archive -C tree .'],
  ['sparse, pax 0.0', 'tar --format=posix --sparse-version=0.0 -Scf archive -C tree .'],
  ['sparse, pax 0.1', 'tar --format=posix --sparse-version=0.1 -Scf archive -C tree .'],
  ['sparse, pax 1.0', 'tar --format=posix --sparse-version=1.0 -Scf archive -C tree .'],
  ['gzip', 'tar -czf archive -C tree .'],
  [
    'gzip, two members',
    'tar -cf plain -C tree .; (head -c 9000 plain | gzip; tail -c +9001 plain | gzip) > archive',
  ],
  ['zstd', 'tar -cf - -C tree . | zstd -q > archive'],
  ['xz', 'tar -cJf archive -C tree .'],
  ['xz with the largest dictionary of a preset', 'tar -cf - -C tree . | xz -9e > archive'],
  ['xz in blocks, by threads', 'tar -cf - -C tree . | xz -T2 --block-size=100000 > archive'],
  ['xz with CRC32', 'tar -cf - -C tree . | xz -C crc32 > archive'],
  ['xz without a check', 'tar -cf - -C tree . | xz -C none > archive'],
  [
    'xz, two streams and padding',
    'tar -cf plain -C tree .; (head -c 9000 plain | xz; head -c 8 /dev/zero; tail -c +9001 plain | xz) > archive',
  ],
  ['bzip2', 'tar -cjf archive -C tree .'],
  ['bzip2 with small blocks', 'tar -cf - -C tree . | bzip2 -1 > archive'],
  [
    'bzip2, two streams',
    'tar -cf plain -C tree .; (head -c 9000 plain | bzip2; tail -c +9001 plain | bzip2) > archive',
  ],
  [
    'appended to',
    'tar -cf archive -C tree usr; tar -rf archive -C tree lib empty private absolute',
  ],
  [
    'a later member replaces',
    'tar -cf archive -C tree .; mkdir -p other; echo new > other/lib; tar -rf archive -C other lib',
  ],
];

const TOOLS = ['tar', 'xz', 'bzip2', 'gzip', 'zstd'].map(command);
const ROOT = requirement('the root user', process.getuid?.() === 0);

describeWith('tars, as GNU tar unpacks them', [...TOOLS, ROOT], () => {
  it.each(PACKED)('%s', async (_what, script) => {
    shell(`rm -rf archive plain other unpacked; mkdir unpacked; ${script}`);
    shell('zstd -tq archive 2> log && zstd -dqf archive -o plain || cp archive plain');
    shell('tar -xpf plain -C unpacked');
    const expected = contents(directoryRoot(`${base}/unpacked`));
    expect(Object.keys(expected).length).toBeGreaterThan(10);
    expect(contents(await openRoot(`${base}/archive`))).toEqual(expected);
  });
});

describeWith('images, as umoci unpacks them', [command('umoci'), command('skopeo'), ROOT], () => {
  const layers = `rm -rf layout unpacked bundle *.tar; umoci init --layout layout
    umoci new --image layout:one
    tar --exclude=pipe -cf one.tar -C tree .
    mkdir -p two/usr/lib two/empty; echo changed > two/usr/lib/numbers; : > two/usr/lib/.wh.program
    : > two/empty/.wh..wh..opq; echo new > two/empty/new; tar -cf two.tar -C two .
    for layer in one two; do umoci raw add-layer --image layout:one $layer.tar; done
    umoci unpack --image layout:one bundle`;
  it.each([
    ['an OCI layout', 'cp -r layout image'],
    ['an OCI layout in a tar', 'tar -cf image -C layout .'],
    ['an OCI archive by skopeo', 'skopeo copy -q oci:layout:one oci-archive:image'],
    ['a docker-save archive by skopeo', 'skopeo copy -q oci:layout:one docker-archive:image:a:1'],
    [
      'an OCI layout with zstd',
      'skopeo copy -q --dest-compress-format zstd oci:layout:one oci:image:one',
    ],
  ])('%s', async (_what, script) => {
    shell(`rm -rf image; ${layers}; ${script}`);
    const expected = contents(directoryRoot(`${base}/bundle/rootfs`));
    expect(Object.keys(expected).length).toBeGreaterThan(10);
    expect(contents(await openRoot(`${base}/image`))).toEqual(expected);
  });
});
