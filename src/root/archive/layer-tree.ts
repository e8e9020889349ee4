/**
 * Layers of an image into one tree of files: each layer is unpacked alone, then laid over those below
 * it as overlayfs does, which is what runs containers. So a directory of a layer takes the place of a
 * link in a lower one, and a whiteout says nothing about its own layer.
 * Source: OCI image specification, layer.md; overlayfs.rst of Linux; moby pkg/archive/diff.go.
 */

import { ArchiveError } from '../../errors.js';
import { componentsOf, shortenedComponents } from '../path-text.js';
import { resolvePath } from '../resolve-path.js';
import type { Entry, Root } from '../root.js';
import type { ArchiveMember } from './archive-kind.js';
import { type ArchiveLimits, takeNode, takeText } from './archive-limits.js';
import { type DirectoryNode, isDirectory, type TreeNode, treeRoot } from './tree-root.js';

/** A system takes no longer path, in bytes. */
const PATH_MAX = 4096;

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

/** Trees may be laid over each other, so their files must not have the same identities. */
let trees = 0;

/** What an archive says about a directory. */
type Description = Pick<Entry, 'mode' | 'uid' | 'gid'>;

/** A directory without a member, as a program that unpacks archives for root makes it. */
const IMPLIED: Description = { mode: 0o755, uid: 0, gid: 0 };

/** One tree, into which members are put in the order of the archive; a later one replaces. */
export class LayerTree {
  readonly top: DirectoryNode;
  readonly #device = `archive${++trees}`;
  readonly #root: Root;
  readonly #limits: ArchiveLimits;
  /** Hard links whose other name is in no layer seen so far. */
  readonly #pending: { directory: DirectoryNode; name: string; link: string }[] = [];
  /** What the layer takes away from lower ones: a name, or all that a directory has there. */
  readonly #whiteouts: { directory: string; name: string | undefined }[] = [];
  #nodes = 0;
  /** The directory of the last member, which is mostly that of the next one. */
  #recent: { path: string; directory: DirectoryNode } | undefined;

  constructor(limits: ArchiveLimits) {
    this.#limits = limits;
    this.top = this.#directory(IMPLIED, true);
    this.#root = treeRoot(this.top, 'layer');
  }

  /**
   * Adds a member. With `isLayer`, names with the prefix `.wh.` are whiteouts. Names and links that are
   * too long for any system are left out. Throws ArchiveError where a limit is used up.
   */
  add(member: ArchiveMember, isLayer: boolean): void {
    if (member.name.length > PATH_MAX || member.link.length > PATH_MAX) return;
    takeText(this.#limits, member.name.length + member.link.length);
    const parts = shortenedComponents(member.name);
    const name = parts.pop();
    if (name === undefined) {
      if (member.kind === 'directory') describe(this.top, member);
    } else if (!isLayer || !this.#isMark(parts, name)) this.#put(member, parts, name);
  }

  /** Whether a name is no file of a layer but a mark of AUFS; takes note of a whiteout. */
  #isMark(parts: readonly string[], name: string): boolean {
    // Other marks of AUFS, and names below them, mean nothing in an image.
    if (parts.some((part) => part.startsWith(WHITEOUT))) return true;
    if (!name.startsWith(WHITEOUT)) return false;
    if (name.startsWith('.wh..wh.') && name !== OPAQUE) return true;
    // A whiteout makes no directory: the layer may have a file there by now.
    const gone = name === OPAQUE ? undefined : name.slice(WHITEOUT.length);
    takeNode(this.#limits);
    this.#whiteouts.push({ directory: parts.join('/'), name: gone });
    return true;
  }

  #put(member: ArchiveMember, parts: readonly string[], name: string): void {
    const directory = this.#parentOf(parts);
    const old = directory.children.get(name);
    if (member.kind === 'directory' && isDirectory(old)) {
      describe(old, member);
      return;
    }
    const node = this.#nodeOf(member, directory, name);
    if (node === old) return;
    if (old !== undefined) this.#recent = undefined;
    if (node === undefined) directory.children.delete(name);
    else directory.children.set(name, node);
  }

  /** Lays this layer over `lower`, which becomes part of the result. */
  over(lower: LayerTree): LayerTree {
    this.#linkTo(lower);
    this.#whiteOut(lower);
    const pending: [below: DirectoryNode, above: DirectoryNode][] = [[lower.top, this.top]];
    for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
      const [below, above] = pair;
      if (!above.isImplied) describe(below, above.entry);
      for (const [name, node] of above.children) {
        const old = below.children.get(name);
        if (isDirectory(old) && isDirectory(node)) pending.push([old, node]);
        else below.children.set(name, node);
      }
    }
    lower.#recent = undefined;
    return lower;
  }

