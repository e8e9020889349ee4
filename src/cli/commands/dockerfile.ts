/**
 * `elfdeps dockerfile <file...>`: the last stage of a Dockerfile.
 */
import { writers } from '../../index.js';
import { COMPLETE } from '../exit-code.js';
import type { ImageOptions } from '../options.js';
import { planRequest } from '../plan-request.js';
import type { Terminal } from '../terminal.js';

export interface DockerfileCommandOptions extends ImageOptions {
  readonly from?: string;
  readonly base?: string;
  readonly copyOnly?: boolean;
}

export async function runDockerfile(
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
