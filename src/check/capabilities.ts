/**
 * Programs that work with file capabilities (ping, dumpcap) or that listen on low ports: an image
 * loses `security.capability`, an extended attribute that Docker's COPY and cp do not copy. The
 * attribute itself cannot be read through a Root, so what tells is what the program imports.
 * Source: capabilities(7), "File capabilities"; libcap.
 */
import type { Check } from './check.js';

/** What programs call that raise or drop their capabilities at start. */
const CALLS = ['cap_set_proc', 'cap_set_flag', 'capset', 'capng_apply'];

const SET_USER_ID = 0o4000;

export const checkCapabilities: Check = ({ closure, evidence }) => {
  const { path, kind, entry } = closure.program;
  if (kind !== 'executable' || (entry.mode & SET_USER_ID) !== 0) return [];
  const call = evidence.findOwnImport(CALLS);
  if (call === undefined) return [];
  return [
    {
      code: 'CAPABILITIES',
      severity: 'note',
      path,
      message: `${path}: sets its capabilities (${call.symbol}), but is not set-user-ID`,
      seen: 'Operation not permitted',
      cause:
        'such programs have file capabilities, an extended attribute that COPY and cp leave behind',
      remedy: `run it as root, or in the image: RUN setcap cap_net_raw+ep ${path} (getcap on the source shows which)`,
    },
  ];
};
