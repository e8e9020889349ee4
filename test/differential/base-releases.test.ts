/**
 * Programs of this machine on the bases of other releases of Debian: what elfdeps lets onto a base
 * runs there, with the base's own libraries where it has them; what it refuses does not start there.
 * Downloads about 15 MB a release; ELFDEPS_ROOTS_DIR keeps them between runs.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, describeWith, findCommand, requirement } from '../support/requirement.js';
import {
  Containers,
  chrootRequirements,
  elfdeps,
  elfdepsResult,
  enter,
  run,
  succeed,
} from './containers.js';
import { makeRoot } from './debian-roots.js';

const PACKAGES = 'bash coreutils dash grep gzip libc-bin openssl perl-base sed tar'.split(' ');
const SUITES = ['bullseye-amd64', 'bookworm-amd64', 'trixie-amd64'];

/** Command lines whose answer does not tell which build of a library gave it. */
const PROGRAMS: readonly (readonly [name: string, ...args: string[]])[] = [
  ['git', '--version'],
  ['curl', '-s', 'file:///proc/self/comm'],
  ['sqlite3', '-batch', ':memory:', 'select 6 * 7'],
  ['jq', '-n', '[6 * 7]'],
  ['perl', '-e', 'print 6 * 7, "\\n"; exit 3'],
  ['lua5.4', '-e', 'print(6 * 7)'],
  ['nano', '--version'],
  ['nginx', '-v'],
  ['redis-server', '--version'],
];

const requirements = [
  ...chrootRequirements,
  requirement('an x86-64 machine', process.arch === 'x64'),
  ...['buildah', 'apt-get', 'dpkg-deb', ...PROGRAMS.map(([name]) => name)].map(command),
];

describeWith('bases of other releases', requirements, () => {
  const programs = PROGRAMS.map(([name, ...args]) => ({ path: findCommand(name) ?? '', args }));
  let containers: Containers;
  beforeAll(() => {
    containers = new Containers();
  });
  afterAll(() => containers.close());

  describe.each(SUITES)('%s', (suite) => {
    let root = '';
    beforeAll(() => {
      const kept = process.env.ELFDEPS_ROOTS_DIR ?? join(containers.directory, 'roots');
      succeed('mkdir', '-p', kept);
      root = makeRoot(suite, kept, PACKAGES);
    });

    it('what is accepted runs, what is refused does not', () => {
      const words = ['--base', `localhost/${suite}`, '--base-root', root];
      const accepted = programs.filter(({ path }) => {
        const { status, stdout, stderr } = elfdepsResult('dockerfile', '-q', ...words, path);
        if (status === 0) return true;
        expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
        expect(stderr).toMatch(/does not define \w+_[\d.]+, needed by/);
        return false;
      });
      const refused = programs.filter((program) => !accepted.includes(program));
      console.log(`${suite}: ${accepted.length} programs accepted, ${refused.length} refused`);
      const tree = containers.makeDirectory();
      if (refused.length > 0) succeed('cp', '-a', `${root}/.`, tree);
      for (const { path, args } of refused) {
        // With everything it needs but the base's C library, which must stay.
        const missing = elfdeps('--format', 'list', path)
          .split('\n')
          .filter((file) => file !== '' && !existsSync(join(tree, file)));
        succeed('cp', '-a', '--remove-destination', '--parents', ...missing, path, tree);
        expect(enter(tree, path, ...args).stderr).toMatch(/version `\w+_[\d.]+' not found/);
      }
      if (accepted.length === 0) return;
      containers.build('FROM scratch\nCOPY . /\n', { context: root, tag: `localhost/${suite}` });
      const text = elfdeps('dockerfile', '-q', ...words, ...accepted.map(({ path }) => path));
      expect(text).not.toMatch(/\/libc\.so\.6|\/ld-linux/);
      const container = containers.create(containers.build(text, { contexts: ['build=/'] }));
      for (const { path, args } of accepted)
        expect(containers.run(container, path, ...args)).toEqual(run(path, ...args));
    });
  });
});
