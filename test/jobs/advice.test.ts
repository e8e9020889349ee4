/** Which options of elfdeps' notes the jobs follow, and which notes count as no advice. */
import { expect, test } from 'vitest';
import { adviceOf } from './advice.js';

test.each([
  ['no note', '', []],
  ['a note without an option', 'elfdeps: note: added tmp (--without leaves it out)', []],
  ['kinds', 'it may also need --with locale,tz (--verbose tells why)', ['--with', 'locale,tz']],
  ['kinds of two notes, once', 'a --with tz\nb --with data,tz.', ['--with', 'tz,data']],
  [
    'patterns, quoted or not',
    "add --include '/usr/lib/x y/*', --include=/etc/a.conf; or --package lua-lpeg",
    ['--include', '/usr/lib/x y/*', '--include', '/etc/a.conf', '--package', 'lua-lpeg'],
  ],
  ['all', '--with all', []],
  ['every file', "--with tz --include '/**'", []],
  ['more than six kinds', '--with a,b,c,d,e,f,g', []],
  ['six kinds', '--with a,b,c,d,e,f', ['--with', 'a,b,c,d,e,f']],
])('%s', (_, notes, options) => expect(adviceOf(notes)).toEqual(options));
