/**
 * The shipped JSON schema as a judge of text: throws with the place and the reason where output
 * departs from it.
 */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

const readSchema = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../schema/${name}`, import.meta.url), 'utf8'));

export const schema = readSchema('elfdeps-1.schema.json');

/** The schemas of check and why, which repeat what they share with the first one. */
export const otherSchemas = ['check', 'why'].map((name) =>
  readSchema(`elfdeps-${name}-1.schema.json`),
);

/** The schema of slim, which is about images. */
const slimSchema = readSchema('elfdeps-slim-1.schema.json');

/** The schema of manifests, which shares nothing with the others. */
export const manifestSchema = readSchema('elfdeps-manifest-1.schema.json');

// Each by itself, as users load them.
const newAjv = () => new Ajv2020({ allErrors: true, allowUnionTypes: true });
const ajv = newAjv();
ajv.addSchema(schema);
const loaded = [
  ajv,
  ...[...otherSchemas, slimSchema, manifestSchema].map((other) => newAjv().addSchema(other)),
];
const validateDocument = validator('elfdeps-1.schema.json');
const validateCheck = validator('elfdeps-check-1.schema.json');
const validateWhy = validator('elfdeps-why-1.schema.json');
const validateSlim = validator('elfdeps-slim-1.schema.json');
const validateManifest = validator('elfdeps-manifest-1.schema.json');
const validateProgram = validator('elfdeps-1.schema.json#/$defs/program');

function validator(reference: string): ValidateFunction {
  const file = reference.replace(/#.*/, '');
  const validate = loaded.find((own) => own.getSchema(file) !== undefined)?.getSchema(reference);
  if (validate === undefined) throw new Error(`no ${reference}`);
  return validate;
}

/** The text of `--format json`: one document of the schema it names, one newline at the end. */
export function requireValidJson(text: string): void {
  const document = JSON.parse(text);
  const validators = {
    'elfdeps-check/1': validateCheck,
    'elfdeps-why/1': validateWhy,
    'elfdeps-slim/1': validateSlim,
  };
  const name = document.schema as keyof typeof validators;
  requireValid(validators[name] ?? validateDocument, document);
  if (!text.endsWith('}\n')) throw new Error('the document does not end with one newline');
}

/** The text of `--manifest`, likewise. */
export function requireValidManifest(text: string): void {
  requireValid(validateManifest, JSON.parse(text));
  if (!text.endsWith('}\n')) throw new Error('the document does not end with one newline');
}

/** The text of `--format ndjson`: a program on each line, nothing at all for none. */
export function requireValidNdjson(text: string): void {
  if (text === '') return;
  if (!text.endsWith('\n')) throw new Error('the last line has no newline');
  for (const line of text.slice(0, -1).split('\n')) requireValid(validateProgram, JSON.parse(line));
}

/** Whether a value is a valid document; for tests of the schema itself. */
export function isValidDocument(value: unknown): boolean {
  return validateDocument(value);
}

function requireValid(validate: ValidateFunction, value: unknown): void {
  if (!validate(value))
    throw new Error(`not as the schema says: ${ajv.errorsText(validate.errors)}`);
}
