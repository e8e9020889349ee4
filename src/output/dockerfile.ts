/**
 * A flat plan as the last stage of a Dockerfile. COPY follows links, so the plan has none: each
 * file is copied to the very path that is opened at run time. One COPY for each directory, the
 * programs last, since they change most often. Source: Dockerfile reference, COPY and ENTRYPOINT;
 * BuildKit frontend/dockerfile/shell/lex.go.
 */
import { OutputError } from '../errors.js';
import type { ImagePlan, PlannedFile } from '../image/image-plan.js';

export interface DockerfileOptions {
  /** The stage (a name or a number) or image that the files are copied from. */
  readonly from: string;
  /** What the image is built on. */
  readonly base: string;
  /** Only the COPY lines, for a Dockerfile that has the rest. */
  readonly copyOnly: boolean;
  /** Files that are not in the stage but in the build context: their name there, by image path. */
  readonly contextFiles?: ReadonlyMap<string, string>;
}

/** The text of the stage. */
export function formatDockerfile(plan: ImagePlan, options: DockerfileOptions): string {
  const copies = copyLines(plan, options);
  if (options.copyOnly) return copies.map((line) => `${line}\n`).join('');
  const environment = Object.entries(plan.environment).map(
    ([name, value]) => `ENV ${name}=${quote(name, value)}`,
  );
  return [
    `FROM ${options.base}`,
    ...copies,
    ...environment,
    ...(plan.entrypoint.length > 0 ? [`ENTRYPOINT ${JSON.stringify(plan.entrypoint)}`] : []),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** Longer lines are continued, one path a line. */
const LINE_WIDTH = 80;

interface Copy {
  readonly from: string | undefined;
  readonly source: string;
  readonly destination: string;
}

function copyLines(plan: ImagePlan, options: DockerfileOptions): string[] {
  const files = plan.entries.filter((entry) => entry.kind === 'file');
  const programs = new Set(plan.programs);
  const ordered = [
    ...files.filter((file) => !programs.has(file.path)),
    ...files.filter((file) => programs.has(file.path)),
  ];
  // Files of one directory go into one COPY, unless the name changes on the way.
  const groups = new Map<string, Copy[]>();
  for (const file of ordered) {
    const copy = copyOf(file, options);
    const directory = copy.destination.slice(0, copy.destination.lastIndexOf('/') + 1);
    const keepsName = baseName(copy.source) === baseName(copy.destination);
    const kind = programs.has(file.path) ? 'program' : 'library';
    const key = keepsName
      ? `${copy.from ?? ''}\0${kind}\0${directory}`
      : `${copy.from ?? ''}\0${copy.destination}`;
    groups.set(key, [...(groups.get(key) ?? []), copy]);
  }
  return [...groups.values()].map((group) => copyLine(group));
}

function copyOf(file: PlannedFile, { from, contextFiles }: DockerfileOptions): Copy {
  const context = contextFiles?.get(file.path);
  if (context !== undefined) return { from: undefined, source: context, destination: file.path };
  return { from, source: file.openedAs, destination: file.path };
}

function copyLine(group: readonly Copy[]): string {
  const [first] = group as readonly [Copy, ...Copy[]];
  const from = first.from === undefined ? '' : ` --from=${first.from}`;
  const keepsName = baseName(first.source) === baseName(first.destination);
  const destination = keepsName
    ? first.destination.slice(0, first.destination.lastIndexOf('/') + 1)
    : first.destination;
  const words = [...group.map(({ source }) => escapePattern(source)), destination].map(escapeWord);
  if (words.some((word) => /[\s#]/.test(word))) return `COPY${from} ${JSON.stringify(words)}`;
  const line = `COPY${from} ${words.join(' ')}`;
  return line.length <= LINE_WIDTH ? line : `COPY${from} \\\n  ${words.join(' \\\n  ')}`;
}

/** Sources are Go's filepath.Match patterns: a class of one character is that character. */
function escapePattern(path: string): string {
  return path.replaceAll(/[[*?\\]/g, (character) =>
    character === '\\' ? '\\\\' : `[${character}]`,
  );
}

/** Builders replace variables and take quotes and backslashes away, in the JSON form too. */
function escapeWord(word: string): string {
  return word.replaceAll(/["'\\$]/g, (character) => `\\${character}`);
}

function quote(name: string, value: string): string {
  if (/[\r\n]/.test(value))
    throw new OutputError('OUTPUT_FAILED', `a Dockerfile cannot give ${name} a line break`);
  const escaped = value.replaceAll(/["\\$]/g, (character) => `\\${character}`);
  return /^[\w./:@%+,-]*$/.test(value) ? value : `"${escaped}"`;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
