/**
 * The corpus of the fuzzer, input by input: an ElfdepsError or an answer, and nothing else. `npm run fuzz`
 * changes these inputs.
 */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { Corpus } from '../fuzz/corpus.js';
import { formats } from '../fuzz/formats.js';
import { ElfdepsError } from '../src/errors.js';

const directory = fileURLToPath(new URL('../fuzz/corpus', import.meta.url));

it.each(formats.map((format) => [format.name, format] as const))('%s', async (_name, format) => {
  const { inputs } = new Corpus(format, directory);
  expect(inputs.length).toBeGreaterThan(0);
  let passed = 0;
  for (const input of inputs)
    try {
      if (await format.run(input)) passed++;
    } catch (error) {
      if (!(error instanceof ElfdepsError)) throw error;
    }
  expect(passed).toBeGreaterThan(0);
});
