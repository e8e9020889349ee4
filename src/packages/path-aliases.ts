/**
 * The other names of a path in a root. A package may list `/lib/x` where the file is `/usr/lib/x`, since
 * `/lib` became a link after the package was made, and the reverse.
 */
import type { RootFiles } from '../files/root-files.js';
import { entryAt } from '../root/list-directory.js';
import { baseName, directoryOf, pathFrom } from '../root/path-text.js';

/** Directories whose links count: distributions move whole directories in these only. */
const PARENTS = ['/', '/usr', '/usr/lib', '/usr/share', '/var'];

/** A link to a directory: `link` and `target` without a slash at the end. */
interface DirectoryLink {
  readonly link: string;
  readonly target: string;
}

/** The links to directories of a root that packages list paths through. */
export class PathAliases {
  readonly #files: RootFiles;
  #links: readonly DirectoryLink[] | undefined;

  constructor(files: RootFiles) {
    this.#files = files;
  }

  /**
   * The path as it stands, then with the links of its directory followed, then through each link that
   * leads to the same place. The last component is never followed.
   */
  of(path: string): readonly string[] {
    const directory = this.#files.resolve(directoryOf(path));
    const forms = new Set([path]);
    if (directory.found) forms.add(pathFrom(directory.path, baseName(path)));
    this.#links ??= findLinks(this.#files);
    // A Set goes on with what is added meanwhile: a link may be reached through another one.
    for (const form of forms) {
      if (forms.size > MOST_FORMS) break;
      for (const { link, target } of this.#links)
        if (form.startsWith(`${target}/`) && !form.startsWith(`${link}/`))
          forms.add(`${link}${form.slice(target.length)}`);
    }
    return [...forms];
  }
}

/** A path has at most a few names in a real root. */
const MOST_FORMS = 16;
/** More links than any distribution has in these directories. */
const MOST_LINKS = 256;

function findLinks(files: RootFiles): readonly DirectoryLink[] {
  const links: DirectoryLink[] = [];
  for (const parent of PARENTS) {
    const directory = files.resolve(parent);
    if (!directory.found || directory.links.length > 0) continue;
    for (const name of files.namesIn(parent)) {
      const link = pathFrom(parent, name);
      const target = linkedDirectory(files, link);
      if (target !== undefined) links.push({ link, target });
      if (links.length >= MOST_LINKS) return links;
    }
  }
  return links;
}

/** The directory that a link leads to; undefined for what is no link, and for a link to the root. */
function linkedDirectory(files: RootFiles, link: string): string | undefined {
  if (entryAt(files.root, link)?.kind !== 'symlink') return undefined;
  const target = files.resolve(link);
  if (!target.found || target.entry.kind !== 'directory' || target.path === '/') return undefined;
  return target.path;
}
