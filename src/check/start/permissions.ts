/**
 * Whether the kernel may start the file at all: the execute bit.
 */
import { shellCommand } from '../../root/shell-word.js';
import { defineCheck } from '../check.js';

export const permissions = defineCheck({
  rules: [
    {
      code: 'NOT_EXECUTABLE',
      levels: ['error'],
      summary: 'The program has no execute bit.',
      cause: 'The kernel starts no file without an execute bit, not even for root.',
      remedy: 'Set it with chmod +x, or with COPY --chmod=755 in a Dockerfile.',
    },
  ],
  check({ closure: { program } }) {
    if (program.kind !== 'executable' && program.kind !== 'script') return [];
    if ((program.entry.mode & 0o111) !== 0) return [];
    const { path } = program;
    return [
      {
        code: 'NOT_EXECUTABLE',
        severity: 'error',
        path,
        message: `${path}: no execute bit (mode ${program.entry.mode.toString(8).padStart(4, '0')})`,
        seen: `exec ${path}: permission denied\n${path}: Permission denied`,
        refusedByKernel: true,
        cause: 'the kernel starts no file without an execute bit, not even for root',
        remedy: `${shellCommand('chmod', '+x', path)} (in a Dockerfile: COPY --chmod=755)`,
      },
    ];
  },
});
