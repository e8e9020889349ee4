/**
 * Dockerfiles onto base images, built by buildah and run: a base after the /usr merge (`/lib64` is a
 * link), one before it, one of musl, and one with an older C library, which must be refused. Also
 * several CPUs in one Dockerfile, and what COPY --parents copies, by GNU tar, which keeps links too.
 */
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DockerfileParser, From } from 'dockerfile-ast';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, describeWith, findCommand, requirement } from '../support/requirement.js';
import {
  type Container,
  Containers,
  chrootRequirements,
  elfdeps,
  elfdepsResult,
  enter,
  pack,
  run,
  succeed,
  unpack,
} from './containers.js';

const requirements = [
  ...chrootRequirements,
  requirement('an x86-64 machine', process.arch === 'x64'),
  ...['buildah', 'bash', 'ls', 'git', 'gcc', 'musl-gcc', 'tar'].map(command),
];
const HELLO_ARM64 = fileURLToPath(new URL('../../samples/cpus/hello-aarch64', import.meta.url));
const git = findCommand('git') ?? '/git';
const bash = findCommand('bash') ?? '/bash';

describeWith('base images', requirements, () => {
  let containers: Containers;
  /** Trees of bases by name; each has bash and ls, or a program for musl. */
  const bases: Record<string, string> = {};

  beforeAll(() => {
    containers = new Containers();
    const tree = (name: string) => {
      bases[name] = join(containers.directory, name);
      return bases[name];
    };
    elfdeps('copy', '-q', bash, findCommand('ls') ?? '/ls', '--to', tree('usrmerged'));
    expect(run('readlink', join(bases.usrmerged ?? '', 'lib64')).stdout).toMatch(
      /^(?:\/)?usr\/lib64\n$/,
    );
    unmerge(tree('unmerged'), bases.usrmerged as string);
    const hello = compileHello('musl-gcc');
    elfdeps('copy', '-q', `${hello}:/bin/hello`, '--to', tree('musl'));
    likeBusybox(tree('busybox'), compileHello('gcc'));
    for (const [name, path] of Object.entries(bases))
      containers.build('FROM scratch\nCOPY . /\n', { context: path, tag: `localhost/${name}` });
  });
  afterAll(() => containers.close());

  /** The Dockerfile of git on a base, and what came of it. */
  function gitOn(base: string, ...options: string[]): { text: string; container: Container } {
    const words = ['--base', `localhost/${base}`, '--base-root', bases[base] ?? '', ...options];
    const text = elfdeps('dockerfile', '-q', ...words, git);
    return {
      text,
      container: containers.create(containers.build(text, { contexts: ['build=/'] })),
    };
  }

  it('after the /usr merge: only what is not there, behind the links', () => {
    const { text, container } = gitOn('usrmerged');
    expect(text).not.toMatch(/libc\.so\.6|ld-linux/);
    expect(text).not.toMatch(/ \/lib(?:64)?\/\S*$/m);
    expect(containers.run(container, git, '--version')).toEqual(run(git, '--version'));
    // The base's own programs go on as before, its links are still links.
    expect(
      containers.run(container, bash, '-c', '[ -L /lib64 ] && [ -L /lib ] && echo kept'),
    ).toEqual({ status: 0, stdout: 'kept\n', stderr: '' });
  });

  it('before the /usr merge', () => {
    const { text, container } = gitOn('unmerged');
    expect(text).not.toMatch(/libc\.so\.6|ld-linux/);
    expect(containers.run(container, git, '--version')).toEqual(run(git, '--version'));
    expect(containers.run(container, bash, '-c', '[ ! -L /lib ] && echo real')).toMatchObject({
      stdout: 'real\n',
    });
  });

  it('like busybox: its C library in another directory serves', () => {
    const { text, container } = gitOn('busybox');
    expect(text).not.toMatch(/libc\.so\.6|ld-linux/);
    expect(containers.run(container, git, '--version')).toEqual(run(git, '--version'));
    expect(containers.run(container, '/bin/hello')).toMatchObject({ stdout: 'hello\n' });
  });

  it('of musl: glibc stands beside it', () => {
    const { text, container } = gitOn('musl');
    expect(text).toMatch(/ld-linux.*libc\.so\.6/s);
    expect(containers.run(container, git, '--version')).toEqual(run(git, '--version'));
    expect(containers.run(container, '/bin/hello')).toMatchObject({ stdout: 'hello\n' });
  });

  it.each(['docker-archive', 'oci-archive'])('as a %s: the same stage', (transport) => {
    const archive = join(containers.directory, `${transport}.tar`);
    const { status, stderr } = containers.buildah(
      'push',
      'localhost/usrmerged',
      `${transport}:${archive}`,
    );
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const words = (root: string) => ['--base', 'localhost/usrmerged', '--base-root', root, git];
    expect(elfdeps('dockerfile', '-q', ...words(archive))).toBe(
      elfdeps('dockerfile', '-q', ...words(bases.usrmerged ?? '')),
    );
  });

  it('without --base-root: all of it, onto links that builders follow', () => {
    const copies = elfdeps('dockerfile', '-q', '--copy-only', git);
    const text = `FROM localhost/usrmerged\n${copies}`;
    const container = containers.create(containers.build(text, { contexts: ['build=/'] }));
    expect(containers.run(container, git, '--version')).toEqual(run(git, '--version'));
  });

  it('the options of an image become its configuration', () => {
    const text = elfdeps(
      ...[
        'dockerfile',
        '-q',
        '--user',
        '1234:5678',
        '--workdir',
        '/some $dir',
        '--cmd',
        '--version',
      ],
      ...['--env', 'A=b $c "d" \\e', '--label', 'org.example.title=a $b "c"', git],
    );
    const container = containers.create(containers.build(text, { contexts: ['build=/'] }));
    expect(container.config).toMatchObject({
      Entrypoint: [git],
      Cmd: ['--version'],
      User: '1234:5678',
      WorkingDir: '/some $dir',
      Labels: expect.objectContaining({ 'org.example.title': 'a $b "c"' }),
    });
    expect(container.config.Env).toContain('A=b $c "d" \\e');
    expect(containers.run(container, git, '--version')).toEqual(run(git, '--version'));
  });

  describe('several CPUs in one Dockerfile', () => {
    it('each gets its own stage', () => {
      const foreign = join(containers.directory, 'arm64');
      mkdirSync(foreign);
      copyFileSync(HELLO_ARM64, join(foreign, 'app'));
      elfdeps('copy', '-q', `${git}:/app`, '--to', join(containers.directory, 'amd64'));
      // The other CPU's libraries are not here; what is to be shown is which stage gets which file.
      const { status, stdout: text } = elfdepsResult(
        ...['dockerfile', '-q', '--allow-incomplete', '/app'],
        ...['--platform-root', `linux/amd64=${containers.directory}/amd64`],
        ...['--platform-root', `linux/arm64=${foreign}`],
      );
      expect(status).toBe(1);
      const froms = DockerfileParser.parse(text)
        .getInstructions()
        .filter((i) => i instanceof From);
      expect(froms.map((from) => from.getBuildStage() ?? from.getImage())).toEqual([
        'final-amd64',
        'final-arm64',
        'final-${TARGETARCH}',
      ]);
      for (const architecture of ['amd64', 'arm64']) {
        const root = architecture === 'amd64' ? `${containers.directory}/amd64` : foreign;
        const image = containers.build(text, {
          contexts: [`build=${root}`],
          args: ['--platform', `linux/${architecture}`],
        });
        const container = containers.create(image, ['--platform', `linux/${architecture}`]);
        expect(container.entrypoint).toEqual(['/app']);
        expect(container.architecture).toBe(architecture);
        if (architecture === 'amd64')
          expect(containers.run(container, '/app', '--version')).toEqual(run(git, '--version'));
      }
    });
  });

  it('--parents names every link and file, so that all of it can be entered', () => {
    const text = elfdeps('dockerfile', '-q', '--parents', git);
    expect(text.startsWith('# syntax=docker/dockerfile:1.20\nFROM scratch\nCOPY --parents ')).toBe(
      true,
    );
    const words = text.replaceAll('\\\n', ' ').match(/^COPY --parents --from=build (.*)$/m)?.[1];
    const sources = (words ?? '').trim().split(/\s+/).slice(0, -1);
    const tree = containers.makeDirectory();
    // Include patterns do not follow links, as tar does not.
    unpack(pack(sources), tree);
    expect(enter(tree, git, '--version')).toEqual(run(git, '--version'));
    expect(readdirSync(tree).sort()).toEqual(expect.arrayContaining(['lib64', 'usr']));
  });

  function compileHello(compiler: string): string {
    const source = join(containers.directory, 'hello.c');
    succeed('sh', '-c', `echo '#include <stdio.h>' > ${source}`);
    succeed('sh', '-c', `echo 'int main(void) { puts("hello"); return 0; }' >> ${source}`);
    succeed(compiler, source, '-o', join(containers.directory, 'hello'));
    return join(containers.directory, 'hello');
  }
});

/** A tree with all libraries in /lib, and `/lib64 -> lib`. */
function likeBusybox(tree: string, program: string): void {
  const copied = `${tree}.copied`;
  elfdeps('copy', '-q', `${program}:/bin/hello`, '--to', copied);
  mkdirSync(join(tree, 'lib'), { recursive: true });
  symlinkSync('lib', join(tree, 'lib64'));
  succeed('sh', '-c', `cp -L $(find ${copied} -name '*.so*' -type f) ${tree}/lib/`);
  succeed('cp', '-a', join(copied, 'bin'), tree);
}

/** The tree of `from` as before the /usr merge: its libraries below /lib and /lib64, no links. */
function unmerge(tree: string, from: string): void {
  succeed('cp', '-a', from, tree);
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    const path = join(tree, name);
    const merged = join(tree, 'usr', name);
    rmSync(path, { force: true });
    if (!readdirSync(join(tree, 'usr')).includes(name)) continue;
    renameSync(merged, path);
    symlinkSync(`../${name}`, merged);
  }
}
