/**
 * Static programs of musl that have dlopen in them: there it always fails, whatever the image holds.
 * Source: musl ldso/dlerror.c, src/ldso/dlopen.c (stub_dlopen).
 */
import type { Evidence } from './evidence.js';
import { defineNeed } from './need.js';
import type { ProgramFacts } from './program-facts.js';
import { hasSwitch } from './static-name-services.js';

const MESSAGE = 'Dynamic loading not supported';

export const staticDlopen = defineNeed({
  isOnlyTold: true,
  kind: 'static-dlopen',
  summary: 'dlopen in a static program of musl, which always fails (told, adds nothing)',
  documentation: {
    evidence: "musl's `Dynamic loading not supported` in a static program",
    added: 'nothing: its dlopen always fails',
    confidence: ['possible'],
  },
  detect(facts) {
    const found = findStubDlopen(facts);
    return found && { because: `${found.object.path} ${found.text}`, confidence: 'possible' };
  },
  absent: {
    rules: [
      {
        code: 'STATIC_DLOPEN',
        levels: ['warning'],
        summary: 'A static program for musl has dlopen.',
        cause: "musl's dlopen in a static program always fails.",
        remedy: 'Link the program dynamically, or build its plug-ins in.',
      },
    ],
    check(facts) {
      const { path, kind } = facts.closure.program;
      if (kind !== 'executable' || findStubDlopen(facts) === undefined) return [];
      return [
        {
          code: 'STATIC_DLOPEN',
          severity: 'warning',
          path,
          message: `${path}: a static program for musl that has dlopen`,
          seen: MESSAGE,
        },
      ];
    },
  },
});

/** That a static program has musl's dlopen. */
function findStubDlopen(facts: ProgramFacts): Evidence | undefined {
  const { program, closure } = facts;
  if (program === undefined || closure.linkage === 'dynamic') return undefined;
  if (hasSwitch(facts, program)) return undefined;
  if (facts.findText(program, MESSAGE, (text) => text === MESSAGE) === undefined) return undefined;
  return { object: program, text: `is static, where musl's dlopen says '${MESSAGE}'` };
}
