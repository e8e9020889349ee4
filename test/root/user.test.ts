/**
 * Who `USER` or `USER:GROUP` is in a root, and what files let that user do.
 */
import { describe, expect, it } from 'vitest';
import { memoryRoot } from '../../src/root/memory-root.js';
import { resolvePath } from '../../src/root/resolve-path.js';
import {
  closedDirectory,
  findUser,
  mayExecute,
  mayRead,
  modeText,
  ROOT_USER,
} from '../../src/root/user.js';

const root = memoryRoot({
  '/etc/passwd': 'root:x:0:0::/:/bin/sh\napp:x:1000:1001::/:/bin/sh\n\nbroken\n',
  '/etc/group': 'root:x:0:\nweb:x:33:app,other\nstaff:x:50:other\napp:x:1001:\n',
  '/open/file': 'x',
  '/closed': { directory: true, mode: 0o750, gid: 33 },
  '/closed/file': 'x',
  '/open/link': { link: '/closed/file' },
});

describe('the user of a root', () => {
  it.each([
    ['root', { uid: 0, gid: 0, groups: [] }],
    ['app', { uid: 1000, gid: 1001, groups: [33] }],
    ['1000', { uid: 1000, gid: 1001, groups: [33] }],
    // As container engines have it.
    ['65534', { uid: 65534, gid: 0, groups: [] }],
    ['65534:65534', { uid: 65534, gid: 65534, groups: [] }],
    ['app:staff', { uid: 1000, gid: 50, groups: [] }],
    ['app:7', { uid: 1000, gid: 7, groups: [] }],
    ['gone', undefined],
    ['app:gone', undefined],
    ['broken', undefined],
  ])('%s', (text, user) => {
    expect(findUser(root, text)).toEqual(user);
  });

  it('is a number where there is no /etc/passwd', () => {
    expect(findUser(memoryRoot({}), '5')).toEqual({ uid: 5, gid: 0, groups: [] });
    expect(findUser(memoryRoot({}), 'app')).toBeUndefined();
  });
});

describe('permissions', () => {
  const app = { uid: 1000, gid: 1001, groups: [33] };
  const file = { kind: 'file', size: 0, id: '', uid: 0, gid: 0 } as const;
  it.each([
    [0o644, {}, true, false],
    [0o640, {}, false, false],
    [0o640, { gid: 33 }, true, false],
    [0o640, { gid: 1001 }, true, false],
    [0o604, { gid: 33 }, false, false],
    [0o055, { uid: 1000 }, false, false],
    [0o500, { uid: 1000 }, true, true],
    [0o711, {}, false, true],
    // The root does not know its owner.
    [0o500, { uid: undefined, gid: undefined }, true, true],
  ])('of mode %o, %o: read %s, execute %s', (mode, owner, read, execute) => {
    const entry = { ...file, mode, ...owner };
    expect([mayRead(app, entry), mayExecute(app, entry)]).toEqual([read, execute]);
  });

  it('root reads everything, and executes what has an execute bit', () => {
    expect(mayRead(ROOT_USER, { ...file, mode: 0 })).toBe(true);
    expect(mayExecute(ROOT_USER, { ...file, mode: 0o644 })).toBe(false);
    expect(mayExecute(ROOT_USER, { ...file, mode: 0o001 })).toBe(true);
    expect(mayExecute(ROOT_USER, { ...file, kind: 'directory', mode: 0 })).toBe(true);
  });

  it('every directory on the way counts, those of links too', () => {
    const other = { uid: 5, gid: 5, groups: [] };
    const closedFor = (user: typeof app, path: string) => {
      const found = resolvePath(root, path);
      return found.found ? closedDirectory(root, user, found) : 'missing';
    };
    expect(closedFor(other, '/open/file')).toBeUndefined();
    expect(closedFor(other, '/open/link')).toBe('/closed');
    expect(closedFor(app, '/open/link')).toBeUndefined();
    expect(closedFor(ROOT_USER as typeof app, '/open/link')).toBeUndefined();
  });

  it('has words for a mode and its owners', () => {
    expect(modeText({ ...file, mode: 0o4750, gid: 33 })).toBe('4750, owner 0:33');
    expect(modeText({ ...file, mode: 0o644, uid: undefined })).toBe('0644');
  });
});
