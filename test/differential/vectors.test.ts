/**
 * Every vector again, answered by real loaders: this machine's own, and those that ELFDEPS_LOADERS
 * names. With ELFDEPS_REQUIRE_ALL=1 a machine that cannot compare fails instead of skipping.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cache } from '../loader/vectors/cache.js';
import { candidates } from '../loader/vectors/candidates.js';
import { loadOrder } from '../loader/vectors/load-order.js';
import { muslVectors } from '../loader/vectors/musl.js';
import { pathsAndTokens } from '../loader/vectors/paths-and-tokens.js';
import { searchOrder } from '../loader/vectors/search-order.js';
import { type RealCase, realLoaders, realRows } from '../support/real-loader.js';
import { vectorRows } from '../support/world.js';

const { loaders, reason } = realLoaders();

const cases: RealCase[] = [];
for (const vector of [...searchOrder, ...loadOrder, ...pathsAndTokens, ...candidates, ...cache])
  for (const loader of loaders.keys())
    if (loader !== 'musl' && (vector.minors?.includes(loader) ?? true))
      cases.push({ vector, loader });
if (loaders.has('musl')) for (const vector of muslVectors) cases.push({ vector, loader: 'musl' });

const compared = cases.filter(({ vector }) => vector.tableOnly === undefined);

if (reason !== undefined)
  it.skipIf(process.env.ELFDEPS_REQUIRE_ALL !== '1')(`real loaders can be run: ${reason}`, () => {
    expect.unreachable(reason);
  });
else
  describe('vectors against real loaders', () => {
    let answers: string[][];
    let differences = 0;
    beforeAll(() => {
      answers = realRows(compared, loaders);
    });
    afterAll(() => {
      const names = [...loaders.keys()].join(', ');
      console.log(`${compared.length} vectors, ${differences} differences (loaders: ${names})`);
    });
    compared.forEach(({ vector, loader }, index) => {
      it(`${vector.id}: ${vector.rule} [${loader === 'musl' ? 'musl' : `2.${loader}`}]`, () => {
        const ours = vectorRows(vector, loader);
        const real = answers[index];
        if (JSON.stringify(ours) !== JSON.stringify(real)) differences++;
        expect(ours).toEqual(real);
      });
    });
  });
