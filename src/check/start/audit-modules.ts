/**
 * Audit modules that the loader passes over, and says so. The program runs without them.
 * Source: glibc elf/rtld.c (load_audit_module).
 */
import type { AuditModule, Closure } from '../../closure/closure.js';
import type { Fact } from '../../finding.js';
import { type CheckedProgram, defineCheck } from '../check.js';

/** The function that each module has to define. */
const ENTRY = 'la_version';

export const auditModules = defineCheck({
  rules: [
    {
      code: 'AUDIT_IGNORED',
      levels: ['warning'],
      summary: 'An audit module cannot be loaded.',
      cause: 'LD_AUDIT, DT_AUDIT or DT_DEPAUDIT names a file that is missing or no module.',
      remedy: 'Put it and its libraries into the root, or take it out of the list.',
    },
  ],
  check: (program) =>
    program.closure.auditModules.flatMap((module): Fact<'AUDIT_IGNORED'>[] => {
      const { name, source, refusal } = module;
      const isLost = refusal !== undefined || !definesEntry(module, program);
      if (!isLost) return [];
      const why = refusal ?? { fact: `undefined symbol: ${ENTRY}` };
      const lost = refusal === undefined ? undefined : missingOf(module);
      return [
        {
          code: 'AUDIT_IGNORED',
          severity: 'warning',
          path: name,
          message: `${name}: ignored, ${source} asks for it: ${factOf(module, lost)}`,
          seen: program.closure.traits?.words.auditIgnored?.(name, why),
          cause: `${source} names a file that the loader cannot load as an audit module; the program runs without it`,
          remedy: remedyFor(program.closure, module, lost),
        },
      ];
    }),
});

function definesEntry({ objects: [module] }: AuditModule, { symbols }: CheckedProgram): boolean {
  return module === undefined || symbols.of(module)?.definitions(ENTRY).length !== 0;
}

/** The first library of the module that is missing; undefined where the module itself is. */
function missingOf({ libraries }: AuditModule): string | undefined {
  return libraries.find(({ status }) => status === 'missing')?.name;
}

function factOf({ refusal, objects }: AuditModule, lost: string | undefined): string {
  if (lost !== undefined) return `it needs ${lost}, which is not found`;
  if (refusal === undefined) return `it does not define ${ENTRY}`;
  return objects.length > 0 || refusal.code !== 'cannot-open' ? 'it cannot be loaded' : 'not found';
}

function remedyFor(
  { program }: Closure,
  { name, source, refusal }: AuditModule,
  lost: string | undefined,
): string {
  if (refusal === undefined) return `take ${name} out of ${source}`;
  const needed = lost ?? name;
  return source === 'LD_AUDIT'
    ? `copy ${needed} into the root, or take ${name} out of LD_AUDIT`
    : `copy ${needed} into the root, or link ${program.path} without --audit and --depaudit`;
}
