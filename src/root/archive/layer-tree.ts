/**
 * Layers of an image into one tree of files: each layer is unpacked alone, then laid over those below
 * it as overlayfs does, which is what runs containers. So a directory of a layer takes the place of a
 * link in a lower one, and a whiteout says nothing about its own layer.
 * Source: OCI image specification, layer.md; overlayfs.rst of Linux; moby pkg/archive/diff.go.
 */

import type { ByteSource } from '../../elf/byte-source.js';
import { ArchiveError } from '../../errors.js';
import { componentsOf, shortenedComponents } from '../path-text.js';
import { resolvePath } from '../resolve-path.js';
import type { Entry, Root } from '../root.js';
import type { TarMember } from './tar-members.js';
import { treeRoot } from './tree-root.js';

/** A file, a link or something else; two names of one file share it. */
interface LeafNode {
  readonly entry: Entry & { readonly kind: 'file' | 'symlink' | 'other' };
  /** Of a file. */
  readonly body?: ByteSource;
  /** Of a symbolic link. */
  readonly target?: string;
}

export interface DirectoryNode {
  entry: Entry & { readonly kind: 'directory' };
  readonly children: Map<string, TreeNode>;
  /** No member of the archive is this directory: it holds one, so its mode is not known. */
  isImplied: boolean;
}

export type TreeNode = LeafNode | DirectoryNode;

export function isDirectory(node: TreeNode | undefined): node is DirectoryNode {
  return node !== undefined && 'children' in node;
}

/** Longer paths than the system takes cannot be asked for. */
const PATH_MAX = 4096;
/** Memory has an end; the largest images have a tenth of these. */
const MAX_NODES = 4_000_000;
const MAX_TEXT = 1 << 29;

/** What the members of an archive may still take; the layers of an image share it. */
export interface TreeLimit {
  /** Files, directories, links and whiteouts. */
  nodes: number;
  /** Characters of names, and of what links say. */
  text: number;
}

/** What all members of an archive, or of an image, may have together. */
export function newTreeLimit(): TreeLimit {
  return { nodes: MAX_NODES, text: MAX_TEXT };
}

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

/** Trees may be laid over each other, so their files must not have the same identities. */
let trees = 0;

/** One tree, into which members are put in the order of the archive; a later one replaces. */
export class LayerTree {
  readonly top: DirectoryNode;
  readonly #device = `archive${++trees}`;
  readonly #root: Root;
  readonly #limit: TreeLimit;
  /** Hard links whose other name is in no layer seen so far. */
  readonly #pending: { directory: DirectoryNode; name: string; link: string }[] = [];
  /** What the layer takes away from lower ones: a name, or all that a directory has there. */
  readonly #whiteouts: { directory: string; name: string | undefined }[] = [];
  #nodes = 0;
  /** The directory of the last member, which is mostly that of the next one. */
  #recent: { path: string; directory: DirectoryNode } | undefined;

  constructor(limit: TreeLimit) {
    this.#limit = limit;
    this.top = this.#directory(0o755, true);
    this.#root = treeRoot(this.top, 'layer');
  }

