/**
 * Real programs of this machine in what elfdeps writes: each in a tree of its own that is entered
 * with chroot, each with its Dockerfile read by a parser, some of these built alone, and all of the
 * programs in one image. Output and exit code must be those of the program outside.
 */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { Copy, DockerfileParser, Entrypoint, From } from 'dockerfile-ast';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, describeWith, findCommand } from '../support/requirement.js';
import {
  type Container,
  Containers,
  chrootRequirements,
  elfdeps,
  enter,
  run,
  sudo,
  unpack,
} from './containers.js';

/** A command line; `alone` has an image of its own too. */
type Row = readonly [name: string, args: readonly string[], alone?: 'alone'];

const rows: readonly Row[] = [
  ['bash', ['-c', 'echo "$((6 * 7))"; exit 3'], 'alone'],
  ['ls', ['--version'], 'alone'],
  ['git', ['--version'], 'alone'],
  ['curl', ['--version'], 'alone'],
  ['node', ['-p', '[1, 2].map(x => x * 2).join()'], 'alone'],
  ['python3', ['--version'], 'alone'],
  ['perl', ['-e', 'print join(",", map { $_ ** 2 } 1 .. 5), "\n"; exit 4']],
  ['sqlite3', [':memory:', 'select 6 * 7, sqlite_version()'], 'alone'],
  ['openssl', ['version', '-a']],
  ['gpg', ['--version']],
  ['ssh', ['-V'], 'alone'],
  ['tar', ['--version']],
  ['xz', ['--version']],
  ['zstd', ['--version']],
  ['find', ['/proc/self/status', '-maxdepth', '0']],
  ['awk', ['BEGIN { printf "%.3f\\n", atan2(0, -1); exit 5 }']],
  ['sed', ['--version']],
  ['vim', ['--version']],
  ['nano', ['--version']],
  ['cc1', ['--version']],
  ['php', ['-n', '-r', 'echo strlen("elfdeps"), PHP_EOL; exit(6);'], 'alone'],
  ['ruby', ['--disable=gems', '-e', 'puts [3, 1, 2].sort.inspect; exit 7']],
  ['redis-server', ['--version']],
  ['nginx', ['-v'], 'alone'],
  ['ffmpeg', ['-hide_banner', '-version'], 'alone'],
  ['jq', ['-n', '{a: (6 * 7)}']],
  ['java', ['-version']],
  ['lua5.4', ['-e', 'print(#"elfdeps")']],
  ['readelf', ['--version']],
  ['patchelf', ['--version']],
  ['buildah', ['--version']],
  ['strace', ['-V']],
];

const cc1 = run('gcc', '-print-prog-name=cc1').stdout.trim();
const requirements = [
  ...chrootRequirements,
  ...rows.map(([name]) => name).flatMap((name) => (name === 'cc1' ? [] : [command(name)])),
  command('gcc'),
];

/**
 * Where the program is: cc1 is not in PATH, and of python3 the distribution's is taken, not one with
 * thousands of directories that its user installed, each of which is a COPY line that takes buildah a
 * quarter of a second.
 */
function pathOf(name: string): string {
  if (name === 'cc1') return cc1;
  const path = findCommand(name) ?? `/${name}`;
  if (name === 'node') return process.execPath;
  // COPY has no links, and Java looks around its file.
  if (name === 'java') return realpathSync(path);
  if (name !== 'python3') return path;
  const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : path;
  return run(python, '-c', 'import os, sys; print(os.path.realpath(sys.executable))').stdout.trim();
}

describeWith('real programs run from what elfdeps writes', requirements, () => {
  const programs = rows.map(([name, args, alone]) => ({ name, args, alone, path: pathOf(name) }));
  const outside = new Map(programs.map(({ path, args }) => [path, run(path, ...args)]));
  let containers: Containers;

  beforeAll(() => {
    containers = new Containers();
    const failed = programs.filter(({ path }) => outside.get(path)?.status === null);
    expect(failed).toEqual([]);
    console.log(`real programs: ${programs.length}`);
  });
  afterAll(() => containers.close());

  describe('elfdeps copy, entered with chroot', () => {
    it.each(programs)('$name', ({ name, path, args }) => {
      const tree = join(containers.directory, `tree-${name}`);
      elfdeps('copy', path, '-q', '--to', tree);
      expect(enter(tree, path, ...args)).toEqual(outside.get(path));
      sudo('rm', '-rf', '--one-file-system', tree);
    });
  });

  describeWith(
    'elfdeps image, unpacked by umoci and entered with chroot',
    [command('umoci')],
    () => {
      it.each(programs)('$name', ({ name, path, args }) => {
        const archive = join(containers.directory, `${name}.tar`);
        const layout = containers.makeDirectory();
        const bundle = join(containers.directory, `bundle-${name}`);
        const common = ['--layout', 'oci', '--compression', 'none', '-t', 'it:1', '-q'];
        elfdeps('image', path, '-o', archive, ...common);
        unpack(readFileSync(archive), layout);
        expect(sudo('umoci', 'unpack', '--image', `${layout}:1`, bundle).status).toBe(0);
        const tree = join(bundle, 'rootfs');
        expect(enter(tree, path, ...args)).toEqual(outside.get(path));
        sudo('rm', '-rf', '--one-file-system', bundle, layout, archive);
      });
    },
  );

  describe('elfdeps dockerfile, read by a parser', () => {
    it.each(programs)('$name', ({ path }) => {
      const text = elfdeps('dockerfile', '-q', path);
      const instructions = DockerfileParser.parse(text).getInstructions();
      expect(instructions[0]).toBeInstanceOf(From);
      expect(instructions.at(-1)).toBeInstanceOf(Entrypoint);
      const copies = instructions.filter((instruction) => instruction instanceof Copy);
      expect(copies.length).toBeGreaterThan(0);
      for (const copy of copies)
        expect(
          // A directory of state keeps its owner and mode.
          copy
            .getFlags()
            .map((flag) => flag.toString())
            .filter((flag) => !/^--(?:chown=\d+:\d+|chmod=\d+)$/.test(flag)),
        ).toEqual(['--from=build']);
    });
  });

  describeWith('elfdeps dockerfile, built by buildah', [command('buildah')], () => {
    const alone = programs.filter((program) => program.alone === 'alone');
    it.each(alone)('$name alone', ({ path, args }) => {
      const text = elfdeps('dockerfile', '-q', path);
      const image = containers.build(text, { contexts: ['build=/'] });
      const container = containers.create(image);
      expect(container.entrypoint).toEqual([path]);
      expect(containers.run(container, ...container.entrypoint, ...args)).toEqual(
        outside.get(path),
      );
      containers.remove(image, container);
    });

    let all: Container;
    it('all in one image', () => {
      const text = elfdeps('dockerfile', '-q', ...programs.map(({ path }) => path));
      all = containers.create(containers.build(text, { contexts: ['build=/'] }));
      expect(all.entrypoint).toEqual([programs[0]?.path]);
    });

    it.each(programs)('$name in the image with all', ({ path, args }) => {
      expect(containers.run(all, path, ...args)).toEqual(outside.get(path));
    });
  });
});
