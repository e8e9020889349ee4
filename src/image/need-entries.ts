/**
 * What programs need at run time beside their libraries, as entries of a plan: files, whole
 * directories, small files that are made. The libraries that they open are in the closures already.
 */

import { broughtBy, isIdle } from '../needs/copied-directory.js';
import type { RuntimeNeed } from '../needs/need.js';
import { namesIn } from '../root/list-directory.js';
import { directoryOf } from '../root/path-text.js';
import { type ResolvedPath, resolvePath } from '../root/resolve-path.js';
import type { RealPath, Root } from '../root/root.js';
import { copiesOf, WHOLE } from './copied-parts.js';
import type { ImageNote } from './image-note.js';
import { normalize, type PlanEntries } from './plan-entries.js';
import type { PlanOptions } from './plan-image.js';

type PlanLayout = PlanOptions['layout'];

/**
 * Adds the needs to the entries. For COPY, in the layouts `flat` and `parents`, directories are one entry
 * each, and the notes that are returned name what COPY cannot make.
 */
export function addNeeds(
  entries: PlanEntries,
  needs: readonly RuntimeNeed[],
  root: Root,
  layout: PlanLayout,
): ImageNote[] {
  for (const need of needs) {
    const visited = new Set<string>();
    // Other names of a program, which COPY would make the whole program of again.
    if (layout === 'flat' && need.kind === 'commands') continue;
    for (const path of need.files) addPath(entries, path, need, root, layout, visited);
  }
  return layout !== 'links'
    ? addForCopy(entries, needs, root, layout)
    : addMade(entries, needs, root);
}

/** Directories and files that elfdeps makes itself. */
function addMade(entries: PlanEntries, needs: readonly RuntimeNeed[], root: Root): ImageNote[] {
  for (const { directories, generated, kind } of needs) {
    for (const { path, mode, ...owner } of directories) {
      const { place, links } = placeOf(root, path);
      entries.addLinksOf(path, links);
      entries.addDirectory(place, mode, owner);
    }
    for (const [path, text] of Object.entries(generated))
      entries.setGenerated(path, Buffer.from(text), kind);
  }
  return [];
}

/** Where the links of the root lead for a path that it may lack, and those links. */
function placeOf(root: Root, path: string) {
  let above = path;
  let found = resolvePath(root, above);
  while (!found.found && above !== '/') {
    above = directoryOf(above);
    found = resolvePath(root, above);
  }
  if (!found.found) return { place: path, links: [] };
  const rest = above === '/' ? path : path.slice(above.length);
  return { place: found.path === '/' ? rest : `${found.path}${rest}`, links: found.links };
}

/** The stage's own files in place of those that would be made; notes for all that COPY cannot make. */
function addForCopy(
  entries: PlanEntries,
  needs: readonly RuntimeNeed[],
  root: Root,
  layout: PlanLayout,
): ImageNote[] {
  const empty = new Set(needs.flatMap(({ directories }) => directories.map(({ path }) => path)));
  const notMade = new Set<string>();
  for (const { generated, kind } of needs)
    for (const path of Object.keys(generated)) {
      const own = resolvePath(root, path);
      if (PROVIDED.has(path)) continue;
      if (own.found) addFile(entries, path, own, kind, layout);
      else notMade.add(path);
    }
  const notes: ImageNote[] = [];
  if (empty.size > 0) notes.push({ code: 'DIRECTORIES_NOT_MADE', paths: [...empty] });
  for (const path of notMade) notes.push({ code: 'FILE_NOT_MADE', path });
  return notes;
}

/** Why COPY brings nothing of a need, in words; undefined where it brings something. */
export function leftOutByCopy(need: RuntimeNeed, root: Root): string | undefined {
  const { files, opens, starts, directories, generated } = need;
  const made = Object.keys(generated);
  if (files.length + opens.length + starts.length > 0) return undefined;
  if (made.some((path) => !PROVIDED.has(path) && resolvePath(root, path).found)) return undefined;
  if (directories.length === 0 && made.length > 0 && made.every((path) => PROVIDED.has(path)))
    return `container engines bring ${made.join(', ')}`;
  return directories.length + made.length > 0 ? 'COPY cannot make it' : undefined;
}

