/**
 * /bin/sh, which system() and popen() start, or the program itself. Whether a program ever comes to
 * that nobody knows, and a shell is what many do without in an image: only on demand.
 */

import type { Import } from './evidence.js';
import { execCalls, shellCalls } from './libc-functions.js';
import type { NeedDetector } from './need.js';
import type { ProgramFacts } from './program-facts.js';

const SHELL = '/bin/sh';

export const shell: NeedDetector = {
  kind: 'shell',
  summary: '/bin/sh for system() and popen()',
  detect(context) {
    const because = context.because('shell', findShellCall(context));
    if (because === undefined || !context.files.resolve(SHELL).found) return undefined;
    return { because, confidence: 'likely', starts: [SHELL] };
  },
};

/** What starts a shell: the program first, by a function that does or by the shell's path. */
export function findShellCall(context: ProgramFacts): Import | undefined {
  return (
    context.findOwnImport(shellCalls) ?? findOwnShell(context) ?? context.findImport(shellCalls)
  );
}

/** A program that has the path as a text, and starts programs. */
function findOwnShell(context: ProgramFacts): Import | undefined {
  const call = context.findOwnImport(execCalls);
  if (call === undefined || context.textsAmong(call.object, [SHELL]).size === 0) return undefined;
  return { ...call, text: `${call.text}, and names ${SHELL}` };
}
