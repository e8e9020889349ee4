/**
 * What configuration that is kept names: files, directories of one package, and modules by the end of
 * their path, as in nginx's `load_module modules/ngx_http_echo_module.so`. Texts are read once, within
 * bounds; what they name may be configuration that names more.
 */

import { isLibraryName } from '../elf/library-name.js';
import type { RootFiles } from '../files/root-files.js';
import { addTo } from '../root/multimap.js';
import { baseName, directoryOf } from '../root/path-text.js';
import type { ImagePath } from './application.js';
import type { PackageOwners } from './package-owner.js';

const CONFIGURATION = /^\/(?:usr\/(?:local\/)?)?etc\/|\.(?:conf|cnf|ini|cfg|ya?ml|toml|xml)$/;
/** What has no configuration in it, or that of something else. */
const FOREIGN =
  /^\/etc\/(?:passwd|group|ssl\/certs|ld\.so\.cache)|\/(?:node_modules|site-packages|dist-packages|\.git)\//;
const DOCUMENTATION = /^\/usr\/share\/(?:doc|man|info|lintian)\//;
const MOST_FILES = 512;
const MOST_BYTES = 1 << 16;
const TOKEN = /[\w./+@-]{3,}/g;

/** Paths that the configuration among `kept` names and that are not kept yet. */
export function namedByConfiguration(
  files: RootFiles,
  owners: PackageOwners,
  kept: Iterable<string>,
  all: readonly ImagePath[],
): string[] {
  const pending = [...kept].filter(isConfiguration);
  const found = new Set<string>();
  const seen = new Set(pending);
  const modules = new ModuleIndex(all, files);
  for (let at = 0; at < pending.length && at < MOST_FILES; at++)
    for (const token of tokensOf(files, pending[at] as string))
      for (const path of pathsOf(token, files, owners, modules)) {
        found.add(path);
        if (!isConfiguration(path) || seen.has(path)) continue;
        seen.add(path);
        pending.push(path);
      }
  return [...found];
}

function isConfiguration(path: string): boolean {
  return CONFIGURATION.test(path) && !FOREIGN.test(path);
}

function tokensOf(files: RootFiles, path: string): Set<string> {
  const file = files.resolve(path);
  if (!file.found || file.entry.kind !== 'file' || file.entry.size > MOST_BYTES) return new Set();
  const text = files.readText(path) ?? '';
  const lines = text.includes('\0') ? [] : text.split('\n').filter((line) => !/^\s*#/.test(line));
  return new Set(lines.flatMap((line) => line.match(TOKEN) ?? []));
}

function pathsOf(
  token: string,
  files: RootFiles,
  owners: PackageOwners,
  modules: ModuleIndex,
): readonly string[] {
  if (isLibraryName(token) && token.includes('/') && !token.startsWith('/'))
    return modules.endingIn(token);
  // A directory at the top is a whole file system.
  if (!/^\/[^/]+\/[^/]/.test(token) || /^\/(?:proc|sys|dev)\//.test(token)) return [];
  const path = token.replace(/[./]+$/, '');
  const file = files.resolve(path);
  if (!file.found || DOCUMENTATION.test(file.path)) return [];
  const links = file.links.map((link) => link.path);
  if (file.entry.kind === 'file') return [...links, file.path];
  const isOfOne = (owners.database?.ownersOf(file.path) ?? []).length === 1;
  return isOfOne && file.entry.kind === 'directory' ? [...links, file.path] : [];
}

/** Modules of the image by name, and the links to the directories in which they are. */
class ModuleIndex {
  readonly #byName = new Map<string, string[]>();
  readonly #links = new Map<string, string[]>();

  constructor(all: readonly ImagePath[], files: RootFiles) {
    for (const { path, entry } of all) {
      if (entry.kind === 'file' && isLibraryName(path)) addTo(this.#byName, baseName(path), path);
      const target = entry.kind === 'symlink' ? files.resolve(path) : undefined;
      if (target?.found && target.entry.kind === 'directory') addTo(this.#links, target.path, path);
    }
  }

  endingIn(token: string): string[] {
    const paths = (this.#byName.get(baseName(token)) ?? []).filter((path) =>
      path.endsWith(`/${token}`),
    );
    return paths.flatMap((path) => [path, ...(this.#links.get(directoryOf(path)) ?? [])]);
  }
}
