/**
 * `elfdeps dockerfile <file...>`: the last stage of a Dockerfile.
 */
import type { Command } from 'commander';
import { printable, UsageError, writers } from '../../index.js';
import type { Action } from '../command.js';
import { addImageOptions, addSharedOptions, type ImageOptions } from '../options.js';
import { planRequest, printNotes } from '../plan-request.js';
import type { Terminal } from '../terminal.js';

interface DockerfileCommandOptions extends ImageOptions {
  readonly from?: string;
  readonly base?: string;
  readonly copyOnly?: boolean;
}

export function addDockerfile(program: Command, action: Action): void {
  const dockerfile = program
    .command('dockerfile')
    .description('the last stage of a Dockerfile')
    .argument('<file...>', 'FILE or FILE:DEST');
  addImageOptions(addSharedOptions(dockerfile))
    .option('--from <stage>', 'the stage to copy from (default: build)')
    .option('--base <image>', 'the image to build on (default: scratch)')
    .option('--copy-only', 'only the COPY lines')
    .action(action(runDockerfile));
}

async function runDockerfile(
  files: readonly string[],
  options: DockerfileCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const from = options.from ?? 'build';
  const base = options.base ?? 'scratch';
  requireWord('--from', from);
  requireWord('--base', base);
  const planned = await planRequest(files, options, 'flat', terminal);
  if (typeof planned === 'number') return planned;
  const { plan, request, exitCode } = planned;
  const { contextFiles } = request.inputs;
  terminal.out(
    writers.dockerfile(plan, {
      from,
      base,
      copyOnly: options.copyOnly ?? false,
      contextFiles,
    }),
  );
  if (!options.quiet) printNotes(outsideContext(contextFiles), terminal);
  const { environment } = plan;
  if (options.copyOnly && Object.keys(environment).length > 0)
    for (const [name, value] of Object.entries(environment))
      terminal.err(`elfdeps: the image needs ENV ${printable(`${name}=${value}`)} too\n`);
  return exitCode;
}

/** One word of a Dockerfile: spaces, or a line break, would make it another instruction. */
function requireWord(option: string, value: string): void {
  if (value === '' || /[\s\p{Cc}]/u.test(value))
    throw new UsageError(`${option} takes a name without spaces, not '${value}'`);
}

/** Files of this machine that no build context has, where it is the working directory. */
function outsideContext(contextFiles: ReadonlyMap<string, string>): string[] {
  return [...new Set(contextFiles.values())]
    .filter((name) => name.startsWith('/') || /^(?:\.?\/)*\.\.(?:\/|$)/.test(name))
    .map((name) => `${name}: outside of the working directory, so in no build context of it`);
}
