/**
 * The options of every command, and their values as commander gives them. There are no defaults here:
 * an option that is not given is absent, before and after the command's name.
 */
import type { Command } from 'commander';
import { listed, UsageError } from '../errors.js';
import { loaders } from '../registry/loaders.js';

const LOADER_NAMES = listed(
  loaders.map(({ name }) => name),
  'or',
);

/** Values of the options of every command; absent where not given. */
export interface SharedOptions {
  readonly root?: string;
  readonly maxUnpacked?: string;
  readonly libraryPath?: string;
  readonly preload?: string;
  readonly loader?: string;
  readonly hwcaps?: string;
  readonly ldconfig?: boolean;
  /** Absolute; for images it is also the directory that they start in. */
  readonly workdir?: string;
  readonly user?: string;
  readonly include?: readonly string[];
  readonly package?: readonly string[];
  readonly opened?: readonly string[];
  readonly exclude?: readonly string[];
  readonly dlopen?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  /** `auto`, `always` or `never`; false for --no-color. */
  readonly color?: string | false;
}

/** Whether the options name more that programs open, beside what their libraries need. */
export function opensMore({ include, package: packages, dlopen, opened }: SharedOptions): boolean {
  return [include, packages, dlopen, opened].some((value) => value !== undefined);
}

/** Declares the options of every command. They come last in the help text of a command. */
export function addSharedOptions(command: Command): Command {
  return command
    .optionsGroup('How needs are resolved:')
    .option(
      '--root <dir or archive>',
      'the file system to resolve in: a directory, a tar, an image archive, or - for one on' +
        ' standard input (default: /); ARCHIVE#NAME:TAG or ARCHIVE#OS/CPU chooses among images',
      oneRoot,
    )
    .option(
      '--library-path <dirs>',
      'as LD_LIBRARY_PATH; the variable itself counts only if the root is /',
      joined(':'),
    )
    .option('--preload <libs>', 'as LD_PRELOAD, likewise', joined(':'))
    .option('--loader <name>', `${LOADER_NAMES}, instead of the choice made from the program`)
    .option(
      '--hwcaps <which>',
      'variants for newer CPUs: none, host, all or a level (default: host for /, else none)',
    )
    .option('--ldconfig', 'answer as after a run of ldconfig in the root')
    .option(
      '--user <user>',
      'who starts the program, or runs the image: USER or USER:GROUP, names or numbers; it' +
        ' decides about set-user-ID, capabilities and permissions',
    )
    .option(
      '--max-unpacked <size>',
      'how much an archive may unpack to, such as 20GiB (default: the larger of 8 GiB and 1000' +
        ' times the archive)',
    )
    .optionsGroup('What is opened at run time:')
    .option(
      '--include <glob>',
      'more files for the image, or FILE:DEST; libraries among them count as opened (may be' +
        ' repeated)',
      repeated,
    )
    .option(
      '--package <name>',
      'the files of an installed package that matter at run time, likewise',
      repeated,
    )
    .option(
      '--opened <log>',
      'files that a run opened: the output of strace -f or LD_DEBUG=files, or paths; - for standard' +
        ' input (may be repeated)',
      repeated,
    )
    .option(
      '--exclude <name>',
      'leave out a library or file, and what only it needs: a soname, path or pattern (may be repeated)',
      repeated,
    )
    .option(
      '--dlopen <priority>',
      'how much of .note.dlopen counts: required, recommended, suggested or none',
    )
    .optionsGroup('What is printed:')
    .option('-q, --quiet', 'no notes')
    .option('-v, --verbose', 'every path tried, also for libraries that were found')
    .option('--color <when>', 'auto, always or never (default: auto)')
    .option('--no-color', 'no colours (also: NO_COLOR, FORCE_COLOR)');
}

/** Declares --workdir for a command that makes no image. */
export function addWorkdirOption(command: Command): Command {
  return command.option('--workdir <dir>', 'the directory that programs start in, in the root');
}

/** For an option that takes a list: each further value is added to the text, after `separator`. */
export function joined(separator: string): (value: string, before: string | undefined) => string {
  return (value, before) => (before === undefined ? value : `${before}${separator}${value}`);
}

/** Throws {@link UsageError} for a second root, since a user may expect both to count. */
export function oneRoot(root: string, before: string | undefined): string {
  if (before !== undefined)
    throw new UsageError(`--root is given twice: ${before} and ${root}`, {
      hint: 'a run has one root: join directories into one, or run elfdeps for each',
    });
  return root;
}

/** For an option that may be repeated: the values in their order. */
export function repeated(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}
