/**
 * Real programs of this machine in what elfdeps writes: each in a tree of its own that is entered
 * with chroot, and each with its Dockerfile read by a parser. Output and exit code must be those of the
 * program outside.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Copy, DockerfileParser, Entrypoint, From } from 'dockerfile-ast';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, describeWith } from '../support/requirement.js';
import { Containers, elfdeps, enter, sudo, unpack } from './containers.js';
import { realPrograms, requirements } from './real-programs.js';

describeWith('real programs run from what elfdeps writes', requirements, () => {
  const { programs, outside } = realPrograms();
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
});
