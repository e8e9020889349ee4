/**
 * The options of every command that makes an image, and of `check --image`: what the image has, and how
 * it is started.
 */
import type { Command } from 'commander';
import { UsageError } from '../errors.js';
import type { PlanOptions } from '../image/plan-image.js';
import { requireUser } from './image-names.js';
import { addSharedOptions, joined, repeated, type SharedOptions } from './options.js';

/** Values of these options; absent where not given. */
export interface ImageOptions extends SharedOptions {
  readonly with?: string;
  readonly without?: string;
  readonly allowIncomplete?: boolean;
  readonly entrypoint?: string;
  readonly cmd?: string;
  readonly env?: readonly string[];
  readonly label?: readonly string[];
  readonly manifest?: string;
}

/** An option: its flags, its help text, and how commander takes its value. */
type Declaration = readonly [string, string, ((value: string, before: never) => unknown)?];

const DECLARATIONS = {
  with: ['--with <needs>', 'add run-time needs that are only likely: names, or all', joined(',')],
  without: ['--without <needs>', 'leave out run-time needs: nss, certs, ...; or all', joined(',')],
  allowIncomplete: ['--allow-incomplete', 'go on although something is missing'],
  entrypoint: [
    '--entrypoint <words>',
    'what to start instead of the program: words, or a JSON array',
  ],
  cmd: ['--cmd <words>', 'default arguments, which a start of the image can replace, likewise'],
  env: ['--env <NAME=VALUE>', 'a variable of the image; may be repeated', repeated],
  workdir: ['--workdir <dir>', 'the directory that programs start in'],
  manifest: [
    '--manifest <file>',
    'write every entry with its reason, evidence, owner and package, as JSON',
  ],
  label: ['--label <NAME=VALUE>', 'a label of the image; may be repeated', repeated],
} as const satisfies Readonly<Record<string, Declaration>>;

type OptionName = keyof typeof DECLARATIONS;

/** The options that `check` takes with --image. */
export const CHECKED_OPTIONS = ['with', 'without', 'env', 'workdir'] as const;

/** Declares the options of every command that makes an image, then those of every command. */
export function addImageOptions(command: Command): Command {
  addSharedOptions(command);
  declare(command.optionsGroup('What is opened at run time:'), ['with', 'without']);
  declare(command.optionsGroup('Options:'), ['allowIncomplete', 'manifest']);
  return declare(command.optionsGroup('How the image is started:'), [
    'entrypoint',
    'cmd',
    'env',
    'workdir',
    'label',
  ]);
}

/** Declares the options that `check` takes with --image. */
export function addCheckedOptions(command: Command): Command {
  return declare(command, CHECKED_OPTIONS, 'with --image: ');
}

function declare(command: Command, names: readonly OptionName[], prefix = ''): Command {
  for (const name of names) {
    const [flags, words, parse]: Declaration = DECLARATIONS[name];
    // --workdir is also for programs of the root.
    const text = name === 'workdir' ? words : `${prefix}${words}`;
    if (parse === undefined) command.option(flags, text);
    else command.option(flags, text, parse as (value: string) => unknown);
  }
  return command;
}

/** The part of a plan that says how an image is started. */
export type ImageStart = Pick<
  PlanOptions,
  'entrypoint' | 'command' | 'user' | 'workdir' | 'environment' | 'labels'
>;

/** How an image is started, with undefined for what the options do not say. Throws UsageError. */
export function imageStart(options: ImageOptions): ImageStart {
  const { entrypoint, cmd, user, env, workdir, label } = options;
  if (user !== undefined) requireUser(user);
  if (workdir !== undefined && !workdir.startsWith('/'))
    throw new UsageError(`--workdir takes an absolute path, not '${workdir}'`);
  return {
    entrypoint: entrypoint === undefined ? undefined : words('--entrypoint', entrypoint),
    command: cmd === undefined ? undefined : words('--cmd', cmd),
    user,
    workdir,
    environment: env === undefined ? undefined : pairs('--env', env),
    labels: label === undefined ? undefined : pairs('--label', label),
  };
}

/** A JSON array of strings, or words between spaces, which no shell takes apart further. */
function words(option: string, text: string): string[] {
  if (!text.startsWith('[') && !/["'\\]/.test(text))
    return text.split(/\s+/).filter((word) => word !== '');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  // The kernel ends an argument at a NUL.
  const isWord = (word: unknown) => typeof word === 'string' && !word.includes('\0');
  if (Array.isArray(parsed) && parsed.every(isWord)) return parsed as string[];
  throw new UsageError(`${option} takes words without quotes or a JSON array, not '${text}'`);
}

function pairs(option: string, texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const cut = text.indexOf('=');
      const name = text.slice(0, cut);
      if (cut < 1 || /[\s\p{Cc}"']/u.test(name))
        throw new UsageError(`${option} takes NAME=VALUE, not '${text}'`);
      return [name, text.slice(cut + 1)];
    }),
  );
}
