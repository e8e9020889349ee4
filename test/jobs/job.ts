/**
 * What a job is: a program of a root, and the work that its users install it for, as a script whose
 * output is the same each time. `list/` has the jobs, by what their programs need.
 */

/** The kinds of need, in the order of docs/jobs.md. A job is listed under the one that it is hard for. */
export const KINDS = {
  plain: 'nothing but libraries and what elfdeps adds unasked',
  data: 'data of the program or of a library',
  plugins: 'plug-ins, which a program or library opens by itself',
  fonts: 'fonts',
  language: "a language's environment",
  script: 'a script, its interpreter and its modules',
  configuration: 'what configuration names',
  service: 'run directories and service users',
  commands: 'commands that a program or script starts',
  catalog: 'XML catalogs',
  terminal: 'terminal descriptions',
  locale: 'locales, time zones, character sets',
  accounts: 'users, PAM, certificates',
  musl: "programs on musl's libc",
} as const;

export type Kind = keyof typeof KINDS;

export interface Job {
  /** One word: the row of docs/jobs.md. */
  readonly id: string;
  readonly kind: Kind;
  /** The project that makes the program; no two jobs have one in common. */
  readonly upstream: string;
  /** The Debian packages to install. */
  readonly packages: readonly string[];
  /** What `elfdeps copy` is given, as paths of the root. */
  readonly files: readonly string[];
  /** Further options for `copy`. */
  readonly options?: readonly string[];
  /**
   * A shell script that is run once inside the root, for what a user has there beside packages: a
   * document, a virtual environment, a line of configuration.
   */
  readonly setup?: string;
  /** Further files of the root, by path: C sources, which musl-gcc compiles as programs or .so files. */
  readonly sources?: Readonly<Record<string, string>>;
  /** A bash script with the functions of surroundings.sh. It must print something, and succeed. */
  readonly script: string;
}

/** A job of a program that packages install; the words are separated by spaces. */
export function job(
  id: string,
  kind: Kind,
  upstream: string,
  packages: string,
  files: string,
  script: string,
  more: Pick<Job, 'options' | 'setup' | 'sources'> = {},
): Job {
  return {
    id,
    kind,
    upstream,
    packages: packages.split(' '),
    files: files.split(' '),
    script,
    ...more,
  };
}
