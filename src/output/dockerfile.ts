/**
 * Writes a plan as the last stage of a Dockerfile, and several plans as one stage for each CPU.
 * Source: Dockerfile reference.
 */
import type { ImagePlan } from '../image/image-plan.js';
import { type CopyOptions, copyLines } from './dockerfile-copy.js';
import { escapeWord, jsonWords, quoteValue, requireOneLine } from './dockerfile-words.js';
import { requirePlan } from './required-plan.js';

/** How a Dockerfile is written. */
export interface DockerfileOptions extends CopyOptions {
  /** The image to build on. */
  readonly base: string;
  /** Write only the COPY lines. */
  readonly copyOnly: boolean;
}

/** The first version in which `COPY --parents` is stable. */
const PARENTS_SYNTAX = '# syntax=docker/dockerfile:1.20';

/** The text of the stage. */
export function formatDockerfile(plan: ImagePlan, options: DockerfileOptions): string {
  requirePlan(plan);
  if (options.copyOnly) return text(copyLines(plan, options));
  return text([...syntaxLines(options), `FROM ${options.base}`, ...stageLines(plan, options)]);
}

/** A plan for one CPU. */
export interface PlatformStage {
  readonly plan: ImagePlan;
  readonly contextFiles?: ReadonlyMap<string, string>;
}

/** A stage for each CPU, and a last stage that TARGETARCH selects from them. */
export function formatPlatformStages(
  stages: readonly PlatformStage[],
  options: DockerfileOptions,
): string {
  const all = stages.flatMap(({ plan, contextFiles }) => [
    `FROM ${options.base} AS final-${plan.platform.architecture}`,
    ...stageLines(plan, { ...options, contextFiles: contextFiles ?? options.contextFiles }),
    '',
  ]);
  return text([...syntaxLines(options), 'ARG TARGETARCH', ...all, 'FROM final-${TARGETARCH}']);
}

function syntaxLines({ parents }: DockerfileOptions): string[] {
  return parents === true ? [PARENTS_SYNTAX] : [];
}

/** All lines after FROM. */
function stageLines(plan: ImagePlan, options: DockerfileOptions): string[] {
  const { environment, labels, workdir, user, entrypoint, command } = plan;
  const assignments = (keyword: string, values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(
      ([name, value]) => `${keyword} ${labelName(name)}=${quoteValue(name, value)}`,
    );
  return [
    ...copyLines(plan, options),
    ...assignments('ENV', environment),
    ...assignments('LABEL', labels),
    ...(workdir === undefined ? [] : [`WORKDIR ${escapeWord(requireOneLine('WORKDIR', workdir))}`]),
    ...(user === undefined ? [] : [`USER ${escapeWord(requireOneLine('USER', user))}`]),
    ...(entrypoint.length > 0 ? [`ENTRYPOINT ${jsonWords(entrypoint)}`] : []),
    ...(command.length > 0 ? [`CMD ${jsonWords(command)}`] : []),
  ];
}

/** Names of variables are plain words. Names of labels may be any text. */
function labelName(name: string): string {
  return /^[\w./-]+$/.test(name) ? name : `"${escapeWord(requireOneLine('a name', name))}"`;
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
