/**
 * Worlds by chance, compared with real loaders. ELFDEPS_RANDOM_WORLDS sets how many, ELFDEPS_SEED
 * where to begin; a difference names the seed, which alone makes its world again.
 */
import { describe, expect, it } from 'vitest';
import { Random } from '../support/random.js';
import { randomVector } from '../support/random-world.js';
import { type RealCase, realLoaders, realRows } from '../support/real-loader.js';
import { vectorRows } from '../support/world.js';

const { loaders, reason } = realLoaders();
const count = Number(process.env.ELFDEPS_RANDOM_WORLDS ?? 100);
const first = Number(process.env.ELFDEPS_SEED ?? 1);

if (reason !== undefined)
  it.skipIf(process.env.ELFDEPS_REQUIRE_ALL !== '1')(`real loaders can be run: ${reason}`, () => {
    expect.unreachable(reason);
  });
else
  describe('worlds by chance against real loaders', () => {
    for (const loader of loaders.keys())
      it(`${count} worlds [${loader === 'musl' ? 'musl' : `2.${loader}`}]`, () => {
        const kind = loader === 'musl' ? 'musl' : 'glibc';
        const cases = Array.from({ length: count }, (_, index): RealCase => {
          const seed = first + index;
          return { vector: randomVector(new Random(seed), kind, `seed ${seed}`), loader };
        });
        const real = realRows(cases, loaders);
        const ours = cases.map(({ vector }) => vectorRows(vector, loader));
        const differences = cases.flatMap(({ vector }, index) =>
          // A loader that hangs or fails an assertion has no answer (filters that form circles).
          real[index]?.[0]?.startsWith('no answer') ||
          JSON.stringify(ours[index]) === JSON.stringify(real[index])
            ? []
            : [{ world: vector.id, ours: ours[index], real: real[index] }],
        );
        console.log(`${count} worlds, ${differences.length} differences (loader: ${loader})`);
        expect(differences).toEqual([]);
      });
  });
