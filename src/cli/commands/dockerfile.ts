/**
 * `elfdeps dockerfile <file...>`: the last stage of a Dockerfile.
 */
import type { Command } from 'commander';
import { writers } from '../../index.js';
import type { Action } from '../command.js';
import { COMPLETE } from '../exit-code.js';
import { addImageOptions, addSharedOptions, type ImageOptions } from '../options.js';
import { planRequest } from '../plan-request.js';
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
  const planned = await planRequest(files, options, 'flat', terminal);
  if (typeof planned === 'number') return planned;
  const { plan, request } = planned;
  terminal.out(
    writers.dockerfile(plan, {
      from: options.from ?? 'build',
      base: options.base ?? 'scratch',
      copyOnly: options.copyOnly ?? false,
      contextFiles: request.inputs.contextFiles,
    }),
  );
  const { environment } = plan;
  if (options.copyOnly && Object.keys(environment).length > 0)
    for (const [name, value] of Object.entries(environment))
      terminal.err(`elfdeps: the image needs ENV ${name}=${value} too\n`);
  return COMPLETE;
}
