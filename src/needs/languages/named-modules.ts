/**
 * Which installed modules the code of a user names: programs in a language name what they load, and the names of
 * modules are those of files and directories.
 */
import type { Package, PackageDatabase } from '../../packages/package.js';
import { type FileBelow, filesAt } from '../files-below.js';
import type { ProgramFacts } from '../program-facts.js';

/** Names of programs in a language, of applications for its servers too. */
const CODE = /\.(?:py|rb|ru|p[lm]|psgi|lua|tcl|[jt]s|R|exs?)$/;
/** More files of code are not read, and what they name is not known. */
const MOST_ADDED = 256;

/** Code of no package that the user adds, which servers run: Puma, uWSGI. */
export function addedCode({ options }: ProgramFacts, database: PackageDatabase): string[] {
  const code = (options.added ?? []).filter((path) => CODE.test(path)).slice(0, MOST_ADDED);
  return code.filter((path) => database.ownersOf(path).length === 0);
}

/**
 * The scripts that are run, and the modules of their application; none where no script is known, or no package has
 * modules that they could name.
 */
export function ownCode(
  { files, scripts }: ProgramFacts,
  application: readonly string[],
  present: ReadonlySet<Package>,
): string[] {
  if (scripts.length === 0 || present.size === 0) return [];
  const modules = application
    .flatMap((tree) => filesAt(files, tree))
    .filter(({ path, entry }) => entry.kind === 'file' && CODE.test(path));
  return [...scripts, ...modules.map(({ path }) => path)].slice(0, MOST_ADDED);
}

/** The words of such code; undefined without such code, or if a file of it cannot be read. */
export function wordsOf({ files }: ProgramFacts, code: readonly string[]): Set<string> | undefined {
  if (code.length === 0 || code.length === MOST_ADDED) return undefined;
  const texts = code.map((path) => files.readText(path));
  if (texts.some((text) => text === undefined)) return undefined;
  return new Set(texts.flatMap((text) => text?.match(/[A-Za-z_]\w*/g) ?? []));
}

/** `all/gems/rack-2.2.4/lib/rack.rb`: the gem, and what is below its lib. Debian has gems of all versions of Ruby in `all`. */
const GEM = /(?:^|\/)gems\/([\w-]+?)-\d[^/]*(?:\/lib\/([^/]+))?/;

/** The packages that have a module whose name is one of these words. */
export function packagesNamed(
  { files }: ProgramFacts,
  trees: readonly string[],
  found: readonly FileBelow[],
  owners: ReadonlyMap<string, Package | undefined>,
  words: ReadonlySet<string>,
): ReadonlySet<Package> {
  const starts = trees.flatMap((tree) => {
    const start = files.resolve(tree);
    return start.found ? `${start.path}/` : [];
  });
  const named = new Set<Package>();
  for (const { path } of found) {
    const owner = owners.get(path);
    if (owner === undefined || named.has(owner)) continue;
    for (const start of starts.filter((each) => path.startsWith(each))) {
      const inside = path.slice(start.length);
      const [, ...ofGem] = GEM.exec(inside) ?? [undefined, inside.split('/', 1)[0]];
      if (ofGem.some((name) => words.has(name?.replace(/\..*$/, '') ?? ''))) named.add(owner);
    }
  }
  return named;
}
