/**
 * `--format json` and `ndjson`: schema elfdeps/1, for programs. The schema is shipped as
 * schema/elfdeps-1.schema.json; fields are only ever added. JSON.stringify leaves out undefined fields.
 */
import type { AuditModule, Closure, Library } from '../../closure/closure.js';
import type { ElfdepsError } from '../../errors.js';
import type { RuntimeNeed } from '../../needs/need.js';
import { jsonText } from '../json-text.js';
import type { Report, ReportInput } from './report.js';

export const json: Report = {
  name: 'json',
  summary: 'schema elfdeps/1, one document',
  needs: 'asked',
  format(input) {
    const document = {
      schema: 'elfdeps/1',
      root: input.root,
      programs: input.closures.map((closure) => programObject(closure, input)),
      errors: input.errors.map(errorObject),
    };
    return `${jsonText(document)}\n`;
  },
};

export const ndjson: Report = {
  name: 'ndjson',
  summary: 'the programs of the json format, one per line',
  needs: 'asked',
  format: (input) =>
    input.closures.map((closure) => `${jsonText(programObject(closure, input), false)}\n`).join(''),
};

function programObject(closure: Closure, { verbose, needs, filesOf }: ReportInput) {
  const { program, interpreter } = closure;
  return {
    path: program.path,
    realPath: program.realPath,
    size: program.entry.size,
    kind: program.kind,
    linkage: closure.linkage,
    target: closure.target,
    libc: closure.libc,
    loader: closure.loader,
    interpreter:
      interpreter === null
        ? null
        : {
            path: interpreter.path,
            realPath: interpreter.realPath ?? null,
            status: interpreter.status,
          },
    libraries: closure.libraries.map((library) => libraryObject(library, verbose)),
    auditModules:
      closure.auditModules.length === 0
        ? undefined
        : closure.auditModules.map((module) => auditObject(module, verbose)),
    runtimeNeeds: needs && (needs.get(program.path) ?? []).map((need) => needObject(need, filesOf)),
    secureExecution: secureObject(closure),
    diagnostics: closure.diagnostics.map(({ code, message, path, hint }) => ({
      code,
      path,
      message,
      hint,
    })),
    fatal: closure.fatal,
    complete: closure.complete,
  };
}

function secureObject({ secureExecution: secure }: Closure) {
  return secure && { ...secure, lost: secure.lost.map(({ name }) => name) };
}

function auditObject({ name, source, objects, libraries, refusal }: AuditModule, verbose: boolean) {
  const [module] = objects;
  return {
    name,
    source,
    path: module?.path ?? null,
    realPath: module?.realPath ?? null,
    status: refusal === undefined ? 'found' : 'missing',
    libraries: libraries.map((library) => libraryObject(library, verbose)),
  };
}

function libraryObject(library: Library, verbose: boolean) {
  const { object } = library;
  return {
    name: library.name,
    needed: library.needed === library.name ? undefined : library.needed,
    path: library.opened?.path ?? object?.path ?? null,
    realPath: object?.realPath ?? null,
    size: object?.entry.size ?? null,
    status: library.status,
    rule: library.rule ?? null,
    neededBy: library.neededBy,
    error: library.error,
    tried: verbose || object === undefined ? library.tried : undefined,
  };
}

function needObject(need: RuntimeNeed, filesOf: ReportInput['filesOf']) {
  const { kind, because, confidence, opens, directories, generated } = need;
  const files = filesOf?.(need) ?? need.files;
  const names = opens.map(({ name }) => name).filter((name) => !files.includes(name));
  const made = [...directories.map(({ path }) => path), ...Object.keys(generated)];
  return {
    kind,
    because,
    confidence,
    files,
    opens: names.length === 0 ? undefined : [...new Set(names)],
    makes: made.length === 0 ? undefined : made,
  };
}

/** An error as every JSON format shows it. */
export function errorObject(error: ElfdepsError) {
  return {
    code: error.code,
    path: error.path ?? null,
    message: error.message,
    hint: error.hint,
  };
}
