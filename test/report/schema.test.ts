/**
 * The JSON schema itself: sound, strict about what it owns, and complete about the names in the code.
 */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { loaders } from '../../src/registry.js';
import { isValidDocument, otherSchemas, schema } from './json-schema.js';

const source = (path: string) =>
  readFileSync(new URL(`../../src/${path}`, import.meta.url), 'utf8');

/** The quoted members of a union type. */
function membersOf(text: string, type: string): string[] {
  const body = new RegExp(`export type ${type} =([^;]+);`).exec(text)?.[1] ?? '';
  return [...body.matchAll(/'([^']+)'/g)].map((match) => match[1] as string).sort();
}

const library = {
  name: 'liba.so',
  path: '/lib/liba.so',
  realPath: '/lib/liba.so',
  size: 1,
  status: 'found',
  rule: 'default',
  neededBy: ['/app'],
};

const program = {
  path: '/app',
  realPath: '/app',
  size: 1,
  kind: 'executable',
  linkage: 'dynamic',
  target: { machine: 'x86-64', class: 64, endian: 'little', abi: null },
  libc: 'glibc',
  loader: 'glibc',
  interpreter: { path: '/lib/ld.so', realPath: '/lib/ld.so', status: 'found' },
  libraries: [library],
  runtimeNeeds: [],
  diagnostics: [],
  complete: true,
};

const documentOf = (changes: object) => ({
  schema: 'elfdeps/1',
  root: '/',
  programs: [{ ...program, ...changes }],
  errors: [],
});

it('is a valid schema of draft 2020-12, in which ajv finds nothing strange', () => {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
  expect(ajv.validateSchema(schema)).toBe(true);
  expect(() => ajv.compile(schema)).not.toThrow();
});

it('names every search rule, outcome, kind and linkage of the code', () => {
  const { rule, attempt, program: own } = schema.$defs;
  const loader = source('loader/loader.ts');
  const elfFile = source('elf/elf-file.ts');
  expect([...rule.enum].sort()).toEqual(membersOf(loader, 'SearchRule'));
  expect([...attempt.properties.outcome.enum].sort()).toEqual(membersOf(loader, 'AttemptOutcome'));
  expect([...own.properties.kind.enum].sort()).toEqual(
    [...membersOf(elfFile, 'ElfKind'), 'script'].sort(),
  );
  expect([...own.properties.linkage.enum].sort()).toEqual(membersOf(elfFile, 'Linkage'));
  expect(own.properties.loader.enum.slice(0, -1).sort()).toEqual(membersOf(loader, 'LoaderName'));
  expect(own.properties.libc.enum).toEqual([...loaders.map(({ libc }) => libc), null]);
});

it('describes every property, or refers to a definition that does', () => {
  const silent = Object.entries<{ properties?: object }>(schema.$defs).flatMap(([name, value]) =>
    Object.entries<Record<string, unknown>>((value.properties ?? {}) as never)
      .filter(([, property]) => property.description === undefined && property.$ref === undefined)
      .map(([property]) => `${name}.${property}`),
  );
  expect(silent).toEqual([]);
});

it('accepts a plain document', () => {
  expect(isValidDocument(documentOf({}))).toBe(true);
});

it.each<[string, object]>([
  ['an unknown field', { extra: 1 }],
  ['a relative real path', { realPath: 'app' }],
  ['an unknown kind', { kind: 'program' }],
  ['a static program with libraries', { linkage: 'static', loader: null }],
  ['a fatal error in a complete program', { fatal: 'file too short' }],
  ['a negative size', { size: -1 }],
  ['an interpreter that is found nowhere', { interpreter: { path: '/ld', status: 'found' } }],
  ['a missing library with a path', { libraries: [{ ...library, status: 'missing', tried: [] }] }],
  ['a found library without a path', { libraries: [{ ...library, path: null }] }],
  ['a found library with an error', { libraries: [{ ...library, error: 'no' }] }],
  [
    'a missing library without its attempts',
    {
      libraries: [
        { ...library, status: 'missing', path: null, realPath: null, size: null, rule: null },
      ],
    },
  ],
])('refuses %s', (_what, changes) => {
  expect(isValidDocument(documentOf(changes))).toBe(false);
});

it('the schemas of check and why say the same of what they share', () => {
  for (const { $id, $defs } of otherSchemas) {
    // What is a program or a library is said by each in its own way.
    const isOwn = (name: string) => ['program', 'library'].includes(name);
    const shared = Object.keys($defs).filter((name) => name in schema.$defs && !isOwn(name));
    expect(shared, $id).toContain('error');
    for (const name of shared) expect($defs[name], `${$id} ${name}`).toEqual(schema.$defs[name]);
    expect(JSON.stringify($defs)).not.toMatch(/"\$ref":"[^#]/);
  }
});
