/** Which paths a text names: whole, within longer texts, and up to where a format goes on. */
import { expect, it } from 'vitest';
import { namedPaths } from '../../src/files/named-paths.js';

it.each([
  ['/usr/share/misc/magic', ['/usr/share/misc/magic']],
  ['--modules-path=/usr/lib/nginx/modules --x', ['/usr/lib/nginx/modules']],
  ['/usr/share//app/./a/', ['/usr/share/app/a']],
  ['/usr/share/app/%s.dat', ['/usr/share/app']],
  ['/usr/share/app-%d/a', ['/usr/share', '/usr/share/app-*']],
  ['/usr/lib/a:/usr/lib/b;/etc/c', ['/usr/lib/a', '/usr/lib/b', '/etc/c']],
  ['cannot read "/etc/app.conf".', ['/etc/app.conf']],
  ['/usr/share/zoneinfo//usr/lib/zoneinfo/', ['/usr/share/zoneinfo', '/usr/lib/zoneinfo']],
  ['share/app/a\0x share/other', ['share/app/a']],
  ['/share/app-1\0x/share/other', ['share/app-1']],
  // Parts of other paths.
  ['%s/etc/passwd', []],
  ['${prefix}/usr/share/app', []],
  ['../usr/share/app', []],
  ['/usr/share/../app', []],
  ['/usr', []],
])('%j names %j', (text, paths) => {
  expect([...namedPaths(text)]).toEqual(paths);
});

it('only those that begin between two places', () => {
  const text = '/usr/lib/a\0/usr/lib/b\0/usr/lib/c';
  expect([...namedPaths(text, 11, 22)]).toEqual(['/usr/lib/b']);
});

// So long that work which grows with the square of the length would take minutes.
const LONG = 1 << 19;

it.each([
  ['/', '', []],
  ['/usr/share/a', '/', ['/usr/share/a']],
  ['/usr/share/a', '.', ['/usr/share/a']],
  ['/usr/share/a', './', ['/usr/share/a']],
  ['/usr/share/a', '!', ['/usr/share/a']],
  ['', 'share', []],
  ['', 'usr/lib', []],
] as const)('%j and a long run of %j', (start, run, paths) => {
  const text = `${start}${run.repeat(LONG)}`;
  expect([...namedPaths(text)]).toEqual(paths);
  [...namedPaths(`${text}\0x`)];
});
