/**
 * Every message of the table again, printed by real loaders that start the program: this machine's
 * own, and those that ELFDEPS_LOADERS names.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { firstLine, messages, messageWorld } from '../loader/vectors/messages.js';
import { type LoaderKey, realLoaders, runJobs, writeRealWorld } from '../support/real-loader.js';
import { glibcSystem, muslSystem } from '../support/world.js';

const { loaders, reason } = realLoaders();

const cases = [...loaders.keys()].flatMap((loader) =>
  messages
    .filter(({ musl }) => loader !== 'musl' || musl !== undefined)
    .map((row) => {
      const system = loader === 'musl' ? muslSystem() : glibcSystem(loader);
      const world = { ...system, ...messageWorld(row, loader === 'musl' ? 'musl' : 'glibc') };
      return { row, loader, world };
    }),
);
const nameOf = (loader: LoaderKey) => (loader === 'musl' ? 'musl' : `glibc 2.${loader}`);

if (reason !== undefined)
  it.skipIf(process.env.ELFDEPS_REQUIRE_ALL !== '1')(`real loaders can be run: ${reason}`, () => {
    expect.unreachable(reason);
  });
else
  describe('messages of real loaders', () => {
    let printed: string[];
    beforeAll(() => {
      const answers = runJobs(cases, ({ row, world }, root) => {
        writeRealWorld(root, world, loaders);
        const { libraryPath, preload } = row.options ?? {};
        const env: Record<string, string> = {};
        if (libraryPath !== undefined) env.LD_LIBRARY_PATH = libraryPath;
        if (preload !== undefined) env.LD_PRELOAD = preload;
        return { root, cwd: '/', argv: ['/app/main'], env };
      });
      printed = answers.map(({ err }) => err.split('\n', 1)[0] as string);
    });
    cases.forEach(({ row, loader, world }, index) => {
      it(`${row.what} [${nameOf(loader)}]`, () => {
        const ours = firstLine(world, row.options);
        expect(ours).toBe(printed[index]);
      });
    });
  });
