/**
 * Names of libraries in the data of the program, where something imports dlopen: what it may open.
 * A guess, which is why it is only told.
 */

import { importText } from './need-context.js';
import type { NeedDetector } from './runtime-need.js';

const NAME = /^(?:\/[\w./+-]*\/)?[\w+-][\w.+-]*\.so(?:\.\d+)*$/;
/** More than these are no list of libraries any more. */
const MOST = 64;

export const dlopenTexts: NeedDetector = {
  kind: 'dlopen-texts',
  summary: 'libraries whose names stand in a program that imports dlopen',
  detect(context) {
    const found = context.findOwnImport(['dlopen', 'dlmopen']);
    if (found === undefined) return undefined;
    const names = new Set<string>();
    context.findText(
      found.object,
      '.so',
      (text) => NAME.test(text) && names.add(text).size >= MOST,
    );
    const { interpreter, libraries } = context.closure;
    const needed = new Set([interpreter?.path, ...libraries.map(({ name }) => name)]);
    const opens = [...names].filter((name) => !needed.has(name));
    if (opens.length === 0) return undefined;
    return {
      because: `${importText(found)}, and names ${opens.slice(0, 3).join(', ')}`,
      confidence: 'possible',
      opens: opens.map((name) => ({ name, from: found.object.path })),
    };
  },
};
