/**
 * What the packages of the started programs have that no path in them names: their configuration, and
 * the directories in which they keep state.
 */
import type { RootFiles } from '../files/root-files.js';
import type { Package } from '../packages/package.js';
import type { PackageOwners } from './package-owner.js';

const STATE = /^\/(?:var|run)\/./;
/** Configuration of those who start, clean up and guard a system, not of the program. */
const FOR_THE_SYSTEM =
  /^\/etc\/(?:init|init\.d|rc\d?\.d|cron\.?\w*|logrotate\.d|systemd|ufw|apparmor\.d|bash_completion\.d)(?:\/|$)/;

/** Real paths in the root: configuration files, and directories below /var and /run. */
export function packagePaths(
  files: RootFiles,
  owners: PackageOwners,
  programs: readonly string[],
): string[] {
  const { database } = owners;
  if (database === undefined) return [];
  const found = programs.flatMap((path) => {
    const file = files.resolve(path);
    const owner = file.found ? owners.ownerOf(file.path) : undefined;
    return owner ?? [];
  });
  const paths = new Set<string>();
  for (const one of withSiblings(found, database.packages)) {
    const configuration = one.configurationFiles.filter((path) => !FOR_THE_SYSTEM.test(path));
    for (const path of [...configuration, ...database.filesOf(one).filter((p) => STATE.test(p))]) {
      const file = files.resolve(path);
      if (!file.found) continue;
      const isConfiguration = configuration.includes(path);
      if (isConfiguration || file.entry.kind === 'directory') paths.add(file.path);
    }
  }
  return [...paths];
}

/** Packages built from the same source: nginx-common has the configuration of nginx. */
function withSiblings(found: readonly Package[], all: readonly Package[]): Package[] {
  const sources = new Set(found.map(({ source }) => source));
  return all.filter(({ source }) => sources.has(source));
}
