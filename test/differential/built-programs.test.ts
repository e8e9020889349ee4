/**
 * Real programs of this machine in images that buildah builds from elfdeps' Dockerfiles: some alone, and all
 * of them in one image. Output and exit code must be those of the program outside.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { command, describeWith } from '../support/requirement.js';
import { type Container, Containers, elfdeps } from './containers.js';
import { realPrograms, requirements } from './real-programs.js';

describeWith('real programs run from what elfdeps writes', requirements, () => {
  const { programs, outside } = realPrograms();
  let containers: Containers;

  beforeAll(() => {
    containers = new Containers();
    const failed = programs.filter(({ path }) => outside.get(path)?.status === null);
    expect(failed).toEqual([]);
  });
  afterAll(() => containers.close());

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