  /** Hard links of this layer may name files of lower ones. */
  #linkTo(lower: LayerTree): void {
    for (const { directory, name, link } of this.#pending) {
      const found = lower.#find(shortenedComponents(link));
      if (found !== undefined && !isDirectory(found) && !directory.children.has(name))
        directory.children.set(name, found);
    }
  }

  /** Removes from `lower` what this layer takes away. */
  #whiteOut(lower: LayerTree): void {
    for (const { directory, name } of this.#whiteouts) {
      const below = lower.#nodeAt(componentsOf(directory));
      if (!isDirectory(below)) continue;
      if (name === undefined) below.children.clear();
      else below.children.delete(name);
    }
  }

  /** A member as a node; undefined for another name of a file that is not there, or of a directory. */
  #nodeOf(member: ArchiveMember, directory: DirectoryNode, name: string): TreeNode | undefined {
    const { kind, mode, uid, gid, body, capability } = member;
    if (kind === 'directory') return this.#directory(member, false);
    if (kind === 'hard-link') {
      takeNode(this.#limits);
      const found = this.#find(shortenedComponents(member.link));
      if (found === undefined) this.#pending.push({ directory, name, link: member.link });
      return isDirectory(found) ? undefined : found;
    }
    const entry = { kind, size: body.size, mode, uid, gid, id: this.#newId(), capability };
    if (kind === 'symlink') return { entry, target: member.link };
    return kind === 'file' ? { entry, body } : { entry };
  }

  #directory({ mode, uid, gid }: Description, isImplied: boolean): DirectoryNode {
    return {
      entry: { kind: 'directory', size: 0, mode, uid, gid, id: this.#newId() },
      children: new Map(),
      isImplied,
    };
  }

  #newId(): string {
    takeNode(this.#limits);
    return `${this.#device}:${++this.#nodes}`;
  }

  /** The directory of a member. Links of the layer are followed; a file in the way is replaced. */
  #parentOf(parts: readonly string[]): DirectoryNode {
    const path = parts.join('/');
    if (this.#recent?.path === path) return this.#recent.directory;
    let directory = this.top;
    parts.forEach((part, index) => {
      const child = directory.children.get(part);
      const isLink = child !== undefined && !isDirectory(child) && child.target !== undefined;
      const next = isLink ? this.#find([...parts.slice(0, index + 1), '.']) : child;
      if (isDirectory(next)) directory = next;
      else {
        const made = this.#directory(IMPLIED, true);
        directory.children.set(part, made);
        directory = made;
      }
    });
    this.#recent = { path, directory };
    return directory;
  }

  /**
   * What a path means in this tree; a link at its end is the answer itself. Throws
   * {@link ArchiveError} where the links of the archive lead through too many directories.
   */
  #find(parts: readonly string[]): TreeNode | undefined {
    const name = parts.at(-1);
    if (name === undefined) return this.top;
    const parent = resolvePath(this.#root, `/${parts.slice(0, -1).join('/')}`, this.#limits);
    const { steps, path } = this.#limits;
    if (steps < 0) throw new ArchiveError('links lead through too many directories', 0, { path });
    if (!parent.found) return undefined;
    const directory = componentsOf(parent.path);
    return this.#nodeAt(name === '.' ? directory : [...directory, name]);
  }

  /** What stands at a path, without following links. */
  #nodeAt(parts: readonly string[]): TreeNode | undefined {
    let node: TreeNode | undefined = this.top;
    for (const part of parts) node = isDirectory(node) ? node.children.get(part) : undefined;
    return node;
  }
}

function describe(directory: DirectoryNode, { mode, uid, gid }: Description): void {
  directory.entry = { ...directory.entry, mode, uid, gid };
  directory.isImplied = false;
}
