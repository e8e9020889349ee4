/**
 * Which places of a file system hold the files of one program, and which those of the whole system or
 * of another need.
 * Source: Filesystem Hierarchy Standard 3.0.
 */

/** Up to the directory whose entries each belong to some package. */
const SHARED =
  /^\/(?:usr\/(?:local\/)?(?:share|etc|games|libexec|lib(?:32|64|x32)?(?:\/\w+-linux-\w+)?)|lib(?:32|64|x32)?(?:\/\w+-linux-\w+)?|etc|opt|srv|var\/(?:lib|cache|log|spool|mail|run|lock|tmp)|run(?:\/lock)?)\//;

/** Where programs write; an image has these directories empty. */
export const STATE = /^\/(?:var\/(?:lib|cache|log|spool|run|lock|mail)|run)\//;

/** Documentation, messages in other languages, and what only development needs. */
const UNUSED =
  /^(?:docs?|man|info|help|gtk-doc|locale|debug|include|pkgconfig|cmake|licenses|examples|lib.*\.a|.*\.(?:h|hh|hpp|pc|pod))$/;

/** What other needs copy, what an engine makes, and what a system has once; with all below. */
const OF_OTHERS: ReadonlySet<string> = new Set([
  ...words(
    'share',
    'zoneinfo terminfo tabset i18n fonts fontconfig icons themes pixmaps applications pki python3',
  ),
  ...words('share', 'ca-certificates bash-completion common-licenses lintian bug systemd'),
  ...words('lib', 'gconv ssl terminfo modules firmware systemd python3 security sysusers.d pam.d'),
  ...words('lib', 'tmpfiles.d sysctl.d udev locale ossl-modules engines-3 engines-1.1'),
  ...words('etc', 'ssl pki ca-certificates pam.d pam.conf security alternatives terminfo fonts'),
  ...words('etc', 'ld.so.conf ld.so.conf.d ld.so.cache ld.so.preload hosts hostname resolv.conf'),
  ...words('etc', 'host.conf nsswitch.conf localtime timezone services protocols networks shadow'),
  ...words('etc', 'gshadow passwd group shells mtab fstab machine-id os-release mailname issue'),
  ...words('etc', 'motd environment profile skel init.d cron.d apt dpkg systemd'),
  ...words('var/lib', 'dpkg apt rpm pacman apk systemd dbus'),
  ...words('var/cache', 'apt fontconfig'),
  ...words('run', 'systemd udev user secrets utmp'),
  ...words('var/run', 'utmp'),
]);

/** Directories of several packages whose entries belong to one each. */
const GROUPS: ReadonlySet<string> = new Set([
  ...words('share', 'misc mime perl5 X11 xml sgml nodejs'),
  ...words('lib', 'jvm perl5 X11 games'),
  ...words('etc', 'default opt X11 xml sgml xdg sysconfig conf'),
  ...words('opt', 'bin lib etc'),
  ...words('run', 'lock'),
]);

function words(directory: string, names: string): string[] {
  return names.split(' ').map((name) => `${directory}/${name}`);
}

/** The part of a path behind the directory that all programs share; undefined of other paths. */
export function ownPart(path: string): string | undefined {
  const shared = SHARED.exec(path)?.[0];
  return shared === undefined || shared === `${path}/` ? undefined : path.slice(shared.length);
}

/** Whether the files of one program may be at a path. */
export function isOfOne(path: string): boolean {
  const own = ownPart(path);
  if (own === undefined || own === '' || own.split('/').some(isUnused)) return false;
  // The directory of libraries itself, which a compiler of this name does not have alone.
  if (/^[\w.]+-linux-\w+$/.test(own)) return false;
  const [, kind = ''] =
    /^\/(?:usr\/)?(?:local\/)?(share|etc|opt|run|lib|var\/\w+)/.exec(path) ?? [];
  const [first = '', ...more] = own.split('/');
  const name = `${kind}/${first}`;
  return !OF_OTHERS.has(name) && (more.length > 0 || !GROUPS.has(name));
}

/** Whether a directory has files of many programs beside each other: `/etc`, `/usr/share`, `/usr/share/misc`. */
export function isOfMany(path: string): boolean {
  const own = ownPart(`${path}/x`);
  if (path === '/etc' || (own === 'x' && path.startsWith('/usr/'))) return true;
  const [, name = ''] = /^\/usr\/(share\/[\w-]+)$/.exec(path) ?? [];
  return GROUPS.has(name);
}

/** Whether a name in a directory of data is of no use at run time. */
export function isUnused(name: string): boolean {
  return UNUSED.test(name);
}

/** Where the directories of a program or library begin: `/usr` of `/usr/bin/app`; undefined elsewhere. */
export function prefixOf(path: string): string | undefined {
  return /^(.*?)\/(?:s?bin|games|libexec|lib(?:32|64|x32)?)\//.exec(path)?.[1];
}

/** The directories below a prefix in which each program has one of its own. */
export function hubsOf(prefix: string): string[] {
  return ['share', 'lib', 'lib64', 'libexec'].map((name) => `${prefix}/${name}`);
}
