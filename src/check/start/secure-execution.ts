/**
 * Programs that give the user who starts them more rights: their loader ignores the environment and, in
 * the program's own search path, `$ORIGIN`. What they lose by that, and that they were judged so.
 * Source: ld.so(8), "Secure-execution mode"; glibc elf/dl-load.c (is_trusted_path_normalize); musl
 * ldso/dynlink.c (fixup_rpath).
 */
import type { SecureExecution } from '../../closure/closure.js';
import { secureFact } from '../../closure/secure-execution.js';
import type { Fact } from '../../finding.js';
import { secureReason } from '../../needs/secure-loss.js';
import { type CheckedProgram, defineCheck } from '../check.js';

export const secureExecution = defineCheck({
  rules: [
    {
      code: 'SECURE_EXECUTION',
      levels: ['error', 'note'],
      summary:
        'The program is set-user-ID or set-group-ID, or has file capabilities, and is judged as another user starts it.',
      cause:
        'Its loader ignores LD_LIBRARY_PATH, LD_PRELOAD and $ORIGIN in its own search path then, unless the result is below a system directory. With no-new-privileges, set-id bits do nothing, but capabilities still have this effect.',
      remedy:
        'Let the cache or an absolute RPATH lead to the library, or name the user who starts it with --user.',
    },
  ],
  check(program) {
    const { secureExecution: secure } = program.closure;
    if (secure === undefined) return [];
    return secure.lost.length > 0 ? [lostLibraries(secure, program)] : [judged(secure, program)];
  },
});

function lostLibraries(
  secure: SecureExecution,
  { closure }: CheckedProgram,
): Fact<'SECURE_EXECUTION'> {
  const { program, libraries, traits } = closure;
  const { path } = program;
  // The loader gives up at the first one.
  const row = libraries.find(({ name }) => name === secure.lost[0]?.name);
  const { neededBy: [neededBy = path] = [], error = '' } = row ?? {};
  return {
    code: 'SECURE_EXECUTION',
    severity: 'error',
    path,
    message: `${path}: ${secureFact(secure)}`,
    seen: row && traits?.words.libraryNotFound({ program: path, name: row.name, error, neededBy }),
    ...secureReason(closure, secure),
  };
}

function judged(
  secure: SecureExecution,
  { closure, startedBy }: CheckedProgram,
): Fact<'SECURE_EXECUTION'> {
  const { path } = closure.program;
  return {
    code: 'SECURE_EXECUTION',
    severity: 'note',
    path,
    message: `${path}: ${secureFact(secure)}`,
    cause: secureReason(closure, secure).cause,
    remedy:
      startedBy === undefined
        ? 'name the user who starts it with --user, if that is its owner or root'
        : 'nothing, unless it needs what is ignored',
  };
}
