/**
 * Whether the kernel may start the file at all: an execute bit, for the user where one is named, and the
 * directories that lead to it.
 * Source: path_resolution(7), "Permissions"; execve(2), EACCES.
 */
import type { Fact } from '../../finding.js';
import type { Root } from '../../root/root.js';
import { shellCommand } from '../../root/shell-word.js';
import {
  modeText,
  ROOT_USER,
  type StartRefusal,
  startRefusal,
  type User,
} from '../../root/user.js';
import { type CheckedProgram, defineCheck } from '../check.js';
import { refusal } from './kernel-refusal.js';

export const permissions = defineCheck({
  rules: [
    {
      code: 'NOT_EXECUTABLE',
      levels: ['error'],
      summary: 'The program has no execute bit, or none for the user who starts it.',
      cause:
        'The kernel starts no file without an execute bit, not even for root. Another user needs one of the own class, and the right to search each directory on the way.',
      remedy: 'Set it with chmod +x, or with COPY --chmod=755 in a Dockerfile.',
    },
  ],
  check({ closure: { program }, files, startedBy = ROOT_USER }) {
    if (program.kind !== 'executable' && program.kind !== 'script') return [];
    const { path, entry } = program;
    const refusal = startRefusal(files.root, startedBy, program);
    if (refusal?.kind === 'no-bit')
      return [
        {
          ...refused(path),
          message: `${path}: no execute bit (mode ${modeText({ ...entry, uid: undefined })})`,
          cause: 'the kernel starts no file without an execute bit, not even for root',
          remedy: `${shellCommand('chmod', '+x', path)} (in a Dockerfile: COPY --chmod=755)`,
        },
      ];
    return refusal === undefined ? [] : notAllowed(program, files, startedBy, refusal);
  },
});

/** What a user who is not root lacks. */
function notAllowed(
  { path, entry }: CheckedProgram['closure']['program'],
  { root }: CheckedProgram['files'],
  user: User,
  refusal: Exclude<StartRefusal, { kind: 'no-bit' }>,
): Fact<'NOT_EXECUTABLE'>[] {
  const who = `user ${user.uid}`;
  if (refusal.kind === 'not-user')
    return [
      {
        ...refused(path),
        message: `${path}: ${who} may not execute it (mode ${modeText(entry)})`,
        cause: `${who} is of a class of users that the mode gives no execute bit`,
        remedy: `${shellCommand('chmod', 'o+x', path)} (in a Dockerfile: COPY --chmod=755), or start it as another user`,
      },
    ];
  return [
    {
      ...refused(path),
      message: `${path}: ${closedTo(user, refusal, root)}`,
      cause: `a program is found only by users who may search each directory on the way`,
      remedy: `${shellCommand('chmod', 'o+x', refusal.directory)}, put the program elsewhere, or start it as another user`,
    },
  ];
}

/** The directory that keeps a user from a file, in words. */
export function closedTo(
  { uid }: User,
  { directory }: Extract<StartRefusal, { kind: 'closed' }>,
  root: Root,
): string {
  const entry = root.lstat(directory);
  return `user ${uid} may not search ${directory}${entry === undefined ? '' : ` (mode ${modeText(entry)})`}`;
}

function refused(path: string) {
  return {
    code: 'NOT_EXECUTABLE',
    severity: 'error',
    path,
    ...refusal('EACCES', path),
  } as const;
}
