/**
 * The shipped JSON schema as a judge of text: throws with the place and the reason where output
 * departs from it.
 */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

export const schema = JSON.parse(
  readFileSync(new URL('../../schema/elfdeps-1.schema.json', import.meta.url), 'utf8'),
);

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
ajv.addSchema(schema);
const validateDocument = validator('elfdeps-1.schema.json');
const validateProgram = validator('elfdeps-1.schema.json#/$defs/program');

function validator(reference: string): ValidateFunction {
  const validate = ajv.getSchema(reference);
  if (validate === undefined) throw new Error(`no ${reference}`);
  return validate;
}

/** The text of `--format json`: one document, one newline at the end. */
export function requireValidJson(text: string): void {
  requireValid(validateDocument, JSON.parse(text));
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
