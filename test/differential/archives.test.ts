/**
 * The archives that elfdeps writes, in tools that others wrote: GNU tar, skopeo, umoci; and what is
 * left when writing them fails on a real file system, or is interrupted.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ELFDEPS } from '../support/built-cli.js';
import { command, describeWith } from '../support/requirement.js';
import {
  Containers,
  chrootRequirements,
  elfdeps,
  elfdepsResult,
  enter,
  run,
  succeed,
  sudo,
} from './containers.js';

const tools = ['tar', 'skopeo', 'umoci', 'mount', 'python3'].map(command);

describeWith('archives', [...chrootRequirements, ...tools], () => {
  let containers: Containers;
  let base: string;
  beforeAll(() => {
    containers = new Containers();
    base = containers.directory;
  });
  afterAll(() => containers.close());

  const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
  const script = ['/bin/bash', '-c', 'ls /bin/ls && [[ -L /lib64 ]] && echo "$BASH_VERSION"'];

  describe('elfdeps tar', () => {
    it('GNU tar lists the plan, and what it unpacks runs', () => {
      const archive = join(base, 'tools.tar');
      elfdeps('tar', '/bin/bash', '/bin/ls', '-q', '-o', archive);
      const listed = succeed('tar', 'tf', archive).trim().split('\n');
      const needed = elfdeps('--format', 'list', '/bin/bash', '/bin/ls').trim().split('\n');
      expect(listed).toEqual(expect.arrayContaining(needed.map((path) => path.slice(1))));
      expect(new Set(listed).size).toBe(listed.length);
      const tree = containers.makeDirectory();
      succeed('tar', 'xf', archive, '-C', tree);
      expect(enter(tree, ...script)).toEqual(run(script[0] as string, ...script.slice(1)));
      expect(succeed('tar', '--diff', '-f', archive, '-C', tree)).toBe('');
    });

    it('has the same bytes every time, also through a pipe', () => {
      const [first, second] = [join(base, 'first.tar'), join(base, 'second.tar')];
      elfdeps('tar', '/bin/bash', '-o', first);
      succeed('sh', '-c', '"$0" "$1" tar /bin/bash > "$2"', process.execPath, ELFDEPS, second);
      expect(sha256(second)).toBe(sha256(first));
    });

    it('takes its times from SOURCE_DATE_EPOCH', () => {
      const words = [process.execPath, ELFDEPS, 'tar', '/bin/bash', '-o', join(base, 'dated.tar')];
      succeed('env', 'SOURCE_DATE_EPOCH=1700000000', ...words);
      const times = succeed('tar', '--utc', '-tvf', join(base, 'dated.tar')).trim().split('\n');
      expect(times.filter((line) => !line.includes(' 2023-11-14 22:13 '))).toEqual([]);
    });

    it('a reader that has seen enough is no failure', () => {
      const words = ['sh', '-c', '"$0" "$1" tar /bin/bash | head -c 1000 | wc -c; echo $?'];
      expect(succeed(...(words as [string]), process.execPath, ELFDEPS).trim()).toBe('1000\n0');
    });
  });

  describe.each([
    ['docker', 'docker-archive', 'gzip'],
    ['docker', 'docker-archive', 'none'],
    ['oci', 'oci-archive', 'gzip'],
  ])('elfdeps image --layout %s', (layout, transport, compression) => {
    it(`skopeo (${transport}, ${compression}) and umoci take it, and it runs`, () => {
      const archive = join(base, `${layout}-${compression}.tar`);
      const image = (path: string) =>
        elfdeps(
          ...['image', '/bin/bash', '/bin/ls', '-q', '-o', path, '-t', 'tools:1.0'],
          ...['--layout', layout, '--compression', compression, '--env', 'A=b c'],
          ...['--user', '1000:1000', '--label', 'who=me', '--cmd', '["-c", "echo hi"]'],
        );
      image(archive);
      image(`${archive}.again`);
      expect(sha256(`${archive}.again`)).toBe(sha256(archive));

      const inspected = JSON.parse(
        succeed('skopeo', 'inspect', '--config', `${transport}:${archive}`),
      );
      expect(inspected.config).toEqual({
        User: '1000:1000',
        Env: ['A=b c'],
        Entrypoint: ['/bin/bash'],
        Cmd: ['-c', 'echo hi'],
        Labels: { who: 'me' },
      });
      const oci = join(base, `oci-${layout}-${compression}`);
      succeed(
        'skopeo',
        '--insecure-policy',
        'copy',
        '-q',
        `${transport}:${archive}`,
        `oci:${oci}:x`,
      );
      const bundle = join(base, `bundle-${layout}-${compression}`);
      expect(sudo('umoci', 'unpack', '--image', `${oci}:x`, bundle).status).toBe(0);
      const outside = run(script[0] as string, ...script.slice(1));
      expect(enter(join(bundle, 'rootfs'), ...script)).toEqual(outside);
    });
  });

  describeWith('file capabilities', [command('setcap'), command('getcap')], () => {
    const value = 'cap_net_raw=ep';
    let program: string;
    beforeAll(() => {
      program = join(containers.makeDirectory(), 'program');
      copyFileSync('/bin/ls', program);
      expect(sudo('setcap', value, program).status).toBe(0);
    });
    const capabilityIn = (tree: string) =>
      succeed('getcap', join(tree, program)).trim().replace(/^.* /, '');

    it('are kept by copy, and lost with a note without the root user', () => {
      const tree = join(base, 'tree-with-capability');
      expect(sudo(process.execPath, ELFDEPS, 'copy', program, '--to', tree).status).toBe(0);
      expect(capabilityIn(tree)).toBe(value);
      const open = containers.makeDirectory();
      sudo('chmod', '-R', 'a+rwX', base);
      const words = [process.execPath, ELFDEPS, 'copy', program, '--to', join(open, 'tree')];
      const { stderr } = sudo('setpriv', '--reuid=65534', '--clear-groups', ...words);
      expect(stderr).toContain(`${program}: its file capabilities are lost`);
      expect(capabilityIn(join(open, 'tree'))).toBe('');
    });

    it('are kept by tar and image', () => {
      const [archive, tree] = [join(base, 'capability.tar'), containers.makeDirectory()];
      elfdeps('tar', program, '-o', archive, '-q');
      const xattrs = ['--xattrs', '--xattrs-include=security.capability'];
      expect(sudo('tar', ...xattrs, '-xf', archive, '-C', tree).status).toBe(0);
      expect(capabilityIn(tree)).toBe(value);
      const image = join(base, 'capability-image.tar');
      elfdeps('image', program, '-o', image, '--layout', 'oci', '-t', 'it:1', '-q');
      const layout = containers.makeDirectory();
      succeed('tar', '-xf', image, '-C', layout);
      const bundle = join(base, 'capability-bundle');
      expect(sudo('umoci', 'unpack', '--image', `${layout}:1`, bundle).status).toBe(0);
      expect(capabilityIn(join(bundle, 'rootfs'))).toBe(value);
    });
  });

  describe('a full disk and other places where nothing can be written', () => {
    const mounted = (options: string, body: (directory: string) => void) => {
      const directory = containers.makeDirectory();
      expect(sudo('mount', '-t', 'tmpfs', '-o', options, 'tmpfs', directory).status).toBe(0);
      try {
        body(directory);
      } finally {
        sudo('umount', directory);
      }
    };

    it.each([
      ['copy', (at: string) => ['copy', '/bin/bash', '-q', '--to', join(at, 'tree')]],
      ['tar', (at: string) => ['tar', '/bin/bash', '-q', '-o', join(at, 'tree')]],
      [
        'image --compression none',
        (at: string) => {
          const file = join(at, 'tree');
          return ['image', '/bin/bash', '-q', '--compression', 'none', '-o', file];
        },
      ],
      ['image', (at: string) => ['image', '/bin/bash', '-q', '-o', join(at, 'tree')]],
    ])('%s', (_name, words) => {
      mounted('size=1m', (directory) => {
        const { status, stderr } = elfdepsResult(...words(directory));
        expect(stderr).toBe(
          `elfdeps: ${join(directory, 'tree')}: no space left on device\n` +
            '  make room there, or name another place\n',
        );
        expect(status).toBe(2);
        expect(readdirSync(directory)).toEqual([]);
      });
      mounted('ro', (directory) => {
        const { status, stderr } = elfdepsResult(...words(directory));
        expect(stderr).toBe(`elfdeps: ${join(directory, 'tree')}: read-only file system\n`);
        expect(status).toBe(2);
      });
    });
  });

  it('copy --force over a file that is a mount point changes nothing', () => {
    const directory = containers.makeDirectory();
    const tree = join(directory, 'tree');
    elfdeps('copy', '/bin/ls', '-q', '--to', tree);
    const [first, last] = [join(tree, 'bin/ls'), join(tree, '../outside')];
    writeFileSync(last, 'outside');
    // In the order of the plan, the program comes before its loader.
    const loader = readdirSync(tree, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.startsWith('ld-linux'))
      .map((entry) => join(entry.parentPath, entry.name))[0] as string;
    const program = existsSync(first) ? first : join(tree, 'usr/bin/ls');
    writeFileSync(program, 'old');
    expect(sudo('mount', '--bind', last, loader).status).toBe(0);
    try {
      const { status, stderr } = elfdepsResult('copy', '/bin/ls', '-q', '--force', '--to', tree);
      expect(stderr).toBe(`elfdeps: ${loader}: device or resource busy\n`);
      expect(status).toBe(2);
      expect(readFileSync(program, 'utf8')).toBe('old');
      expect(readdirSync(tree).filter((name) => name.startsWith('.elfdeps'))).toEqual([]);
    } finally {
      sudo('umount', loader);
    }
    expect(readFileSync(last, 'utf8')).toBe('outside');
  });

  it('a full disk for temporary files is named, not what is written to', () => {
    const directory = containers.makeDirectory();
    expect(sudo('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory).status).toBe(0);
    try {
      const words = [ELFDEPS, 'image', '/bin/bash', '-q', '-o', '/dev/null'];
      const env = { ...process.env, TMPDIR: directory };
      const { status, stderr } = spawnSync(process.execPath, words, { env, encoding: 'utf8' });
      expect(stderr).toBe(
        `elfdeps: ${directory}: no space left on device\n` +
          '  make room there; TMPDIR names another directory\n',
      );
      expect(status).toBe(2);
      expect(readdirSync(directory)).toEqual([]);
    } finally {
      sudo('umount', directory);
    }
  });

  describe('a program of a gigabyte', () => {
    const size = 2 ** 30;
    let large: string;
    beforeAll(() => {
      large = join(realpathSync(base), 'large');
      // Sparse, so that only reading it takes time.
      copyFileSync(realpathSync('/bin/ls'), large);
      truncateSync(large, size);
    });

    it('is streamed: memory stays flat', () => {
      const measure = `
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)`;
      const words = ['-c', measure, process.execPath, ELFDEPS, 'tar'];
      const small = Number(succeed('python3', ...words, '/bin/ls'));
      const kilobytes = Number(succeed('python3', ...words, large));
      console.log(`tar of 1 GB: ${kilobytes} kB at most, of a small program ${small} kB`);
      expect(kilobytes).toBeLessThan(small + 100_000);
    });

    /**
     * Starts elfdeps, stops it once it has written a part of the gigabyte, does something, lets it
     * go on and waits for its end.
     */
    async function during(words: readonly string[], directory: string, act: (pid: number) => void) {
      const child = spawn(process.execPath, [ELFDEPS, ...words], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const { pid } = child;
      if (pid === undefined) throw new Error('elfdeps was not started');
      let stderr = '';
      child.stderr.on('data', (text) => {
        stderr += text;
      });
      const ended = new Promise<{ status: number | null; signal: NodeJS.Signals | null }>(
        (resolve) => child.on('close', (status, signal) => resolve({ status, signal })),
      );
      while (bytesBelow(directory) === 0 && child.exitCode === null)
        await new Promise((resolve) => setTimeout(resolve, 2));
      process.kill(pid, 'SIGSTOP');
      // Otherwise there is nothing left to interrupt.
      expect(bytesBelow(directory)).toBeLessThan(size);
      act(pid);
      process.kill(pid, 'SIGCONT');
      return { ...(await ended), stderr };
    }

    const commands = (directory: string): [string, string[]][] => [
      ['copy', ['copy', '--to', join(directory, 'out'), large]],
      ['tar', ['tar', '-o', join(directory, 'out'), large]],
      ['image', ['image', '-o', join(directory, 'out'), large]],
    ];

    it.each([0, 1, 2])('dies by a signal, and leaves nothing (%i)', async (which) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        const directory = containers.makeDirectory();
        const [, words] = commands(directory)[which] as [string, string[]];
        const ended = await during(words, directory, (pid) => process.kill(pid, signal));
        expect(ended.stderr).toContain('interrupted, nothing was written');
        // A loop of a shell goes on after an exit code, and ends after a signal.
        expect({ ...ended, stderr: '' }).toEqual({ status: null, signal, stderr: '' });
        expect(readdirSync(directory)).toEqual([]);
      }
    });

    it.each([0, 1, 2])('a source that changes (%i)', async (which) => {
      for (const changed of [size / 2, size + 1]) {
        truncateSync(large, size);
        const directory = containers.makeDirectory();
        const [, words] = commands(directory)[which] as [string, string[]];
        const { status, stderr } = await during(words, directory, () =>
          truncateSync(large, changed),
        );
        expect(stderr).toContain('changed while it was being copied');
        expect(status).toBe(2);
        expect(readdirSync(directory)).toEqual([]);
      }
      truncateSync(large, size);
    });
  });

  it('a directory above that is not there is an error', () => {
    const { status, stderr } = elfdepsResult('tar', '/bin/ls', '-o', join(base, 'none/a.tar'));
    expect(stderr).toContain('no such file or directory');
    expect(status).toBe(2);
    mkdirSync(join(base, 'dir'));
    expect(elfdepsResult('tar', '/bin/ls', '-o', join(base, 'dir')).stderr).toContain(
      'is a directory',
    );
    expect(existsSync(join(base, 'none'))).toBe(false);
  });
});

/** The sizes of all files below a directory that changes; a file that goes away counts nothing. */
function bytesBelow(directory: string): number {
  let sum = 0;
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    const stats = statSync(join(directory, name), { throwIfNoEntry: false });
    if (stats?.isFile()) sum += stats.size;
  }
  return sum;
}
