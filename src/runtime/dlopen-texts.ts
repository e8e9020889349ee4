/**
 * Names of libraries in the data of the program, where something imports dlopen: what it may open.
 * A guess, which is why it is only told.
 */

import { dlopenCalls } from './calls.js';
import { evidenceText } from './evidence.js';
import type { NeedContext } from './need-context.js';
import type { NeedDetector } from './runtime-need.js';

const NAME = /^(?:\/[\w./+-]*\/)?[\w+-][\w.+-]*\.so(?:\.\d+)*$/;
/** More than these are no list of libraries any more. */
const MOST = 64;

export const dlopenTexts: NeedDetector = {
  kind: 'dlopen-texts',
  summary: 'libraries whose names stand in a program that imports dlopen',
  detect(context) {
    const names = dlopenNames(context);
    const found = context.findOwnImport(dlopenCalls);
    if (found === undefined || names.length === 0) return undefined;
    return {
      because: `${evidenceText(found)}, and names ${names.slice(0, 3).join(', ')}`,
      confidence: 'possible',
      opens: names.map((name) => ({ name, from: found.object.path })),
    };
  },
};

/** Such names, without those that are needed anyway; none where the program has no dlopen. */
export function dlopenNames(context: NeedContext): string[] {
  const { program, closure } = context;
  // Every static program of glibc has dlopen, for the modules of libc itself.
  if (program === undefined || closure.linkage !== 'dynamic') return [];
  if (context.findOwnImport(dlopenCalls) === undefined) return [];
  const names = new Set<string>();
  context.findText(program, '.so', (text) => NAME.test(text) && names.add(text).size >= MOST);
  const needed = new Set([closure.interpreter?.path, ...closure.libraries.map(({ name }) => name)]);
  return [...names].filter((name) => !needed.has(name));
}