  /**
   * With `isLayer`, names with the prefix `.wh.` are whiteouts. Names and links that no system takes
   * are passed over. Throws {@link ArchiveError} where the limit is used up.
   */
  add(member: TarMember, isLayer: boolean): void {
    if (member.name.length > PATH_MAX || member.link.length > PATH_MAX) return;
    this.#limit.text -= member.name.length + member.link.length;
    if (this.#limit.text < 0) throw new ArchiveError('too much text in names and links', 0);
    const parts = shortenedComponents(member.name);
    const name = parts.pop();
    if (name === undefined) {
      if (member.kind === 'directory') this.#describe(this.top, member.mode);
      return;
    }
    // Names in, or of, other things that begin so are records of AUFS, which nobody reads.
    if (isLayer && parts.some((part) => part.startsWith(WHITEOUT))) return;
    if (isLayer && name.startsWith('.wh..wh.') && name !== OPAQUE) return;
    if (isLayer && name.startsWith(WHITEOUT)) {
      // No directory comes into being for it: the layer may have a file there now.
      const gone = name === OPAQUE ? undefined : name.slice(WHITEOUT.length);
      this.#take();
      this.#whiteouts.push({ directory: parts.join('/'), name: gone });
      return;
    }
    const directory = this.#parentOf(parts);
    const old = directory.children.get(name);
    if (member.kind === 'directory' && isDirectory(old)) {
      this.#describe(old, member.mode);
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
    for (const { directory, name, link } of this.#pending) {
      const found = lower.#find(shortenedComponents(link));
      if (found !== undefined && !isDirectory(found) && !directory.children.has(name))
        directory.children.set(name, found);
    }
    for (const { directory, name } of this.#whiteouts) {
      const below = lower.#nodeAt(componentsOf(directory));
      if (!isDirectory(below)) continue;
      if (name === undefined) below.children.clear();
      else below.children.delete(name);
    }
    const pending: [below: DirectoryNode, above: DirectoryNode][] = [[lower.top, this.top]];
    for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
      const [below, above] = pair;
      if (!above.isImplied) lower.#describe(below, above.entry.mode);
      for (const [name, node] of above.children) {
        const old = below.children.get(name);
        if (isDirectory(old) && isDirectory(node)) pending.push([old, node]);
        else below.children.set(name, node);
      }
    }
    lower.#recent = undefined;
    return lower;
  }

  #nodeOf(member: TarMember, directory: DirectoryNode, name: string): TreeNode | undefined {
    const { kind, mode, body } = member;
    if (kind === 'directory') return this.#directory(mode, false);
    if (kind === 'hard-link') {
      this.#take();
      const found = this.#find(shortenedComponents(member.link));
      if (found === undefined) this.#pending.push({ directory, name, link: member.link });
      return isDirectory(found) ? undefined : found;
    }
    const entry = {
      kind,
      size: body.size,
      mode,
      id: this.#newId(),
      ...(member.capability === undefined ? {} : { capability: member.capability }),
    };
    if (kind === 'symlink') return { entry, target: member.link };
    return kind === 'file' ? { entry, body } : { entry };
  }

  #directory(mode: number, isImplied: boolean): DirectoryNode {
    return {
      entry: { kind: 'directory', size: 0, mode, id: this.#newId() },
      children: new Map(),
      isImplied,
    };
  }

  #describe(directory: DirectoryNode, mode: number): void {
    directory.entry = { ...directory.entry, mode };
    directory.isImplied = false;
  }

  #newId(): string {
    this.#take();
    return `${this.#device}:${++this.#nodes}`;
  }

  #take(): void {
    if (--this.#limit.nodes < 0)
      throw new ArchiveError(`more than ${MAX_NODES} files in an archive`, 0);
  }

  /** The directory that holds a member. Links of the layer are followed, what is in the way goes. */
  #parentOf(parts: readonly string[]): DirectoryNode {
    const path = parts.join('/');
    if (this.#recent?.path === path) return this.#recent.directory;
    let directory = this.top;
    parts.forEach((part, index) => {
      const child = directory.children.get(part);
      const next = this.#asDirectory(child, parts.slice(0, index + 1));
      if (next !== undefined) directory = next;
      else {
        const made = this.#directory(0o755, true);
        directory.children.set(part, made);
        directory = made;
      }
    });
    this.#recent = { path, directory };
    return directory;
  }

  #asDirectory(node: TreeNode | undefined, parts: readonly string[]): DirectoryNode | undefined {
    if (node === undefined || isDirectory(node)) return node;
    if (node.target === undefined) return undefined;
    const found = this.#find([...parts, '.']);
    return isDirectory(found) ? found : undefined;
  }

  /** What a path means in this tree; a link at its end is the answer itself. */
  #find(parts: readonly string[]): TreeNode | undefined {
    const name = parts.at(-1);
    if (name === undefined) return this.top;
    const parent = resolvePath(this.#root, `/${parts.slice(0, -1).join('/')}`);
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
