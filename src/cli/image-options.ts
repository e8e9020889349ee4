/**
 * The options that say how an image is started, as values of a plan.
 */
import type { Command } from 'commander';
import { UsageError } from '../errors.js';
import type { PlanOptions } from '../image/plan-image.js';
import { requireUser } from './image-names.js';

/** As commander gives them; absent where not given. */
export interface ImageConfigOptions {
  readonly entrypoint?: string;
  readonly cmd?: string;
  readonly user?: string;
  readonly env?: readonly string[];
  readonly workdir?: string;
  readonly label?: readonly string[];
}

export function addImageConfigOptions(command: Command): Command {
  return command
    .optionsGroup('How the image is started:')
    .option('--entrypoint <words>', 'instead of the program: words, or a JSON array of them')
    .option('--cmd <words>', 'arguments that who starts the image may replace, likewise')
    .option('--user <user>', 'who runs it: a name or number, :GROUP behind it or not')
    .option('--env <NAME=VALUE>', 'a variable of the image; may be repeated', collect)
    .option('--workdir <dir>', 'the directory it starts in')
    .option('--label <NAME=VALUE>', 'a label of the image; may be repeated', collect);
}

/** The part of a plan that the options decide. Throws UsageError. */
export function imageConfig(options: ImageConfigOptions): Partial<PlanOptions> {
  const { entrypoint, cmd, user, env, workdir, label } = options;
  if (user !== undefined) requireUser(user);
  if (workdir !== undefined && !workdir.startsWith('/'))
    throw new UsageError(`--workdir takes an absolute path, not '${workdir}'`);
  return {
    ...(entrypoint === undefined ? {} : { entrypoint: words('--entrypoint', entrypoint) }),
    ...(cmd === undefined ? {} : { command: words('--cmd', cmd) }),
    ...(user === undefined ? {} : { user }),
    ...(workdir === undefined ? {} : { workdir }),
    ...(env === undefined ? {} : { environment: pairs('--env', env) }),
    ...(label === undefined ? {} : { labels: pairs('--label', label) }),
  };
}

/** Commander calls this for each time an option is given. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** A JSON array of strings, or words between spaces; no shell takes them apart further. */
function words(option: string, text: string): string[] {
  if (!text.startsWith('[') && !/["'\\]/.test(text))
    return text.split(/\s+/).filter((word) => word !== '');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  // No program gets a NUL in its arguments.
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
