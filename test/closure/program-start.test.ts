/**
 * Which rights the kernel gives a process: the values of security.capability, and the set-id bits. What
 * a kernel does with the same files is in test/differential/secure-execution.test.ts.
 */
import { describe, expect, it } from 'vitest';
import { startProgram } from '../../src/closure/program-start.js';
import { memoryRoot } from '../../src/root/memory-root.js';
import { resolvePath } from '../../src/root/resolve-path.js';
import type { Entry } from '../../src/root/root.js';
import { ORDINARY_USER, ROOT_USER, type User } from '../../src/root/user.js';

const root = memoryRoot({ '/secret': { bytes: new Uint8Array(1), mode: 0o600 } });
const file: Entry = { kind: 'file', size: 0, mode: 0o755, uid: 0, gid: 0, id: '' };
const app: User = { uid: 1000, gid: 1000, groups: [] };

/** Little-endian words. */
const value = (...words: readonly number[]) =>
  new Uint8Array(Uint32Array.from(words.map((word) => word >>> 0)).buffer);
const [REVISION_1, REVISION_2, REVISION_3] = [0x01000000, 0x02000000, 0x03000000];

const secureFor = (entry: Partial<Entry>, user: User, capability?: Uint8Array) =>
  startProgram(root, { ...file, ...entry }, user, true, () => capability).rights.secure;

describe('capabilities', () => {
  it.each([
    ['effective', value(REVISION_2 | 1, 1 << 10, 0, 0, 0), 'capabilities'],
    ['permitted, of the second word', value(REVISION_2, 0, 0, 1, 0), 'capabilities'],
    ['inheritable', value(REVISION_2, 0, 1, 0, 0), undefined],
    ['effective without any', value(REVISION_2 | 1, 0, 0, 0, 0), 'capabilities'],
    ['of revision 1', value(REVISION_1, 1, 0), 'capabilities'],
    ['of revision 3 for the first namespace', value(REVISION_3 | 1, 1, 0, 0, 0, 0), 'capabilities'],
    ['of revision 3 for another namespace', value(REVISION_3 | 1, 1, 0, 0, 0, 7), undefined],
    ['of revision 3, cut off', value(REVISION_3 | 1, 1, 0, 0, 0), undefined],
    ['cut off', value(REVISION_2 | 1), undefined],
  ])('%s', (_, capability, secure) => {
    expect(secureFor({}, app, capability)).toBe(secure);
    expect(secureFor({}, ROOT_USER, capability)).toBeUndefined();
  });
});

describe('set-id bits', () => {
  it.each<[string, Partial<Entry>, User, string | undefined]>([
    ['of root, started by another', { mode: 0o4755 }, app, 'set-user-ID'],
    ['of root, started by root', { mode: 0o6755 }, ROOT_USER, undefined],
    ['of the user who starts it', { mode: 0o6755, uid: 1000, gid: 1000 }, app, undefined],
    ['of another user, started by root', { mode: 0o4755, uid: 7 }, ROOT_USER, 'set-user-ID'],
    ['of the group', { mode: 0o2755 }, app, 'set-group-ID'],
    ['of the group, not executable for it', { mode: 0o2745 }, app, undefined],
    ['of a user who is not known', { mode: 0o4755, uid: undefined }, ORDINARY_USER, 'set-user-ID'],
    ['none', {}, ORDINARY_USER, undefined],
  ])('%s', (_, entry, user, secure) => {
    expect(secureFor(entry, user)).toBe(secure);
  });
});

it('a process reads with the rights that it gets', () => {
  const secret = resolvePath(root, '/secret');
  const reads = (entry: Partial<Entry>, capability?: Uint8Array, isStrict = true) =>
    secret.found &&
    startProgram(root, { ...file, ...entry }, app, isStrict, () => capability).rights.mayRead(
      secret,
    );
  expect(reads({})).toBe(false);
  expect(reads({}, undefined, false)).toBe(true);
  expect(reads({ mode: 0o4755 })).toBe(true);
  expect(reads({}, value(REVISION_2 | 1, 1 << 1, 0, 0, 0))).toBe(true);
  expect(reads({}, value(REVISION_2 | 1, 1 << 10, 0, 0, 0))).toBe(false);
});
