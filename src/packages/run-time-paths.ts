/**
 * Which paths of a package matter when a program runs. Documentation, what compilers and build tools read,
 * and debug information do not; messages do in the languages that the image speaks.
 * Source: Filesystem Hierarchy Standard 3.0; the directories that -doc, -dev and -dbg packages fill.
 */

/** Directories whose files only people or build tools read. */
const DIRECTORIES: readonly string[] = [
  // Documentation.
  ...['doc', 'doc-base', 'man', 'info', 'gtk-doc', 'help', 'omf', 'gnome/help', 'licenses'],
  // What compilers and build systems look for.
  ...['aclocal', 'cmake', 'pkgconfig', 'gir-1.0', 'vala', 'vala-1.0'],
  // Completion of command lines, and checks and reports of the distribution.
  ...['bash-completion', 'zsh', 'fish', 'lintian', 'bug', 'reportbug', 'apport', 'gdb'],
].map((name) => `share/${name}`);

const NOT_RUN = new RegExp(
  [
    `^/usr/(?:local/)?(?:${DIRECTORIES.join('|')})(?:/|$)`,
    '^/usr/(?:local/)?include(?:/|$)',
    // Of a library: /usr/lib/x86_64-linux-gnu/pkgconfig.
    '^(?:/usr(?:/local)?)?/lib[^/]*/(?:[^/]+/)?(?:pkgconfig|cmake)(?:/|$)',
    '^/usr/lib/(?:debug|\\.build-id)(?:/|$)',
    // Static libraries, libtool's descriptions, objects that programs are linked with.
    '^(?:/usr(?:/local)?)?/lib[^/]*/.*\\.(?:l?a|o|h|hpp)$',
  ].join('|'),
);
const MESSAGES = /^\/usr\/(?:local\/)?share\/locale(?:-langpack)?\/([^/]+)\/LC_MESSAGES\//;

/**
 * Whether a file matters at run time. `languages` are those whose messages count, as
 * {@link languagesOf} gives them.
 */
export function isForRunTime(path: string, languages: ReadonlySet<string>): boolean {
  const language = MESSAGES.exec(path)?.[1];
  if (language !== undefined) return languages.has(language);
  return !NOT_RUN.test(path);
}

/**
 * The languages that gettext looks for in an environment, `de_DE` as well as `de`; none without the
 * variables.
 * Source: gettext intl/dcigettext.c (guess_category_value).
 */
export function languagesOf(
  environment: Readonly<Record<string, string>> | undefined,
): ReadonlySet<string> {
  const { LANGUAGE = '', LC_ALL = '', LC_MESSAGES = '', LANG = '' } = environment ?? {};
  const locales = [...LANGUAGE.split(':'), LC_ALL, LC_MESSAGES, LANG];
  return new Set(
    locales
      .map((locale) => locale.replace(/\..*?(?=@|$)/, ''))
      .filter((locale) => !['', 'C', 'POSIX'].includes(locale))
      .flatMap((locale) => {
        const [plain = '', modifier] = locale.split('@');
        const names = [plain, plain.replace(/_.*/, '')];
        return modifier === undefined
          ? names
          : [...names.map((name) => `${name}@${modifier}`), ...names];
      }),
  );
}
