/**
 * Reads /etc/libmap.conf, which gives other names to libraries and to directories of search paths: for
 * all objects, or for those that a `[constraint]` matches. A constraint matches the object that needs
 * the library, not the program.
 * Source: FreeBSD libexec/rtld-elf/libmap.c (lmc_parse, lmc_parse_dir, lm_add, lm_find, lmp_find).
 */

import type { RootFiles } from '../../files/root-files.js';
import { entryAt, namesIn } from '../../root/list-directory.js';
import { baseName } from '../../root/path-text.js';

/** The mappings for one constraint. */
interface Section {
  readonly matches: (requester: string) => boolean;
  readonly mappings: Map<string, string>;
}

const DEFAULT_SECTION = '$DEFAULT$';

/** How deeply files may include each other; real ones have two levels. */
const MAX_INCLUDES = 100;

export class Libmap {
  /** In the order in which they are compared: the latest section first. */
  readonly #sections: Section[] = [];
  readonly #files: RootFiles;
  /** Paths and identities of the files that were read. A file is read only once. */
  readonly #seen = new Set<string>();

  /** How many files are being read at the moment, each included by the one before. */
  #depth = 0;

  /** Reads `path` and the files that it includes. A missing file counts as empty. */
  static read(files: RootFiles, path: string): Libmap {
    const libmap = new Libmap(files);
    libmap.#readFile(path);
    return libmap;
  }

  private constructor(files: RootFiles) {
    this.#files = files;
  }

  /** A copy for another process, since look-ups change the mappings of the process that makes them. */
  copy(): Libmap {
    const copy = new Libmap(this.#files);
    for (const { matches, mappings } of this.#sections)
      copy.#sections.push({ matches, mappings: new Map(mappings) });
    return copy;
  }

  /** The replacement for a `name` that the object at the path `requester` needs; undefined for none. */
  find(requester: string | undefined, name: string): string | undefined {
    const constrained = requester === undefined ? undefined : this.#section(requester);
    const found = constrained?.mappings.get(name);
    if (found === undefined) return this.#section(DEFAULT_SECTION)?.mappings.get(name);
    // lm_find: from now on, every object gets the same answer.
    this.#add(DEFAULT_SECTION, name, found);
    return found;
  }

  #section(requester: string): Section | undefined {
    return this.#sections.find(({ matches }) => matches(requester));
  }

  #add(constraint: string, from: string, to: string): void {
    let section = this.#section(constraint);
    if (section === undefined) {
      section = { matches: matcher(constraint), mappings: new Map() };
      this.#sections.unshift(section);
    }
    section.mappings.set(from, to);
  }

  #readFile(path: string): void {
    const file = this.#files.resolve(path);
    if (!file.found || this.#seen.has(path) || this.#seen.has(file.entry.id)) return;
    this.#seen.add(path).add(file.entry.id);
    if (this.#depth >= MAX_INCLUDES) return;
    this.#depth++;
    this.#parse(this.#files.readText(path) ?? '');
    this.#depth--;
  }

  #readDirectory(path: string): void {
    if (this.#seen.has(path)) return;
    this.#seen.add(path);
    // The loader reads them in directory order. We sort them, so that a root always gives one answer.
    const { root } = this.#files;
    const directory = this.#files.resolve(path);
    for (const name of namesIn(root, path).filter((each) => each.endsWith('.conf')))
      if (directory.found && entryAt(root, `${directory.path}/${name}`)?.kind === 'file')
        this.#readFile(`${path}/${name}`);
  }

  #parse(text: string): void {
    let constraint = DEFAULT_SECTION;
    for (const whole of text.split('\n')) {
      const words = (/^[^#\r\0]*/.exec(whole)?.[0] ?? '').split(/[ \t]+/).filter(Boolean);
      if (words[0]?.startsWith('[')) {
        constraint = /^\[ ?([^ \]]+) ?\]$/.exec(words.join(' '))?.[1] ?? constraint;
        continue;
      }
      const [from, to, ...more] = words;
      if (from === undefined || to === undefined || more.length > 0) continue;
      if (from === 'include') this.#readFile(to);
      else if (from === 'includedir') this.#readDirectory(to);
      else this.#add(constraint, from, to);
    }
  }
}

/** lmp_init: a constraint is a directory (all files below it match), a base name, or a path. */
function matcher(constraint: string): (requester: string) => boolean {
  if (constraint.endsWith('/')) return (requester) => requester.startsWith(constraint);
  if (constraint.includes('/')) return (requester) => requester === constraint;
  return (requester) => baseName(requester) === constraint;
}
