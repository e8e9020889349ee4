/**
 * The COPY lines of a plan. COPY follows links, so a flat plan has no links: each file is copied to the
 * path that is opened at run time. Files of one directory share a line. The programs come last, because
 * they change most often. `COPY --parents` (Dockerfile syntax 1.20) keeps links and directories, so one
 * line copies everything that keeps its place.
 */

import { hasHidden } from '../errors.js';
import type { ImagePlan, PlannedFile, PlannedLink } from '../image/image-plan.js';
import { baseName } from '../root/path-text.js';
import { escapePattern, escapeWord, jsonWords } from './dockerfile-words.js';

/** How COPY lines are written. */
export interface CopyOptions {
  /** The stage (a name or a number) or image that the files are copied from. */
  readonly from: string;
  /** Files of the build context instead of the stage: their name there, by image path. */
  readonly contextFiles?: ReadonlyMap<string, string>;
  /** Write one `COPY --parents` with links, for plans of the layout `parents`. */
  readonly parents?: boolean;
}

/** Longer instructions are split, one path per line. */
const LINE_WIDTH = 80;

interface Copy {
  readonly from: string | undefined;
  readonly source: string;
  readonly destination: string;
  /** `UID:GID`; empty for root's. */
  readonly owner: string;
}

/** One string for each instruction, which may have several lines. */
export function copyLines(plan: ImagePlan, options: CopyOptions): string[] {
  const isProgram = ({ path, because }: PlannedFile) =>
    because === 'program' || plan.programs.includes(path);
  const staying = options.parents === true ? plan.entries.filter(keepsPlace) : [];
  const files = plan.entries.filter((entry) => entry.kind === 'file').filter(notIn(staying));
  const ordered = [...files.filter((f) => !isProgram(f)), ...files.filter(isProgram)];
  // Files of one directory go into one COPY, unless the name changes on the way.
  const groups = new Map<string, Copy[]>();
  for (const file of ordered) {
    const copy = copyOf(file, options);
    const directory = copy.destination.slice(0, copy.destination.lastIndexOf('/') + 1);
    const keepsName = baseName(copy.source) === baseName(copy.destination);
    const kind = isProgram(file) ? 'program' : 'library';
    const key = keepsName
      ? `${copy.from ?? ''}\0${kind}\0${directory}\0${copy.owner}`
      : `${copy.from ?? ''}\0${copy.destination}`;
    groups.set(key, [...(groups.get(key) ?? []), copy]);
  }
  const trees = plan.entries.filter((entry) => entry.kind === 'tree');
  const lines = [
    ...trees.map(({ source, path }) =>
      instruction(`COPY --from=${options.from}`, [`${escapePattern(source)}/`, `${path}/`]),
    ),
    ...[...groups.values()].map((group) => copyLine(group)),
  ];
  if (staying.length === 0) return lines;
  const sources = staying.map(({ path }) => escapePattern(path));
  return [instruction(`COPY --parents --from=${options.from}`, [...sources, '/']), ...lines];

  function keepsPlace(entry: ImagePlan['entries'][number]): entry is PlannedFile | PlannedLink {
    if (entry.kind === 'symlink') return true;
    return (
      entry.kind === 'file' &&
      entry.source === entry.path &&
      entry.openedAs === entry.path &&
      entry.uid === undefined &&
      options.contextFiles?.get(entry.source) === undefined
    );
  }
}

function notIn(entries: readonly ImagePlan['entries'][number][]): (file: PlannedFile) => boolean {
  const all = new Set(entries);
  return (file) => !all.has(file);
}

function copyOf(file: PlannedFile, { from, contextFiles }: CopyOptions): Copy {
  const context = contextFiles?.get(file.source);
  const { uid = 0, gid = 0, path: destination } = file;
  const owner = uid === 0 && gid === 0 ? '' : `${uid}:${gid}`;
  if (context !== undefined) return { from: undefined, source: context, destination, owner };
  return { from, source: file.openedAs, destination, owner };
}

function copyLine(group: readonly Copy[]): string {
  const [first] = group as readonly [Copy, ...Copy[]];
  const from = first.from === undefined ? '' : ` --from=${first.from}`;
  const keepsName = baseName(first.source) === baseName(first.destination);
  const destination = keepsName
    ? first.destination.slice(0, first.destination.lastIndexOf('/') + 1)
    : first.destination;
  const owner = first.owner === '' ? '' : ` --chown=${first.owner}`;
  return instruction(`COPY${from}${owner}`, [
    ...group.map(({ source }) => escapePattern(source)),
    destination,
  ]);
}

/** In the JSON form if a word has a space, or would be a comment, a flag or a here-document. */
function instruction(start: string, plainWords: readonly string[]): string {
  const words = plainWords.map(escapeWord);
  if (words.some((word) => /[\s#<]|^-/.test(word) || hasHidden(word)))
    return `${start} ${jsonWords(words)}`;
  const line = `${start} ${words.join(' ')}`;
  return line.length <= LINE_WIDTH ? line : `${start} \\\n  ${words.join(' \\\n  ')}`;
}
