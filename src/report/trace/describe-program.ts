/**
 * What kind of file a program is, in words.
 */
import type { Closure } from '../../closure/closure.js';
import { describeTarget } from '../../elf/target.js';

/** What kind of file it is, in a few words. */
export function describeProgram(closure: Closure): string {
  const { program, linkage, target, libc } = closure;
  const cpu = target === null ? '' : `${describeTarget(target)} `;
  const { kind, elf } = program;
  if (kind === 'script') return `script, run by ${program.shebang?.interpreter}`;
  if (kind === 'relocatable') return `${cpu}relocatable object: nothing loads it`;
  if (kind === 'core') return `${cpu}core dump: nothing loads it`;
  const what = kind === 'executable' ? 'executable' : 'shared library';
  if (elf?.debugOnly)
    return `${cpu}debug information of ${kind === 'executable' ? 'an' : 'a'} ${what}: nothing loads it`;
  if (linkage !== 'dynamic') return `${linkage} ${cpu}${what}: needs no loader and no library`;
  // A library that needs nothing is for no C library. The C libraries themselves are such libraries.
  const isFor = closure.interpreter !== null || closure.libraries.length > 0;
  return `dynamic ${cpu}${what}${libc === null || !isFor ? '' : ` for ${libc}`}`;
}
