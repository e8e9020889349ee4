/**
 * The x86-64 level that the objects of a process say they need, against the CPU's.
 * Sources: x86-64 psABI, "Micro-Architecture Levels"; glibc sysdeps/x86/dl-prop.h
 * (dl_isa_level_check), sysdeps/x86/cpu-features.c (the loader's own level).
 */
import { describeTarget } from '../../elf/target.js';
import { listed, UsageError } from '../../errors.js';
import type { Fact } from '../../finding.js';
import type { LoadedObject } from '../../loader/loader.js';
import { type CheckedProgram, defineCheck } from '../check.js';

/** Values of --cpu. */
export const CPU_LEVELS = ['x86-64-v1', 'x86-64-v2', 'x86-64-v3', 'x86-64-v4'] as const;

/** The N of `x86-64-vN`; undefined when not given. Throws UsageError for anything else. */
function parseCpuLevel(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const index = CPU_LEVELS.findIndex((level) => level === text || level === `x86-64-${text}`);
  if (index === -1)
    throw new UsageError(`unknown CPU level '${text}'`, {
      hint: `known: ${listed(CPU_LEVELS, 'and')}`,
    });
  return index + 1;
}

type CpuFact = Fact<'CPU_LEVEL'>;

export const cpuLevel = defineCheck({
  rules: [
    {
      code: 'CPU_LEVEL',
      levels: ['error', 'warning', 'note'],
      summary: 'A file needs a newer CPU than the one to run on.',
      cause: 'It was compiled for a higher level of x86-64, and says so in a note.',
      remedy: 'Use a newer CPU, or a build for an older level.',
    },
  ],
  check({ closure, options }) {
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
  },
});

/** Only x86-64 CPUs have levels; for another CPU the option means nothing. */
function noLevels(path: string, target: string): CpuFact {
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
  closure: CheckedProgram['closure'],
  isLoader: boolean,
): CpuFact {
  const noted = elf.isaNeeded !== 0;
  const { cpuRefused, cpuTooOld } = closure.traits?.words ?? {};
  const refusal = noted ? cpuRefused?.(path) : undefined;
  return {
    code: 'CPU_LEVEL',
    // The loader refuses only what has a note; the rest dies of an instruction that the CPU lacks.
    severity: level !== undefined && noted && cpuRefused !== undefined ? 'error' : 'warning',
    path,
    message:
      level === undefined
        ? `${path}: for x86-64-v${needed} CPUs only`
        : `${path}: for x86-64-v${needed} CPUs only, and this one is x86-64-v${level}`,
    seen: (isLoader ? cpuTooOld?.(needed) : refusal) ?? 'Illegal instruction (core dumped)',
    cause: noted
      ? 'its .note.gnu.property says which instructions it was compiled with'
      : 'it stands in a directory for variants for newer CPUs',
    remedy:
      level === undefined
        ? `run it on such CPUs only (--cpu x86-64-v${needed} says they are), or compile it with -march=x86-64`
        : `compile it with -march=x86-64${level > 1 ? `-v${level}` : ''}, or take a build of it for older CPUs`,
  };
}