/** What every container engine puts into a container by itself. */
const PROVIDED: ReadonlySet<string> = new Set(['/etc/hosts', '/etc/resolv.conf', '/etc/hostname']);

/** A file at its path where COPY follows links, else where it is, with the links that lead there. */
function addFile(
  entries: PlanEntries,
  path: string,
  { path: realPath, links }: ResolvedPath,
  kind: string,
  layout: PlanLayout,
): void {
  if (layout === 'flat') entries.addFile(path, realPath, path, kind);
  else entries.addWithLinks(path, { realPath, links }, kind);
}

/** A file, a link with what it leads to, or a directory with all that is below it. */
function addPath(
  entries: PlanEntries,
  path: string,
  need: RuntimeNeed,
  root: Root,
  layout: PlanLayout,
  visited: Set<string>,
): void {
  const file = resolvePath(root, path);
  if (!file.found) return;
  if (file.entry.kind === 'file') {
    addFile(entries, path, file, need.kind, layout);
    return;
  }
  if (file.entry.kind !== 'directory') return;
  if (layout !== 'links') {
    // With --parents the links on the way are copied too, and a tree stands where it really is.
    if (layout === 'parents') entries.addLinksOf(path, file.links);
    const place = layout === 'parents' ? file.path : path;
    addCopied(entries, { place, source: file.path }, need, root, layout, visited);
    return;
  }
  entries.addLinksOf(path, file.links);
  entries.addDirectory(file.path, file.entry.mode, file.entry);
  // A link to a directory above would never end.
  if (visited.has(file.path)) return;
  visited.add(file.path);
  for (const below of broughtBy(root, { shown: path, path: file.path }))
    if (!need.except.includes(below.name) && !need.except.includes(below.path))
      addPath(entries, below.path, need, root, layout, visited);
}

/** A directory as COPY takes it, in parts where something of it is left out. */
function addCopied(
  entries: PlanEntries,
  { place, source }: { readonly place: string; readonly source: RealPath },
  need: RuntimeNeed,
  root: Root,
  layout: PlanLayout,
  visited: Set<string>,
): void {
  // Directories whose links lead to each other would never end.
  const parts = visited.has(source) ? [WHOLE] : copiesOf(root, source, need.except);
  visited.add(source);
  for (const { kind, below } of parts) {
    const from = `${source}${below}` as RealPath;
    const file = resolvePath(root, from);
    if (kind === 'tree') addTree(entries, place + below, from, need, root, layout, visited);
    else if (file.found && !isIdle(from, file))
      addPath(entries, place + below, need, root, layout, visited);
  }
}

/** A directory as COPY takes it, links and all, with what its links lead to outside of it. */
function addTree(
  entries: PlanEntries,
  path: string,
  source: RealPath,
  need: RuntimeNeed,
  root: Root,
  layout: PlanLayout,
  visited: Set<string>,
): void {
  entries.addTree(path, source, need.kind);
  for (const below of linksBelow(root, source)) {
    const target = root.readlink(source + below);
    const beside = `${path}${below.slice(0, below.lastIndexOf('/'))}`;
    const text = normalize(target.startsWith('/') ? target : `${beside}/${target}`);
    const file = resolvePath(root, text);
    if (!file.found || text.startsWith(`${path}/`) || isIdle(source + below, file)) continue;
    if (file.entry.kind === 'file') addFile(entries, text, file, need.kind, layout);
    else if (!visited.has(file.path)) addPath(entries, text, need, root, layout, visited);
  }
}

/** Links below a directory, each from there with a slash in front; links are not followed. */
function* linksBelow(root: Root, directory: RealPath): Generator<string> {
  const pending: string[] = [''];
  for (let below = pending.pop(); below !== undefined; below = pending.pop())
    for (const name of namesIn(root, directory + below)) {
      const next = `${below}/${name}`;
      const kind = root.lstat(directory + next)?.kind;
      if (kind === 'directory') pending.push(next);
      if (kind === 'symlink') yield next;
    }
}
