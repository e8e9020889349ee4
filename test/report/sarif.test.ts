/**
 * `elfdeps check --format sarif` against the JSON schema of SARIF 2.1.0, whatever the files are called.
 */
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { checkTrace } from '../../src/index.js';
import { sarif } from '../../src/report/sarif.js';
import { glibcSystem, program, traceWorld, type World } from '../support/world.js';

const require = createRequire(import.meta.url);
const {
  $schema,
  id,
  ...schema
} = require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
// The schema is of draft 4, whose `id` is the only thing in it that later drafts do not know.
const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(
  schema,
);

const world: World = {
  ...glibcSystem(36),
  '/bin/good': program(),
  '/bin/odd': program({ needed: ['libodd.so'] }),
  '/bin/\ud800 ü%/x': program({ interpreter: '/lib/ld-linux.so.9' }),
};

function logOf(paths: readonly string[]) {
  const trace = traceWorld(world, paths);
  const { errors } = trace;
  const input = { root: '/', errors, names: new Map(), version: '1.2.3', color: false };
  return JSON.parse(sarif.format({ ...input, programs: checkTrace(trace) }));
}

it('is valid, and has a result for each finding', () => {
  const log = logOf(['/bin/good', '/bin/odd', '/bin/\ud800 ü%/x', '/bin/gone']);
  validate(log);
  expect(validate.errors).toBeNull();
  const [run] = log.runs;
  expect(run.tool.driver).toMatchObject({ name: 'elfdeps', version: '1.2.3' });
  expect(run.invocations[0].executionSuccessful).toBe(false);
  expect(run.results).toMatchObject([
    {
      ruleId: 'LIBRARY_NOT_FOUND',
      level: 'error',
      locations: [{ physicalLocation: { artifactLocation: { uri: 'bin/odd' } } }],
    },
    {
      ruleId: 'INTERPRETER_MISSING',
      locations: [
        { physicalLocation: { artifactLocation: { uri: 'bin/%EF%BF%BD%20%C3%BC%25/x' } } },
      ],
    },
  ]);
  for (const { ruleId, ruleIndex } of run.results)
    expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
});

it('the schema finds what is wrong', () => {
  expect(validate({ ...logOf(['/bin/odd']), version: '3' })).toBe(false);
  expect(validate({ version: '2.1.0', runs: [{ results: [{}] }] })).toBe(false);
});
