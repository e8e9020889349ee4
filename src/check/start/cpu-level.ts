/**
 * The x86-64 level that the objects of a process say they need, against the CPU's.
 * Sources: x86-64 psABI, "Micro-Architecture Levels"; glibc sysdeps/x86/dl-prop.h
 * (dl_isa_level_check), sysdeps/x86/cpu-features.c (the loader's own level).
 */
import { describeTarget } from '../../elf/target.js';
import { UsageError } from '../../errors.js';
import type { LoadedObject } from '../../loader/loader.js';
import type { Check, CheckContext, Fact } from '../check.js';

const LEVEL = /^(?:x86-64-)?v([1-4])$/;

/** The N of `x86-64-vN`; undefined when not given. Throws UsageError for anything else. */
function parseCpuLevel(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const level = LEVEL.exec(text)?.[1];
  if (level === undefined)
    throw new UsageError(`unknown CPU level '${text}'`, {
      hint: 'known are x86-64-v1, x86-64-v2, x86-64-v3 and x86-64-v4',
    });
  return Number(level);
}

export const checkCpuLevel: Check = ({ closure, options }) => {
  const level = parseCpuLevel(options.cpu);
  const { path, elf } = closure.program;
  if (level !== undefined && elf !== undefined && !/^(?:x86-64|i386)$/.test(elf.target.machine))
    return [noLevels(path, describeTarget(elf.target))];
  const loader = closure.objects.find(({ role }) => role === 'interpreter');
  return closure.objects.flatMap((object) => {
    const needed = levelOf(object);
    // Every x86-64 CPU has the first level.
    if (needed <= (level ?? 1)) return [];
    return [tooNew(object, needed, level, closure, object === loader)];
  });
};

/** The levels are those of x86-64; for another CPU the option asks nothing. */
function noLevels(path: string, target: string): Fact {
  return {
    code: 'CPU_LEVEL',
    severity: 'note',
    path,
    message: `${path}: for ${target}, which has no levels; --cpu was not looked at`,
    cause: 'x86-64-v1 to x86-64-v4 are levels of x86-64 CPUs',
    remedy: 'leave --cpu out for this file',
  };
}

/** What the note says, or the directory that such variants stand in. */
function levelOf({ elf, path }: LoadedObject): number {
  const byNote = 32 - Math.clz32(elf.isaNeeded & 0xf);
  const byPath = Number(/\/glibc-hwcaps\/x86-64-v([2-4])\//.exec(path)?.[1] ?? 0);
  return Math.max(byNote, byPath);
}

function tooNew(
  { path, elf }: LoadedObject,
  needed: number,
  level: number | undefined,
  closure: CheckContext['closure'],
  isLoader: boolean,
): Fact {
  const noted = elf.isaNeeded !== 0;
  const { cpuRefused, cpuTooOld } = closure.traits?.words ?? {};
  const told = isLoader ? cpuTooOld?.(needed) : noted ? cpuRefused?.(path) : undefined;
  return {
    code: 'CPU_LEVEL',
    // What has no note is not refused: it dies when it comes to an instruction that is not there.
    severity: level !== undefined && noted && cpuRefused !== undefined ? 'error' : 'warning',
    path,
    message:
      level === undefined
        ? `${path}: for x86-64-v${needed} CPUs only`
        : `${path}: for x86-64-v${needed} CPUs only, and this one is x86-64-v${level}`,
    seen: told ?? 'Illegal instruction (core dumped)',
    cause: noted
      ? 'its .note.gnu.property says which instructions it was compiled with'
      : 'it stands in a directory for variants for newer CPUs',
    remedy:
      level === undefined
        ? `run it on such CPUs only (--cpu x86-64-v${needed} says they are), or compile it with -march=x86-64`
        : `compile it with -march=x86-64${level > 1 ? `-v${level}` : ''}, or take a build of it for older CPUs`,
  };
}
