/**
 * Audit modules of a program: libraries that watch the loader at work. Each is loaded before the program's
 * own libraries, with libraries of its own in a namespace of its own. One that cannot be loaded is passed
 * over, and the program runs without it.
 * Source: rtld-audit(7); glibc elf/rtld.c (load_audit_module).
 */
import type { ConfiguredLoader, LoadedObject, Request } from '../loader/loader.js';
import type { AuditModule, Closure, Library } from './closure.js';
import { Walk, type WalkLoader } from './walk.js';

/** The modules that a program asks for, in the order in which they are loaded. */
export function auditModulesOf(
  program: LoadedObject,
  configured: ConfiguredLoader,
  loader: WalkLoader,
): AuditModule[] {
  const requests = configured.auditRequests?.(program) ?? [];
  return requests.map((request) => loadModule(request, program, configured, loader));
}

function loadModule(
  request: Request,
  program: LoadedObject,
  configured: ConfiguredLoader,
  loader: WalkLoader,
): AuditModule {
  const { exclusions } = loader;
  const session = configured.startAudit?.(program) ?? configured.start(program);
  const found = session.locate(request, program);
  const { name, source = '' } = request;
  const common = { name, source, tried: found.tried, objects: [], libraries: [] };
  // What is left out is provided elsewhere.
  if (exclusions.hasName(name)) return common;
  if (found.outcome === 'missing' || found.outcome === 'fatal')
    return { ...common, refusal: found.refusal };
  // The loader itself is no module.
  if (found.outcome === 'loaded') return common;
  if (exclusions.hasObject(found.object)) return common;
  const walk = new Walk(found.object, session, loader);
  walk.start();
  const { objects, libraries } = walk.result();
  const refusal = walk.refusal ?? libraries.find(({ status }) => status === 'missing')?.refusal;
  return { ...common, objects, libraries, refusal };
}

/** Rows about what the audit modules of a closure made the loader look for: themselves, and their needs. */
export function auditRows({ program, auditModules }: Closure): Library[] {
  return auditModules.flatMap(({ name, tried, objects: [object], libraries, refusal }) => [
    {
      name,
      needed: name,
      kind: 'audit',
      status: object === undefined ? 'missing' : 'found',
      object,
      rule: object?.rule,
      listed: false,
      neededBy: [program.path],
      tried,
      refusal,
    },
    ...libraries,
  ]);
}
