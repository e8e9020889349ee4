/**
 * Programs that work with file capabilities (ping, dumpcap) or that listen on low ports: an image
 * loses `security.capability`, an extended attribute that Docker's COPY and cp do not copy. That such
 * a program should have it, its imports tell.
 * Source: capabilities(7), "File capabilities"; libcap.
 */

import { shellCommand } from '../root/shell-word.js';
import { SET_USER_ID } from '../root/user.js';
import { defineCheck } from './check.js';

/** What programs call that raise or drop their capabilities at start. */
const CALLS = ['cap_set_proc', 'cap_set_flag', 'capset', 'capng_apply'];

export const capabilities = defineCheck({
  rules: [
    {
      code: 'CAPABILITIES',
      levels: ['note'],
      summary: 'The program sets its capabilities, but has no right to.',
      cause:
        'Copies lose file capabilities and set-user-ID bits, and without them such calls fail.',
      remedy: 'Run it as root, or set its capabilities again in the image with setcap.',
    },
  ],
  check({ closure, facts, files }) {
    const { path, realPath, kind, entry } = closure.program;
    if (kind !== 'executable' || (entry.mode & SET_USER_ID) !== 0) return [];
    const call = facts.findOwnImport(CALLS);
    if (call === undefined) return [];
    if ((entry.capability ?? files.root.capability?.(realPath)) !== undefined) return [];
    return [
      {
        code: 'CAPABILITIES',
        severity: 'note',
        path,
        message: `${path}: sets its capabilities (${call.symbol}), but is not set-user-ID, and its file has none`,
        seen: 'Operation not permitted',
        cause:
          'such programs have file capabilities, an extended attribute that COPY and cp leave behind',
        remedy: `run it as root, or in the image: RUN ${shellCommand('setcap', 'cap_net_raw+ep', path)} (getcap on the source shows which)`,
      },
    ];
  },
});
