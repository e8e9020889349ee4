/**
 * Images of programs that give rights, started as their user in a chroot: what `copy` makes starts, for
 * root and for another user, and what it refuses would not.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../support/cli-runner.js';
import { command, describeWith, requirement } from '../support/requirement.js';

const requirements = [
  requirement('the root user', process.getuid?.() === 0),
  ...['gcc', 'musl-gcc', 'setcap', 'tar', 'chroot'].map(command),
];

const KINDS: Readonly<Record<string, (file: string) => void>> = {
  plain: (file) => fs.chmodSync(file, 0o755),
  'set-user-ID': (file) => fs.chmodSync(file, 0o4755),
  capabilities: (file) => {
    execFileSync('setcap', ['cap_net_bind_service+ep', file]);
  },
  'for owner and group': (file) => fs.chmodSync(file, 0o750),
};

describeWith('images of programs that give rights', requirements, () => {
  const base = fs.mkdtempSync(join(tmpdir(), 'elfdeps-secure-images-'));
  fs.chmodSync(base, 0o755);
  const at = (name: string) => join(base, name);
  afterAll(() => fs.rmSync(base, { recursive: true, force: true }));

  beforeAll(() => {
    fs.mkdirSync(at('lib'));
    fs.writeFileSync(at('x.c'), 'int f(void) { return 0; }');
    fs.writeFileSync(at('m.c'), 'int f(void); int main(void) { return f(); }');
    for (const compiler of ['gcc', 'musl-gcc']) {
      const library = at(`lib/lib${compiler}.so`);
      const soname = `-Wl,-soname,lib${compiler}.so`;
      execFileSync(compiler, ['-shared', '-fPIC', soname, '-o', library, at('x.c')]);
      execFileSync(compiler, ['-o', at(compiler), at('m.c'), library, '-Wl,-rpath,$ORIGIN/lib']);
    }
  });

  const cases = ['gcc', 'musl-gcc'].flatMap((compiler) =>
    Object.keys(KINDS).flatMap((kind) =>
      ['0:0', '65534:65534'].map((user) => [compiler, kind, user]),
    ),
  );
  it.each(cases)('%s, %s, user %s', async (compiler = '', kind = '', user = '') => {
    const program = at('program');
    fs.rmSync(program, { force: true });
    fs.copyFileSync(at(compiler), program);
    KINDS[kind]?.(program);
    const tree = at('tree');
    fs.rmSync(tree, { recursive: true, force: true });
    const { code, stderr } = await runCli([
      'copy',
      `${program}:/app/program`,
      '--user',
      user,
      '--to',
      tree,
    ]);
    const mayStart = kind !== 'for owner and group' || user === '0:0';
    expect([code, stderr]).toEqual([mayStart ? 0 : 1, expect.any(String)]);
    if (!mayStart) return;
    fs.mkdirSync(join(tree, 'proc'));
    const enter = 'mount --bind /proc "$0/proc" && exec chroot "--userspec=$1" "$0" /app/program';
    const started = spawnSync('unshare', ['-m', 'sh', '-c', enter, tree, user], {
      encoding: 'utf8',
    });
    expect([started.status, started.stderr]).toEqual([0, '']);
  });
});
