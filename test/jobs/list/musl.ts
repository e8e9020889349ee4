/**
 * Programs on musl's libc in a root that has it: compiled by musl-gcc from `musl/`, and one with the
 * runtime of Dart, from npm.
 */
import { readFileSync } from 'node:fs';
import { type Job, job } from '../job.js';

const sourceOf = (name: string) =>
  readFileSync(new URL(`../musl/${name}.c`, import.meta.url), 'utf8');

/** A job of a program that is compiled as /srv/musl/NAME. */
function built(name: string, upstream: string, script: string, more: Partial<Job> = {}): Job {
  const path = `/srv/musl/${name}`;
  const sources = { [path]: sourceOf(name), ...more.sources };
  return job(`musl-${name}`, 'musl', upstream, 'musl tzdata netbase', path, script, {
    ...more,
    sources,
  });
}

/** A catalog of gettext with one message, as msgfmt makes it: "hello" is "bonjour". */
const CATALOG = [
  '\\336\\022\\004\\225\\0\\0\\0\\0\\001\\0\\0\\0\\034\\0\\0\\0\\044\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0',
  '\\005\\0\\0\\0\\054\\0\\0\\0\\007\\0\\0\\0\\062\\0\\0\\0hello\\0bonjour\\0',
].join('');

export const muslJobs: readonly Job[] = [
  built('plugins', 'a directory of plug-ins', 'run /srv/musl/plugins', {
    sources: {
      '/srv/musl/plugins.d/one.so': 'const char *say(void) { return "the first"; }',
      '/srv/musl/plugins.d/two.so':
        '#include <math.h>\nconst char *say(void) { return cos(0) == 1 ? "the second" : "?"; }',
    },
  }),
  built('accounts', 'getpwnam', 'run /srv/musl/accounts'),
  built('zones', 'tzset', 'run /srv/musl/zones; VARS=TZ=Europe/Berlin run /srv/musl/zones'),
  built('convert', 'iconv', "printf '\\244 \\351\\n' | run /srv/musl/convert"),
  built('names', 'getaddrinfo', 'run /srv/musl/names'),
  built(
    'messages',
    'gettext',
    "VARS='LANG=fr_FR.UTF-8 MUSL_LOCPATH=/usr/local/share/locale' run /srv/musl/messages",
    {
      setup: `mkdir -p /usr/local/share/locale/fr/LC_MESSAGES; printf '${CATALOG}' > /usr/local/share/locale/fr/LC_MESSAGES/greeter.mo`,
    },
  ),
  built('settings', 'a file of settings', 'run /srv/musl/settings', {
    setup:
      'mkdir -p /etc/greeter /usr/local/share/greeter; echo "words = /usr/local/share/greeter/words" > /etc/greeter/greeter.conf; echo good morning > /usr/local/share/greeter/words',
  }),
  built('pipeline', 'popen', 'echo b a b | run /srv/musl/pipeline'),
];
