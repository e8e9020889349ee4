/**
 * `elfdeps check --format sarif` against the JSON schema of SARIF 2.1.0, whatever the files are called.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { checkTrace } from '../../src/index.js';
import { findingRules } from '../../src/registry.js';
import { sarif } from '../../src/report/check/sarif.js';
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

function logOf(
  paths: readonly string[],
  root = '/srv/root',
  names: ReadonlyMap<string, string> = new Map(),
) {
  const trace = traceWorld(world, paths);
  const { errors } = trace;
  const input = { root, errors, names, version: '1.2.3', color: false };
  return JSON.parse(sarif(findingRules).format({ ...input, programs: checkTrace(trace) }));
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

it('names the file as it was typed', () => {
  const uriOf = (typed: string | undefined, root: string) => {
    const names = new Map(typed === undefined ? [] : [['/bin/odd', typed]]);
    const [result] = logOf(['/bin/odd'], root, names).runs[0].results;
    return result.locations[0].physicalLocation.artifactLocation.uri;
  };
  expect(uriOf('build/a b', '/')).toBe('build/a%20b');
  expect(uriOf('./build/odd', 'alpine.tar')).toBe('build/odd');
  expect(uriOf('../odd:1', '/')).toBe('../odd%3A1');
  expect(uriOf('/bin/odd', '/')).toBe('file:///bin/odd');
  expect(uriOf(undefined, '/')).toBe('file:///bin/odd');
  expect(uriOf('/bin/odd', '/srv/root')).toBe('bin/odd');
});

it('describes a rule in general, and a result with its cause and remedy', () => {
  const [run] = logOf(['/bin/odd']).runs;
  const [rule] = run.tool.driver.rules;
  expect(rule.shortDescription.text).toBe('A needed library is not found in the root.');
  expect(rule.fullDescription.text).toContain('No directory that the loader searches');
  expect(rule.help.text).toMatch(/^Cause: .*\n\nRemedy: /);
  expect(JSON.stringify(rule)).not.toContain('odd');
  expect(run.results[0].message.text).toMatch(
    /^libodd\.so: not found, needed by \/bin\/odd\. Cause: no directory .*\. Remedy: copy the file .*\.$/,
  );
});

it('knows a rule for every finding, and no other', () => {
  const texts = ['check', 'needs'].flatMap((room) => {
    const directory = new URL(`../../src/${room}/`, import.meta.url);
    return readdirSync(directory, { encoding: 'utf8', recursive: true })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(new URL(name, directory), 'utf8'));
  });
  // A rule has levels behind its code; missingFiles() and absentNames() make findings of their rules by themselves.
  const codes = texts.flatMap((text) =>
    [
      ...text.matchAll(
        /\bcode:([^,;]*),(?!\s*levels:)|\b(?:missingFiles\(\{\s*rule: |absentNames\('\w+', )\{\s*code:([^,]*),/g,
      ),
    ].flatMap(([, own = '', value = own]) =>
      [...value.matchAll(/'([A-Z][A-Z_]+)'/g)].map(([, code = '']) => code),
    ),
  );
  expect(codes.length).toBeGreaterThan(50);
  expect(findingRules.map(({ code }) => code).toSorted()).toEqual([...new Set(codes)].sort());
});

it('the schema finds what is wrong', () => {
  expect(validate({ ...logOf(['/bin/odd']), version: '3' })).toBe(false);
  expect(validate({ version: '2.1.0', runs: [{ results: [{}] }] })).toBe(false);
});
