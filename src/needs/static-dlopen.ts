/**
 * Static programs of musl that have dlopen in them: there it always fails, whatever the image holds.
 * Source: musl ldso/dlerror.c, src/ldso/dlopen.c (stub_dlopen).
 */
import type { Evidence } from './evidence.js';
import type { NeedDetector } from './need.js';
import type { ProgramFacts } from './program-facts.js';
import { hasSwitch } from './static-name-services.js';

const MESSAGE = 'Dynamic loading not supported';

export const staticDlopen: NeedDetector = {
  kind: 'static-dlopen',
  summary: 'dlopen in a static program of musl, which always fails (told, adds nothing)',
  detect(context) {
    const found = findStubDlopen(context);
    return found && { because: `${found.object.path} ${found.text}`, confidence: 'possible' };
  },
};

/** That a static program has musl's dlopen. */
export function findStubDlopen(context: ProgramFacts): Evidence | undefined {
  const { program, closure } = context;
  if (program === undefined || closure.linkage === 'dynamic') return undefined;
  if (hasSwitch(context, program)) return undefined;
  if (context.findText(program, MESSAGE, (text) => text === MESSAGE) === undefined)
    return undefined;
  return { object: program, text: `is static, where musl's dlopen says '${MESSAGE}'` };
}
