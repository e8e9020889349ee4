/**
 * /etc/passwd and /etc/group, for programs that ask who they are. Of the root's own files only root,
 * nobody and the user who will run the program: others are nobody's business in an image.
 */

import { userCalls } from './calls.js';
import { goFunctions } from './go-program.js';
import type { NeedContext } from './need-context.js';
import type { NeedDetector } from './runtime-need.js';

export const users: NeedDetector = {
  kind: 'passwd',
  summary: '/etc/passwd and /etc/group with root, nobody and the user',
  detect(context) {
    const found = context.because('passwd', context.findCall(userCalls, goFunctions.users));
    const { user = '' } = context.options;
    const isNamed = /^[a-z_]/i.test(user);
    if (found === undefined && !isNamed) return undefined;
    return { because: found ?? `--user ${user} is a name`, generated: userFiles(context) };
  },
};

/** The text of both files, by path, made of the lines of the root's own. */
export function userFiles(context: NeedContext): Record<string, string> {
  const { user } = context.options;
  const names = new Set(['root', 'nobody', ...(user?.split(':') ?? [])]);
  // Not an empty line, which has this name.
  names.delete('');
  return {
    '/etc/passwd': linesOf(context, '/etc/passwd', names, PASSWD),
    '/etc/group': linesOf(context, '/etc/group', names, GROUP),
  };
}

const PASSWD =
  'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n';
const GROUP = 'root:x:0:\nnogroup:x:65534:\n';

/** The lines whose name or number is wanted, and the groups of those users. */
function linesOf(
  context: NeedContext,
  path: string,
  names: ReadonlySet<string>,
  usual: string,
): string {
  const text = context.readText(path);
  if (text === undefined) return usual;
  const groups = new Set(
    (context.readText('/etc/passwd') ?? '')
      .split('\n')
      .map((line) => line.split(':'))
      .filter(([name = '', , id = '']) => names.has(name) || names.has(id))
      .map((fields) => fields[3] ?? ''),
  );
  const wanted = text.split('\n').filter((line) => {
    const [name = '', , id = ''] = line.split(':');
    return names.has(name) || names.has(id) || (path === '/etc/group' && groups.has(id));
  });
  return wanted.length === 0 ? usual : `${wanted.join('\n')}\n`;
}
