/**
 * The home directory of the image's user, for programs that make files of their own in it.
 */
import { isCalled } from '../root/accounts.js';
import type { NeededDirectory } from './need.js';
import type { ProgramFacts } from './program-facts.js';

/** The directory, empty, with its mode in the root; undefined for a user whose home is not in /home and not /root. */
export function homeDirectory(facts: ProgramFacts): NeededDirectory | undefined {
  const [name = ''] = (facts.options.user ?? '').split(':');
  const account = facts.accounts.find((each) => isCalled(each, name === '' ? '0' : name));
  if (account === undefined || !/^\/(?:root|home\/[^/]+)$/.test(account.home)) return undefined;
  const { home, id: uid, gid } = account;
  const file = facts.files.resolve(home);
  return { path: home, mode: file.found ? file.entry.mode : 0o700, uid, gid };
}
