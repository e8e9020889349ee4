/**
 * The words of the advice on an image that would not run, with the options that the command line had.
 */
import { type PlanAdvice, PlanError } from '../errors.js';
import { shellCommand } from '../root/shell-word.js';
import type { Inputs } from './inputs.js';
import type { SharedOptions } from './options.js';
import { repeatedOptions } from './repeated-options.js';

/** The error with its advice as a hint; any other error as it is. */
export function advised(
  error: unknown,
  options: SharedOptions,
  { names }: Pick<Inputs, 'names'>,
): unknown {
  if (!(error instanceof PlanError) || error.advice === undefined) return error;
  const { code, fact, path, advice, cause } = error;
  const repeated = repeatedOptions(options);
  const command = (verb: readonly string[], program: string) =>
    repeated === undefined
      ? ['elfdeps', ...verb, 'FILE'].join(' ')
      : shellCommand('elfdeps', ...verb, ...repeated, names.get(program) ?? program);
  const hint = adviceText(advice, command);
  return new PlanError(code, fact, { path, hint, cause, advice });
}

const ANYWAY = '--allow-incomplete continues anyway';

function adviceText(
  advice: PlanAdvice,
  command: (verb: readonly string[], program: string) => string,
): string {
  switch (advice.code) {
    case 'SHOW_SEARCH':
      return `${command([], advice.program)} tells why; --library-path DIR searches DIR too, --include FILE:DEST puts a file of yours where it is looked for; ${ANYWAY}`;
    case 'CHECK':
      return `${command(['check'], advice.program)} tells more; ${ANYWAY}`;
    case 'RUN_IN_ROOT':
      return `only the cache leads such a program to its libraries; add to the build stage: RUN ${advice.command}`;
    case 'SET_WORKDIR':
      return `a needed name with a slash leads from the working directory: try --workdir ${advice.workdir}`;
    case 'KEEP_PATHS':
      return 'keep the paths that the programs have in the root, or use --allow-incomplete';
    case 'OTHER_BASE':
      return 'take a base that is as new as the build image, FROM scratch, or a static program';
  }
}
