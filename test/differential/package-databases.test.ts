/**
 * Package databases against the tools that own them: owners, paths, dependencies and configuration of
 * every package, of this machine's dpkg (and of roots in ELFDEPS_PACKAGE_ROOTS), and of databases that
 * pacman and rpm make of small packages.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RootFiles } from '../../src/files/root-files.js';
import { findPackages } from '../../src/packages/find-packages.js';
import type { Package, PackageDatabase } from '../../src/packages/package.js';
import { directoryRoot } from '../../src/root/directory-root.js';
import { command, describeWith, requirement } from '../support/requirement.js';
import {
  type BuiltRoot,
  buildPacmanRoot,
  buildRpmRoot,
  SMALL_PACKAGES,
  type SmallPackage,
} from './package-roots.js';

const roots = ['/', ...(process.env.ELFDEPS_PACKAGE_ROOTS ?? '').split(':')].filter(
  (root) => root !== '' && fs.existsSync(`${root}/var/lib/dpkg/status`),
);
const run = (tool: string, ...args: readonly string[]) =>
  execFileSync(tool, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 29,
    stdio: ['ignore', 'pipe', 'ignore'],
  });

function databaseOf(directory: string): PackageDatabase {
  const { database } = findPackages(new RootFiles(directoryRoot(directory)));
  if (database === undefined) throw new Error(`${directory}: no package database`);
  return database;
}

/** Each difference in a line; the first few are enough to see what is wrong. */
class Differences {
  readonly #lines: string[] = [];
  compared = 0;

  compare(what: string, ours: Iterable<string>, theirs: Iterable<string>): void {
    this.compared++;
    const [a, b] = [[...new Set(ours)].sort(), [...new Set(theirs)].sort()];
    if (a.join('\n') !== b.join('\n')) {
      const only = (one: string[], other: string[]) =>
        one.filter((each) => !other.includes(each)).slice(0, 5);
      this.#lines.push(`${what}: only ours ${only(a, b)}, only theirs ${only(b, a)}`);
    }
  }

