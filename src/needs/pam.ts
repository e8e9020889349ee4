/**
 * PAM: the services in its directories, the modules that they name, and what those read.
 * Source: pam.conf(5); Linux-PAM libpam/pam_handlers.c.
 */
import { baseName, directoryOf } from '../root/path-text.js';
import { missingFiles } from './missing-files.js';
import { defineNeed } from './need.js';

/** The second is that of the distribution, for services that the first lacks. */
const SERVICES = ['/etc/pam.d', '/usr/lib/pam.d'];

/** The text of /etc/shadow that gives users no password. Source: shadow(5). */
export function lockedShadow(users: readonly string[]): string {
  return users.map((user) => `${user}:*:19000:0:99999:7:::\n`).join('');
}

/** A word of a line that names a module, with or without its directory. */
function isModule(word: string): boolean {
  return /^[\w./-]+\.so$/.test(word) && baseName(word).startsWith('pam_');
}

export const pam = defineNeed({
  kind: 'pam',
  summary: 'PAM: /etc/pam.d, /etc/security and the modules',
  documentation: {
    evidence: 'libpam is loaded',
    added:
      '`/etc/pam.d`, `/usr/lib/pam.d`, `/etc/security`, the modules that they name, a locked `/etc/shadow` of its users',
    confidence: ['sure'],
  },
  detect(facts) {
    const { files } = facts;
    const library = facts.loaded(/^libpam\.so/);
    if (library === undefined) return undefined;
    const services = SERVICES.flatMap((directory) =>
      facts.namesIn(directory).map((name) => `${directory}/${name}`),
    );
    const modules = new Set(
      ['/etc/pam.conf', ...services].flatMap((path) =>
        (facts.readText(path) ?? '')
          .split('\n')
          .filter((line) => !line.trimStart().startsWith('#'))
          .flatMap((line) => line.split(/\s+/).slice(1).filter(isModule)),
      ),
    );
    const directories = [
      // The directory that libpam was built with, by its name: it may be another one for the same directory.
      ...files.texts.paths(library).flatMap((path) => /^(.*\/security)\/?$/.exec(path)?.[1] ?? []),
      `${directoryOf(library.path)}/security`,
      '/lib/security',
      '/usr/lib/security',
    ];
    const opens = [...modules].flatMap((name) => {
      const candidates = name.startsWith('/') ? [name] : directories.map((at) => `${at}/${name}`);
      const found = candidates.find((path) => files.resolve(path).found);
      return found === undefined ? [] : [{ name: found, from: library.path }];
    });
    const configuration = [
      '/etc/pam.conf',
      ...SERVICES,
      '/etc/security',
      '/etc/login.defs',
      '/etc/environment',
    ];
    return {
      because: `${library.path} is loaded`,
      files: configuration.flatMap((path) => facts.existing(path)),
      opens,
      // An image holds no passwords. Its other users are added when they are known.
      generated: { '/etc/shadow': lockedShadow(['root', 'nobody']) },
    };
  },
  absent: missingFiles({
    rule: {
      code: 'PAM_MISSING',
      levels: ['warning'],
      summary: 'The root has no configuration of PAM.',
      cause: 'Without a file that names the modules of a service, PAM refuses everybody.',
      remedy: 'Put /etc/pam.d and the modules into the root; elfdeps copy adds them.',
    },
    evidence: (facts) => facts.findImport(['pam_start']),
    paths: () => ['/etc/pam.conf', ...SERVICES],
    what: 'no service of PAM',
  }),
});
