/**
 * Libraries in /opt that no default directory leads to: a tree finds them by the ld.so.cache or the
 * path file that elfdeps makes, which the real loaders and the real ldconfig read; an image that
 * buildah builds finds them by its environment.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { command, describeWith } from '../support/requirement.js';
import { Containers, chrootRequirements, elfdeps, enter, succeed, sudo } from './containers.js';

const requirements = [...chrootRequirements, ...['gcc', 'musl-gcc', 'ldconfig'].map(command)];

describeWith('libraries in /opt', requirements, () => {
  let containers: Containers;
  let root = '';
  const greeting = { status: 7, stdout: 'hello from /opt\n', stderr: '' };

  beforeAll(() => {
    containers = new Containers();
    root = join(containers.directory, 'root');
    // The loaders and libc, as the test's own machine has them.
    for (const compiler of ['gcc', 'musl-gcc'] as const) {
      const program = compile(compiler, root);
      elfdeps(
        'copy',
        '--force',
        '-q',
        '--library-path',
        dirname(program.library),
        program.path,
        '--to',
        root,
      );
    }
    // Not what was made there so that the copies run.
    sudo('rm', '-r', join(root, 'etc'));
    mkdirSync(join(root, 'etc'));
    writeFileSync(join(root, 'etc/ld.so.conf'), '/opt/gcc/lib\n');
    const { status, stderr } = sudo('ldconfig', '-X', '-r', root);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
  afterAll(() => containers.close());

  /** What ldconfig lists of a cache, without its first line. */
  const listed = (cache: string) => sudo('ldconfig', '-p', '-C', cache).stdout.split('\n').slice(1);

  it("the real ld.so takes the cache, and ldconfig lists the root's own entry", () => {
    const tree = join(containers.directory, 'glibc');
    elfdeps('copy', '-q', '--root', root, '/usr/bin/gcc-greet', '--to', tree);
    expect(enter(tree, '/usr/bin/gcc-greet')).toEqual(greeting);
    const cache = join(tree, 'etc/ld.so.cache');
    const own = listed(join(root, 'etc/ld.so.cache')).filter((line) => line.includes('/opt/'));
    expect(own).toHaveLength(1);
    expect(listed(cache).filter((line) => line !== '' && !line.startsWith('Cache gen'))).toEqual(
      own,
    );
    // Without it the library is not found: the tree has nothing else that leads there.
    sudo('rm', cache);
    expect(enter(tree, '/usr/bin/gcc-greet')).toMatchObject({ status: 127, stdout: '' });
  });

  it("musl's loader takes the path file", () => {
    const tree = join(containers.directory, 'musl');
    elfdeps(
      ...['copy', '-q', '--root', root, '--library-path', '/opt/musl-gcc/lib'],
      ...['/usr/bin/musl-gcc-greet', '--to', tree],
    );
    expect(enter(tree, '/usr/bin/musl-gcc-greet')).toEqual(greeting);
    const file = join(tree, 'etc/ld-musl-x86_64.path');
    expect(readFileSync(file, 'utf8')).toBe('/opt/musl-gcc/lib\n/lib\n/usr/local/lib\n/usr/lib\n');
  });

  describeWith('in an image', [command('buildah')], () => {
    it('the environment leads there', () => {
      const text = elfdeps('dockerfile', '-q', '--root', root, '/usr/bin/gcc-greet');
      expect(text).toContain('\nENV LD_LIBRARY_PATH=/opt/gcc/lib\n');
      const image = containers.build(text, { contexts: [`build=${root}`] });
      const container = containers.create(image);
      expect(containers.run(container, ...container.entrypoint)).toEqual(greeting);
    });
  });
});

/** A program and its library in the root, linked so that nothing says where the library is. */
function compile(compiler: string, root: string): { path: string; library: string } {
  const source = join(root, 'source.c');
  const library = join(root, 'opt', compiler, 'lib', `lib${compiler}.so.1`);
  const path = join(root, 'usr/bin', `${compiler}-greet`);
  for (const file of [library, path, join(root, 'etc/x')])
    mkdirSync(dirname(file), { recursive: true });
  writeFileSync(source, 'const char *greeting(void) { return "hello from /opt"; }\n');
  const soname = `-Wl,-soname,lib${compiler}.so.1`;
  succeed(compiler, '-shared', '-fPIC', soname, source, '-o', library);
  writeFileSync(
    source,
    '#include <stdio.h>\nconst char *greeting(void);\n' +
      'int main(void) { puts(greeting()); return 7; }\n',
  );
  succeed(compiler, source, library, '-o', path);
  succeed('rm', source);
  return { path, library };
}
