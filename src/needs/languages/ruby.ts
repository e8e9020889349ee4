/**
 * The gems of a Ruby, beside the load path that is in its data.
 * Sources: lib/rubygems/defaults.rb of RubyGems; operating_system.rb of Debian and Fedora.
 */
import { namedPaths } from '../../files/named-paths.js';
import type { ProgramFacts } from '../program-facts.js';
import type { ModuleTree } from './module-tree.js';

/** The directory of the standard library, as rbconfig has it. Fedora's has no version. */
const STANDARD = /^(.*)\/(?:share|lib(?:64)?(?:\/[\w]+-linux-[\w]+)?)\/ruby(?:\/\d+\.\d+\.\d+)?$/;
/** Where gems are below the prefix of Ruby; of the last, which Debian uses, below the root. */
const GEMS = [
  'lib/ruby/gems',
  'lib64/ruby/gems',
  'share/gems',
  'share/ruby/gems',
  'lib64/gems/ruby',
  'share/rubygems-integration',
  'share/ruby/vendor_ruby',
];

/** What a distribution sets for RubyGems, in its load path. */
const SETTINGS = 'rubygems/defaults/operating_system.rb';

/** Directories of gems that a distribution names there, as far as they are written out. */
function namedPlaces(facts: ProgramFacts, trees: readonly ModuleTree[]): string[] {
  return trees
    .flatMap(({ path }) => [...namedPaths(facts.readText(`${path}/${SETTINGS}`) ?? '')])
    .filter((path) => /\/(?:ruby)?gems(?:-\w+)?$/.test(path));
}

/** Directories of gems for the standard library among `trees`. */
export function gemTrees(facts: ProgramFacts, trees: readonly ModuleTree[]): ModuleTree[] {
  const found = new Map<string, ModuleTree>();
  for (const tree of trees) {
    const [, prefix] = STANDARD.exec(tree.path) ?? [];
    if (tree.language !== 'Ruby' || prefix === undefined) continue;
    const multiarch = /\/lib\/([\w]+-linux-[\w]+)\//.exec(tree.path)?.[1];
    const places = [
      ...GEMS.map((gems) => `${prefix}/${gems}`),
      ...(multiarch === undefined ? [] : [`${prefix}/lib/${multiarch}/rubygems-integration`]),
      ...namedPlaces(facts, trees),
      '/var/lib/gems',
    ];
    for (const path of places)
      if (facts.existing(path).length > 0)
        found.set(path, {
          ...tree,
          path,
          use: 'installed',
          because: `RubyGems finds gems in ${path}`,
        });
  }
  return [...found.values()];
}