  expectNone(least: number): void {
    expect(this.#lines.slice(0, 20)).toEqual([]);
    expect(this.compared).toBeGreaterThan(least);
    console.log(`${expect.getState().currentTestName}: ${this.compared} compared`);
  }
}

/** dpkg names a package with its architecture where it can be installed for several. */
const named = (each: Package) => `${each.name}:${each.architecture}`;

describeWith('dpkg', [command('dpkg-query'), command('dpkg-source')], () => {
  describe.each(roots)('%s', (root) => {
    const query = (...args: readonly string[]) => run('dpkg-query', `--root=${root}`, ...args);
    const database = databaseOf(root);
    const shown = (format: string) =>
      new Map(
        query('-W', '-f', `\${db:Status-Status}\t\${Package}:\${Architecture}\t${format}\x01`)
          .split('\x01')
          .filter((row) => row.startsWith('installed\t'))
          .map((row) => {
            const [, name, ...rest] = row.split('\t');
            return [name as string, rest.join('\t')] as const;
          }),
      );

    it('has the same packages, versions, sources and configuration', () => {
      const differences = new Differences();
      const theirs = shown('${Version}\t${source:Package}\t${Conffiles}');
      differences.compare('packages', database.packages.map(named), theirs.keys());
      for (const each of database.packages) {
        const [version, source, conffiles = ''] = (theirs.get(named(each)) ?? '').split('\t');
        const theirFiles = [...conffiles.matchAll(/^ (\/.*) [0-9a-f]{32}(?! .*remove)/gm)];
        differences.compare(
          named(each),
          [each.version, each.source, ...each.configurationFiles],
          [version as string, source as string, ...theirFiles.map(([, path]) => path as string)],
        );
      }
      differences.expectNone(50);
    });

    it('lists the same paths for each package', () => {
      const differences = new Differences();
      for (const each of database.packages) {
        const theirs: string[] = [];
        for (const line of query('-L', named(each)).split('\n')) {
          const diverted = /^(?:diverted by \S+|locally diverted) to: (.*)/.exec(line)?.[1];
          // It tells of the line before.
          if (diverted !== undefined) theirs.splice(-1, 1, diverted);
          else if (line.startsWith('/')) theirs.push(line === '/.' ? '/' : line);
        }
        differences.compare(named(each), database.filesOf(each), theirs);
      }
      differences.expectNone(50);
    });

    it('names the same owners of each path', () => {
      const differences = new Differences();
      const diversions = `${root}/var/lib/dpkg/diversions`;
      const diverted = new Set(
        fs.existsSync(diversions) ? fs.readFileSync(diversions, 'utf8').split('\n') : [],
      );
      const paths = new Set(database.packages.flatMap((each) => [...database.filesOf(each)]));
      // Characters of patterns, and what -S words in another way; filesOf() is compared above.
      const plain = [...paths].filter(
        (path) => !/[*?[\]\\]/.test(path) && path !== '/' && !diverted.has(path),
      );
      const isLink = (path: string) => fs.lstatSync(`${root}${path}`, NO_ERROR)?.isSymbolicLink();
      const merged = ['/bin', '/lib', '/sbin', '/lib32', '/lib64', '/libx32'].filter(isLink);
      const theirs = new Map<string, string[]>();
      for (let at = 0; at < plain.length; at += 2000)
        for (const line of query('-S', ...plain.slice(at, at + 2000)).split('\n')) {
          const [, owners = '', path = ''] = /^(.*?): (\/.*)$/.exec(line) ?? [];
          theirs.set(path, owners.split(', '));
        }
      for (const path of plain) {
        // We add the owners of the same file by its other name, which -S does not know.
        const names = [path, ...merged.map((link) => otherName(link, path))];
        const expected = names.flatMap((name) => theirs.get(name) ?? []);
        const ours = database.ownersOf(path).map(named);
        differences.compare(path, ours.map(withoutArchitecture), expected.map(withoutArchitecture));
      }
      differences.expectNone(1000);
    });

    it('resolves the same dependencies', () => {
      const differences = new Differences();
      const rows = run('perl', '-e', DEPENDENCIES, `${root}/var/lib/dpkg/status`).split('\n');
      const theirs = new Map(
        rows.map((row) => {
          const [name = '', ...others] = row.split(' ');
          return [name, others] as const;
        }),
      );
      for (const each of database.packages)
        differences.compare(
          named(each),
          database.dependenciesOf(each).map(named),
          theirs.get(named(each)) ?? [],
        );
      differences.expectNone(50);
    });
  });
});

/**
 * Prints each package with the installed packages that meet one of its dependencies alone, by dpkg's own
 * library. That a name is in the text is only asked to have fewer pairs.
 */
const DEPENDENCIES = `
use strict; use Dpkg::Index; use Dpkg::Control; use Dpkg::Deps; use Dpkg::Deps::KnownFacts;
my $index = Dpkg::Index->new(type => CTRL_FILE_STATUS, get_key_func => sub {
  $_[0]->{Package} . ':' . $_[0]->{Architecture} });
$index->load($ARGV[0], compression => 0);
my (%facts, %offers);
for my $key ($index->get_keys()) {
  my $package = $index->get_by_key($key);
  next if $package->{Status} !~ / installed$/;
  my @about = ($package->{Package}, $package->{Version}, $package->{Architecture}, $package->{'Multi-Arch'});
  $facts{$key} = Dpkg::Deps::KnownFacts->new();
  $facts{$key}->add_installed_package(@about);
  push @{$offers{$package->{Package}}}, $key;
  my $provides = deps_parse($package->{Provides} // '', virtual => 1, union => 1);
  for my $one ($provides->get_deps()) {
    $facts{$key}->add_provided_package($one->{package}, $one->{relation}, $one->{version}, @about);
    push @{$offers{$one->{package}}}, $key;
  }
}
for my $key (sort keys %facts) {
  my $package = $index->get_by_key($key);
  my %met;
  for my $field ('Pre-Depends', 'Depends') {
    my $all = deps_parse($package->{$field} // '', reduce_arch => 0);
    for my $group ($all->get_deps()) {
      for my $name ("$group" =~ /([A-Za-z0-9][A-Za-z0-9+.-]+)/g) {
        for my $other (@{$offers{$name} // []}) {
          $met{$other} = 1 if $other ne $key && $group->get_evaluation($facts{$other});
        }
      }
    }
  }
  print join(' ', $key, sort keys %met), "\\n";
}
`;

/** Rich dependencies, which rpm answers no question about, and the packages that they name. */
const MEANT: ReadonlyMap<string, readonly string[]> = new Map([
  ['(pkg3 or pkg4)', ['pkg3', 'pkg4']],
  ['(pkg5 if pkg6)', ['pkg5']],
  ['(pkg7 and (pkg8 or pkg9))', ['pkg7', 'pkg8', 'pkg9']],
  ['(pkg11 with pkg12 >= 1)', ['pkg11', 'pkg12']],
  ['(pkg13 if pkg14 else pkg15)', ['pkg13', 'pkg15']],
  ['(libx.so.1()(64bit) or missing)', ['pkg1']],
]);
const RICH_PACKAGES: readonly SmallPackage[] = [
  {
    name: 'rich',
    files: ['/etc/rich.conf', '/usr/bin/rich'],
    configuration: ['/etc/rich.conf'],
    depends: [...MEANT.keys()],
    provides: ['config(rich)'],
  },
  {
    name: 'needs-a-path',
    files: ['/usr/bin/needs-a-path'],
    configuration: [],
    depends: ['/usr/bin/rich', 'config(rich)'],
    provides: [],
  },
];

const NO_ERROR = { throwIfNoEntry: false } as const;

function withoutArchitecture(name: string): string {
  return name.replace(/:.*/, '');
}

/** `/usr/lib/x` for `/lib/x` and the reverse, where the link is there. */
function otherName(link: string, path: string): string {
  if (path.startsWith(`${link}/`)) return `/usr${path}`;
  return path.startsWith(`/usr${link}/`) ? path.slice('/usr'.length) : path;
}

// Both change to the root that they install in.
const rootUser = requirement('the root user', process.getuid?.() === 0);

describeWith('pacman', [command('pacman'), command('tar'), rootUser], () => {
  let built: BuiltRoot;
  let database: PackageDatabase;
  beforeAll(() => {
    built = buildPacmanRoot(SMALL_PACKAGES);
    database = databaseOf(built.root);
  });
  afterAll(() => (built as BuiltRoot | undefined)?.remove());
  const pacman = (...args: readonly string[]) => run('pacman', ...built.options, ...args);

  it('has the same packages, paths, configuration and owners', () => {
    const differences = new Differences();
    const rows = (text: string) => text.split('\n').filter((line) => line !== '');
    differences.compare(
      'packages',
      database.packages.map(({ name, version }) => `${name} ${version}`),
      rows(pacman('-Q')),
    );
    for (const each of database.packages) {
      const theirs = rows(pacman('-Qlq', each.name)).map((path) =>
        path.slice(built.root.length).replace(/\/$/, ''),
      );
      differences.compare(each.name, database.filesOf(each), theirs);
      for (const path of theirs) {
        const owners = run('pacman', ...built.options, '-Qoq', `${built.root}${path}`);
        differences.compare(
          path,
          database.ownersOf(path).map(({ name }) => name),
          rows(owners),
        );
      }
    }
    differences.expectNone(20);
  });

  it('resolves the same dependencies', () => {
    const differences = new Differences();
    const requiredBy = new Map(
      database.packages.map(({ name }) => {
        const list = /^Required By\s*:((?:.*\n)(?: {10}.*\n)*)/m.exec(pacman('-Qi', name))?.[1];
        return [name, list?.trim().split(/\s+/) ?? []] as const;
      }),
    );
    for (const each of database.packages)
      differences.compare(
        each.name,
        database.dependenciesOf(each).map(({ name }) => name),
        [...requiredBy].flatMap(([name, by]) => (by.includes(each.name) ? [name] : [])),
      );
    differences.expectNone(20);
  });
});

describeWith('rpm', [command('rpm'), command('rpmbuild'), rootUser], () => {
  let built: BuiltRoot;
  let database: PackageDatabase;
  beforeAll(() => {
    built = buildRpmRoot([...SMALL_PACKAGES, ...RICH_PACKAGES]);
    database = databaseOf(built.root);
  });
  afterAll(() => (built as BuiltRoot | undefined)?.remove());
  const query = (...args: readonly string[]) =>
    run('rpm', ...built.options, '-q', ...args)
      .split('\n')
      .filter((line) => line !== '' && !/^\(contains no files\)$|^no package provides /.test(line));

  it('has the same packages, paths, configuration and owners', () => {
    const differences = new Differences();
    const format = '%{NAME} %|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE} %{ARCH} %{SOURCERPM}\\n';
    differences.compare(
      'packages',
      database.packages.map(
        ({ name, version, architecture, source }) =>
          `${name} ${version} ${architecture} ${source}-${version.replace(/.*:/, '')}.src.rpm`,
      ),
      query('-a', '--queryformat', format),
    );
    for (const each of database.packages) {
      const paths = query('-l', each.name);
      differences.compare(each.name, database.filesOf(each), paths);
      differences.compare(`${each.name} -c`, each.configurationFiles, query('-c', each.name));
      for (const path of paths)
        differences.compare(
          path,
          database.ownersOf(path).map(({ name }) => name),
          query('--queryformat', '%{NAME}\\n', '-f', path),
        );
    }
    differences.expectNone(200);
  });

  it('resolves the same dependencies', () => {
    const differences = new Differences();
    for (const each of database.packages) {
      const theirs = query('-R', each.name)
        .filter((line) => !/^rpmlib\(/.test(line))
        .flatMap((line) => {
          const rich = MEANT.get(line);
          return (
            rich ?? query('--queryformat', '%{NAME}\\n', '--whatprovides', line.replace(/ .*/, ''))
          );
        });
      differences.compare(
        each.name,
        database.dependenciesOf(each).map(({ name }) => name),
        theirs.filter((name) => name !== each.name),
      );
    }
    differences.expectNone(40);
  });
});
