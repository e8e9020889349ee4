/**
 * The growing set of entries of a plan: one a path, each with its parent directories, links and the
 * directories that a path only passes.
 */

import { hasShebang } from '../elf/script.js';
import { errnoOf, PlanError } from '../errors.js';
import { compareBytes } from '../root/byte-order.js';
import { componentsOf, directoryOf, shortenedComponents } from '../root/path-text.js';
import { resolvePath, type SymlinkHop } from '../root/resolve-path.js';
import type { Entry, RealPath, Root } from '../root/root.js';
import { isExecutable } from '../root/user.js';
import type { PlanEntry, PlannedOwner } from './image-plan.js';

/** Entries by path, with their parent directories. */
export class PlanEntries {
  readonly #root: Root;
  readonly #keepsCrossed: boolean;
  readonly #entries: Map<string, PlanEntry>;

  /** `keepsCrossed`: with directories that paths only pass. */
  constructor(
    root: Root,
    keepsCrossed: boolean,
    entries: Iterable<readonly [string, PlanEntry]> = [],
  ) {
    this.#root = root;
    this.#keepsCrossed = keepsCrossed;
    this.#entries = new Map(entries);
  }

  /** The same entries, to be added to on their own. */
  clone(): PlanEntries {
    return new PlanEntries(this.#root, this.#keepsCrossed, this.#entries);
  }

  /** A file that elfdeps makes, in the place of a file of that name if there is one. */
  setGenerated(path: string, bytes: Uint8Array, because: string): void {
    // The last component of the path may be a link, so one more component is resolved.
    const place = directoryOf(this.throughLinks(`${path}/behind`));
    if (this.#entries.get(place)?.kind === 'file') this.#entries.delete(place);
    this.#add({ kind: 'generated', path: place, bytes, mode: 0o644, because });
  }

  /** A plain file at `path` with the bytes of `source`, which `opened` leads to. */
  addFile(path: string, source: RealPath, opened: string, because: string): void {
    const known = this.#entries.get(path);
    const isSame = known?.kind === 'file' && this.#isSame(known.source, source);
    if (known !== undefined && !isSame)
      throw new PlanError(
        'PLAN_CONFLICT',
        `${known.kind === 'file' ? known.source : `a ${known.kind}`} and ${source} want this place`,
        { path },
      );
    const entry = this.#root.lstat(source);
    if (known !== undefined || entry === undefined) return;
    const { mode, size } = entry;
    // A builder shortens paths as text; where that leads elsewhere, only the real path is right.
    const shortened = normalize(opened);
    const leads = resolvePath(this.#root, shortened);
    const openedAs =
      this.#lentFrom(source) ?? (leads.found && leads.path === source ? shortened : source);
    const capability = because === 'program' ? this.#capabilityOf(source, entry) : entry.capability;
    const owner = this.#keepsOwner(because, mode) ? ownerOf(entry) : undefined;
    const common = { kind: 'file', path, source, openedAs, mode, size, ...owner, because } as const;
    this.#add(capability === undefined ? common : { ...common, capability });
  }

  #isSame(one: RealPath, other: RealPath): boolean {
    return one === other || this.#root.lstat(one)?.id === this.#root.lstat(other)?.id;
  }

  /** Where else in the root the file is that stands at a path for the image only; undefined for others. */
  #lentFrom(path: RealPath): RealPath | undefined {
    const origin = this.#root.origin?.(path);
    const isOfRoot = origin?.root === this.#root.origin?.('/' as RealPath)?.root;
    return isOfRoot && origin?.path !== path ? origin?.path : undefined;
  }

  /** The file at its real path, and every link and directory on the way from `path`. */
  addWithLinks(
    path: string,
    file: { readonly realPath: RealPath; readonly links: readonly SymlinkHop[] },
    because: string,
  ): void {
    this.addLinksOf(path, file.links);
    this.addFile(file.realPath, file.realPath, file.realPath, because);
  }

  /** The links on the way from `path`, where they lead to a directory. */
  addLinksOf(path: string, links: readonly SymlinkHop[]): void {
    for (const link of links) this.#add({ kind: 'symlink', path: link.path, target: link.target });
    if (this.#keepsCrossed)
      for (const text of [path, ...links.map(linkTarget)]) this.#addCrossed(text);
  }

  /** What stands at a real path, a link as a link. Devices, pipes and sockets are left out. */
  addExact(path: string, because: string): void {
    const entry = this.#root.lstat(path);
    if (entry?.kind === 'directory') this.addDirectory(path, entry.mode, entry);
    else if (entry?.kind === 'file') this.addFile(path, path as RealPath, path, because);
    else if (entry?.kind === 'symlink')
      this.#add({ kind: 'symlink', path, target: this.#root.readlink(path) });
  }

  addConfiguration(path: string, flat: boolean): void {
    const file = resolvePath(this.#root, path);
    if (!file.found) return;
    if (flat) this.addFile(path, file.path, path, 'configuration');
    else this.addWithLinks(path, { realPath: file.path, links: file.links }, 'configuration');
  }

  /** `path` where the links among the entries lead; the name itself stays. */
  throughLinks(path: string): string {
    const pending = componentsOf(path);
    const real: string[] = [];
    for (let hops = 0; pending.length > 1; ) {
      const name = pending.shift() as string;
      if (name === '..') {
        real.pop();
        continue;
      }
      const entry = this.#entries.get(`/${[...real, name].join('/')}`);
      if (entry?.kind !== 'symlink') {
        real.push(name);
        continue;
      }
      if (++hops > 40)
        throw new PlanError('PLAN_CONFLICT', 'more than 40 symbolic links', { path });
      if (entry.target.startsWith('/')) real.length = 0;
      pending.unshift(...componentsOf(entry.target));
    }
    return `/${[...real, ...pending].join('/')}`;
  }

  /** In byte order, so parents first. */
  sorted(): PlanEntry[] {
    return [...this.#entries.values()].sort((a, b) => compareBytes(a.path, b.path));
  }

  /** Sorted; files that are one file in the root are one in the tree, by hard links. */
  linked(): PlanEntry[] {
    const first = new Map<string, string>();
    return this.sorted().map((entry) => {
      if (entry.kind !== 'file') return entry;
      const id = this.#root.lstat(entry.source)?.id ?? entry.source;
      const hardLinkTo = first.get(id);
      if (hardLinkTo !== undefined) return { ...entry, hardLinkTo };
      first.set(id, entry.path);
      return entry;
    });
  }

  /** Finds out the capabilities of programs that will be added. */
  expectPrograms(sources: readonly RealPath[]): void {
    const mayHave = sources.filter((source) => {
      const entry = this.#root.lstat(source);
      return entry !== undefined && this.#mayHaveCapability(source, entry);
    });
    if (mayHave.length > 1) this.#root.findCapabilities?.(mayHave);
  }

  #capabilityOf(source: RealPath, entry: Entry): Uint8Array | undefined {
    const isUnknown = this.#mayHaveCapability(source, entry);
    return isUnknown ? this.#root.capability?.(source) : entry.capability;
  }

  /** It takes a process to know, and the kernel looks at those of the interpreter of a script. */
  #mayHaveCapability(source: RealPath, entry: Entry): boolean {
    return isExecutable({ entry }) && entry.capability === undefined && !this.#isScript(source);
  }

  #isScript(source: RealPath): boolean {
    try {
      return hasShebang(this.#root.read(source, 0, 2));
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      return false;
    }
  }

  /** Directories that a path only passes, to come back by `..`. */
  #addCrossed(path: string): void {
    const parts = path.split('/');
    parts.forEach((part, index) => {
      if (part !== '..') return;
      const crossed = resolvePath(this.#root, parts.slice(0, index).join('/') || '/');
      if (!crossed.found || crossed.path === '/') return;
      for (const link of crossed.links)
        this.#add({ kind: 'symlink', path: link.path, target: link.target });
      this.addDirectory(crossed.path, crossed.entry.mode);
    });
  }

  /** A directory of the root with all that is below it. */
  addTree(path: string, source: RealPath, because: string): void {
    for (const known of [...this.#entries.keys()])
      if (known === path || known.startsWith(`${path}/`)) this.#entries.delete(known);
    this.#add({ kind: 'tree', path, source, because });
  }

  /** An empty directory; one that is there keeps its own mode. */
  addDirectory(path: string, mode: number, owner?: PlannedOwner): void {
    this.#add({ kind: 'directory', path, mode, ...(owner && ownerOf(owner)) });
  }

  /**
   * Programs and libraries of this machine belong to root in an image, not to the user who built them. What gives rights
   * keeps the owner whose rights they are.
   */
  #keepsOwner(because: string, mode: number): boolean {
    return !this.#root.isHost || (mode & 0o6000) !== 0 || !FROM_CLOSURES.has(because);
  }

  #isInTree(path: string): boolean {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
      if (this.#entries.get(path.slice(0, at))?.kind === 'tree') return true;
    return false;
  }

  #add(entry: PlanEntry): void {
    if (this.#entries.has(entry.path) || this.#isInTree(entry.path)) return;
    this.#entries.set(entry.path, entry);
    const parent = entry.path.slice(0, entry.path.lastIndexOf('/'));
    const known = this.#entries.get(parent);
    // Writers would follow a link there, and leave the tree.
    if (known !== undefined && known.kind !== 'directory')
      throw new PlanError('PLAN_CONFLICT', `a ${known.kind}, and the directory of ${entry.path}`, {
        path: parent,
      });
    if (parent === '' || known !== undefined) return;
    // What is a link in the root has no mode of its own.
    const there = resolvePath(this.#root, parent);
    const isDirectory = there.found && there.entry.kind === 'directory';
    const mode = isDirectory ? there.entry.mode : 0o755;
    this.addDirectory(parent, mode, isDirectory && !this.#root.isHost ? there.entry : undefined);
  }
}

const FROM_CLOSURES: ReadonlySet<string> = new Set([
  ...['program', 'interpreter', 'library', 'preload', 'configuration'],
]);

/** Undefined for root's. */
function ownerOf({ uid = 0, gid = 0 }: PlannedOwner): PlannedOwner | undefined {
  return uid === 0 && gid === 0 ? undefined : { uid, gid };
}

function linkTarget({ path, target }: SymlinkHop): string {
  return target.startsWith('/') ? target : `${path.slice(0, path.lastIndexOf('/'))}/${target}`;
}

/** A path as COPY would write it: without `.`, `..` and repeated slashes, as text. */
export function normalize(path: string): string {
  return `/${shortenedComponents(path).join('/')}`;
}
