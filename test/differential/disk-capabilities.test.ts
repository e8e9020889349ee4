/**
 * File capabilities of many files, read by one process: what setcap gave each of them, whatever they are called,
 * however large they are, and whatever is missing between them.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readCapabilities } from '../../src/root/disk-capability.js';
import { command, describeWith, requirement } from '../support/requirement.js';

const requirements = [
  requirement('the root user', process.getuid?.() === 0),
  ...['setcap', 'tar'].map(command),
];

/** The numbers of the capabilities that files are given, by name: the value tells whose it is. */
const NAMES: readonly (readonly [name: string, capability: string, number: number])[] = [
  ['plain', 'cap_chown', 0],
  ['-dash', 'cap_kill', 5],
  ['@at', 'cap_setgid', 6],
  ['a\\tb', 'cap_setuid', 7],
  ['back\\\\slash', 'cap_setpcap', 8],
  ['line\nbreak', 'cap_net_bind_service', 10],
  ['über *?', 'cap_net_admin', 12],
  [`${'long'.repeat(60)}`, 'cap_net_raw', 13],
  ['SCHILY.xattr.security.capability=', 'cap_ipc_lock', 14],
  [`${'ä'.repeat(60)}SCHILY.xattr.security.capability=1`, 'cap_sys_chroot', 18],
];

describeWith('capabilities of many files', requirements, () => {
  const base = fs.mkdtempSync(join(tmpdir(), 'elfdeps-capabilities-'));
  afterAll(() => fs.rmSync(base, { recursive: true, force: true }));
  const files = NAMES.map(([name, capability, number], index) => {
    const place = join(base, name);
    // The larger ones are no multiple of a block, and more than one process reads.
    const size = index * 1_000_001;
    fs.writeFileSync(place, new Uint8Array(size));
    execFileSync('setcap', [`${capability}+p`, place]);
    return { place, size, number };
  });
  const without = { place: join(base, 'without'), size: 5 };
  fs.writeFileSync(without.place, 'bytes');

  /** The permitted set of a value (capabilities(7)). */
  const permitted = (value: Uint8Array | undefined) => value && Buffer.from(value).readUInt32LE(4);

  it('are those of each file', () => {
    const found = readCapabilities([...files, without].reverse());
    const actual = files.map(({ place }) => permitted(found.get(place)));
    expect(actual).toEqual(files.map(({ number }) => 1 << number));
    expect(found.size).toBe(files.length);
  });

  it('are those of each file where others are missing, or have another size than was said', () => {
    const missing = ['a', 'm', 'zz'].map((name) => ({ place: join(base, name), size: 0 }));
    const said = files.map(({ place }) => ({ place, size: 0 }));
    const found = readCapabilities([...missing, ...said]);
    const actual = files.map(({ place }) => permitted(found.get(place)));
    expect(actual).toEqual(files.map(({ number }) => 1 << number));
    expect(found.size).toBe(files.length);
  });

  it('are those of a file whose path is relative', () => {
    const place = relative(process.cwd(), files[0]?.place ?? '');
    expect(permitted(readCapabilities([{ place, size: 0 }]).get(place))).toBe(1);
  });
});
