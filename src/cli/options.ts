/**
 * The options that commands share, declared once, and their values as commander gives them.
 * No defaults here: an option that was not given is absent, before or after the command's name.
 */
import type { Command } from 'commander';

/** Options of every command. */
export interface SharedOptions {
  readonly root?: string;
  readonly libraryPath?: string;
  readonly preload?: string;
  readonly loader?: string;
  readonly hwcaps?: string;
  readonly ldconfig?: boolean;
  readonly include?: readonly string[];
  readonly dlopen?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
}

/** Options of the commands that make images. */
export interface ImageOptions extends SharedOptions {
  readonly allowIncomplete?: boolean;
  readonly with?: string;
  readonly without?: string;
}

/** After the command's own options, which whoever asks for help looks for first. */
export function addSharedOptions(command: Command): Command {
  return command
    .optionsGroup('How needs are resolved:')
    .option(
      '--root <dir or archive>',
      'the file system to resolve in: a directory, a tar, an image archive, - for one on standard' +
        ' input (default: /); ARCHIVE#NAME:TAG or ARCHIVE#OS/CPU chooses among images',
    )
    .option(
      '--library-path <dirs>',
      'as LD_LIBRARY_PATH; the variable counts only for the root /',
      joined(':'),
    )
    .option('--preload <libs>', 'as LD_PRELOAD, likewise', joined(':'))
    .option(
      '--loader <name>',
      'glibc, musl, uclibc or freebsd, instead of the choice made from the program',
    )
    .option(
      '--hwcaps <which>',
      'variants for newer CPUs: none, host, all or a level (default: host for /, else none)',
    )
    .option('--ldconfig', 'answer as after a run of ldconfig in the root')
    .optionsGroup('What is opened at run time:')
    .option(
      '--include <glob>',
      'more files for the image; libraries among them count as opened (may be repeated)',
      (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
    )
    .option(
      '--dlopen <priority>',
      'how much of .note.dlopen counts: required, recommended, suggested or none',
    )
    .optionsGroup('What is printed:')
    .option('-q, --quiet', 'no notes')
    .option('-v, --verbose', 'every path tried, also where a library was found')
    .option('--no-color', 'no colours (also: NO_COLOR, FORCE_COLOR)');
}

/** For lists: an option that is given again adds to what was given before. */
export function joined(separator: string): (value: string, before: string | undefined) => string {
  return (value, before) => (before === undefined ? value : `${before}${separator}${value}`);
}

export function addImageOptions(command: Command): Command {
  return command
    .optionsGroup('What is opened at run time:')
    .option('--with <needs>', 'run-time needs that are only likely: names, or all', joined(','))
    .option(
      '--without <needs>',
      'run-time needs to leave out: nss, certs, ...; or all',
      joined(','),
    )
    .optionsGroup('Options:')
    .option('--allow-incomplete', 'go on although something is missing');
}
