/**
 * Whether a path belongs to the object or script that names it: by its name, by the package database, or because
 * no package has either of them.
 */
import { errnoOf } from '../errors.js';
import type { RootFiles } from '../files/root-files.js';
import { findPackages } from '../packages/find-packages.js';
import type { Package, PackageDatabase } from '../packages/package.js';
import { madeOnce } from '../root/made-once.js';
import { addTo } from '../root/multimap.js';
import { pathBears, stemsOf, stemsOfEither } from './name-stems.js';
import { ownPart } from './named-places.js';
import type { NamingSource } from './naming-source.js';
import type { ProgramFacts } from './program-facts.js';
import { neededBy } from './related-packages.js';

/**
 * `name`: the path has the name of its source. `package`: the package database connects them. `text`: no database
 * has either of them, and the text is the only evidence.
 */
export type Relation = 'name' | 'package' | 'text';

/** Undefined for a path that does not belong to its source. */
export function relationOf(
  files: RootFiles,
  source: NamingSource,
  path: string,
): Relation | undefined {
  const stems = stemsOfEither(source);
  if (pathBears(ownPart(path) ?? '', stems)) return 'name';
  // The database is large: it is asked where names say nothing.
  const { database: packages } = findPackages(files);
  if (packages === undefined) {
    const [, , , , project = ''] = PARTS.exec(path) ?? [];
    if (projectsIn(source.paths).has(project)) return 'name';
    if (isBegun(source.paths, path)) return 'text';
    // A library's own word has to do. Programs name files of others more often, but small ones in /etc.
    return source.isProgram && !SETTINGS.test(path) ? undefined : 'text';
  }
  const relation = relationByPackages(packages, source, path);
  return relation !== 'text' && isAlternative(files, path) ? 'text' : relation;
}

/**
 * The same for a module of a script. It names much that it only knows of, so that only packages count: names
 * say nothing, and in a root without a database nothing does.
 */
export function relationOfModule(
  files: RootFiles,
  module: string,
  path: string,
): Relation | undefined {
  const { database: packages } = findPackages(files);
  const source = { path: module, realPath: module, isProgram: false, paths: [] };
  return packages && relationByPackages(packages, source, path);
}

function relationByPackages(
  packages: PackageDatabase,
  source: NamingSource,
  path: string,
): Exclude<Relation, 'name'> | undefined {
  if (isOfNone(packages, source, path)) return 'text';
  return isOfPackage(packages, source, path) ? 'package' : undefined;
}

/** Whether a source puts the path together with a version: `/usr/lib/csv%v`, see namedPaths(). */
function isBegun(named: Iterable<string>, path: string): boolean {
  return [...named].some(
    (each) =>
      each.endsWith('*') &&
      path.startsWith(each.slice(0, -1)) &&
      /^\d/.test(path.slice(each.length - 1)),
  );
}

/** A file of /etc that a program names whole: `/etc/mime.types`, `/etc/containers/policy.json`. */
const SETTINGS = /^\/etc\/.*\.(?!d$)\w+$/;

/** Where the parts of a project are, each with its name: `/usr/share/pgsql`, `/usr/lib64/pgsql`, `/etc/ldap`. */
const PARTS =
  /^\/(?:usr\/(?:local\/)?(share|include)|usr\/(?:local\/)?(lib)(?:32|64|exec)?(?:\/\w+-linux-\w+)?|(etc))\/([\w+-]{3,})/;

/** Names that texts of a program have among libraries and elsewhere: it was built for these projects. */
const projectsIn = madeOnce((paths: Iterable<string>): ReadonlySet<string> => {
  const places = new Map<string, string[]>();
  for (const path of paths) {
    const [, share, lib, etc, name] = PARTS.exec(path) ?? [];
    if (name !== undefined) addTo(places, name, share ?? lib ?? etc ?? '');
  }
  const isInBoth = (kinds: readonly string[]) =>
    kinds.includes('lib') && kinds.some((kind) => kind !== 'lib');
  return new Set([...places].flatMap(([name, kinds]) => (isInBoth(kinds) ? [name] : [])));
});

/** Whether a path belongs to the program by its name, or by the package database. */
export function isRelated(facts: ProgramFacts, path: string): boolean {
  const { program, files } = facts;
  const paths = program === undefined ? [] : files.texts.paths(program);
  const source = { ...facts.closure.program, isProgram: true, paths };
  return relationOf(files, source, path) !== undefined;
}

/**
 * Whether a path is of packages that have nothing to do with the program, or only make use of it: squid
 * depends on logrotate. False without a package database, and for what no package owns.
 */
export function isOfStrangers(facts: ProgramFacts, path: string): boolean {
  const { packages, closure, files } = facts;
  const { realPath } = closure.program;
  const place = files.resolve(path);
  // No package has the link to what an administrator chose.
  const isChosen = place.found && isAlternative(files, path);
  const owners = packages?.ownersOf(isChosen ? place.path : path) ?? [];
  const own = owners.length === 0 ? undefined : packages?.ownerOf(realPath);
  if (packages === undefined || own === undefined) return false;
  if (pathBears(path, stemsOf(realPath))) return false;
  const known = [own, ...packages.dependenciesOf(own)];
  return owners.every(
    (owner) =>
      owner.source !== own.source && !known.includes(owner) && !packages.isEssential(owner),
  );
}

/** Whether a path is a link of update-alternatives(1): several packages provide the file, and no package has the link. */
export function isAlternative(files: RootFiles, path: string): boolean {
  try {
    return files.root.readlink(path)?.startsWith('/etc/alternatives/') === true;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
}

/** Whether a path of /etc is one that no package has, so that someone chose it: a link to a plug-in. */
export function isPutThere({ packages }: ProgramFacts, path: string): boolean {
  return path.startsWith('/etc/') && packages !== undefined && packages.ownerOf(path) === undefined;
}

/** Whether someone put both there without a package. */
function isOfNone(packages: PackageDatabase, { realPath }: NamingSource, path: string): boolean {
  return packages.ownerOf(realPath) === undefined && packages.ownersOf(path).length === 0;
}

/** Directories of more packages than these belong to a whole system. */
const MOST_OWNERS = 4;

/**
 * Whether the path is of the source's package, of one from the same source package, of one that it depends
 * on, of one that depends on it (plug-ins), of one that a program's package recommends or suggests, or of one
 * that every system has. One stranger among several owners is allowed.
 */
function isOfPackage(
  packages: PackageDatabase,
  { realPath, isProgram }: NamingSource,
  path: string,
): boolean {
  const owners = packages.ownersOf(path);
  const own = packages.ownerOf(realPath);
  if (owners.length === 0 || own === undefined) return false;
  if (owners.every(({ source }) => source === own.source)) return true;
  if (owners.length > MOST_OWNERS) return false;
  const known = [...neededBy(packages, own), ...(isProgram ? packages.suggestionsOf(own) : [])];
  // Every system has those files: the tables of dpkg, for libapt-pkg.
  const isOfSystem = path.startsWith('/usr/share/');
  const isConnected = (owner: Package) =>
    owner.source === own.source ||
    (isOfSystem && packages.isEssential(owner)) ||
    known.includes(owner) ||
    packages.dependenciesOf(owner).includes(own);
  const strangers = owners.filter((owner) => !isConnected(owner)).length;
  return strangers === 0 || (strangers === 1 && owners.length > 1);
}
