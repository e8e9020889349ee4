/**
 * Roots with small packages that the real package managers install: pacman from archives made here, rpm
 * from what rpmbuild makes of one spec file.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { Random } from '../support/random.js';

/** A package as both package managers can have it. */
export interface SmallPackage {
  readonly name: string;
  /** Absolute paths of files. */
  readonly files: readonly string[];
  /** Those of them that are configuration. */
  readonly configuration: readonly string[];
  /** Names of packages or of what they provide, some with a version. */
  readonly depends: readonly string[];
  readonly provides: readonly string[];
}

const VERSION = '1.2-3';

/** Forty packages with files in shared directories, odd names, and dependencies of every form. */
export const SMALL_PACKAGES: readonly SmallPackage[] = makePackages(new Random(12), 40);

function makePackages(random: Random, count: number): readonly SmallPackage[] {
  const names = Array.from({ length: count }, (_, index) => `pkg${index}`);
  return names.map((name, index) => {
    const other = () => random.pick(names);
    const files = [
      ...random.some(['/usr/lib', '/usr/bin', `/usr/share/${name}/deep`, '/opt/a b'], 3),
      '/etc',
    ].map((directory) => `${directory}/${name}.${random.pick(['so.1', 'txt', 'ü', 'x y', 'a;b'])}`);
    const forms = [() => other(), () => `${other()}>=1.0`, () => `cap-${other()}`];
    const depends = Array.from({ length: random.below(4) }, () => random.pick(forms)());
    // A library of which two packages have one version each.
    if (index % 5 === 0) depends.push(random.pick(['libx.so=1-64', 'libx.so=2-64']));
    return {
      name,
      files: [...new Set(files)],
      configuration: files.filter((path) => path.startsWith('/etc/')),
      depends: [...new Set(depends)].filter((each) => !new RegExp(`\\b${name}\\b`).test(each)),
      provides: [
        `cap-${name}`,
        ...(index === 1 ? ['libx.so=1-64'] : []),
        ...(index === 2 ? ['libx.so=2-64'] : []),
      ],
    };
  });
}

/** A root with a package database, and how its package manager is asked about it. */
export interface BuiltRoot {
  readonly root: string;
  /** Options of the package manager. */
  readonly options: readonly string[];
  remove(): void;
}

/** Installs the packages with pacman. */
export function buildPacmanRoot(packages: readonly SmallPackage[]): BuiltRoot {
  return build((directory, root) => {
    const database = `${root}/var/lib/pacman`;
    fs.mkdirSync(database, { recursive: true });
    const config = `${directory}/pacman.conf`;
    fs.writeFileSync(config, '[options]\nArchitecture = auto\nSigLevel = Never\n');
    const options = ['--root', root, '--dbpath', database, '--config', config];
    const archives = packages.map((each) => pacmanArchive(directory, each));
    execFileSync('pacman', [...options, '-U', '--noconfirm', '--nodeps', '--nodeps', ...archives], {
      stdio: 'pipe',
    });
    return options;
  });
}

function pacmanArchive(directory: string, each: SmallPackage): string {
  const tree = `${directory}/${each.name}`;
  writeFiles(tree, each);
  const info = [
    `pkgname = ${each.name}`,
    `pkgbase = base-${each.name}`,
    `pkgver = ${VERSION}`,
    'pkgdesc = text',
    'builddate = 1',
    'size = 1',
    'arch = any',
    ...each.configuration.map((path) => `backup = ${path.slice(1)}`),
    ...each.depends.map((name) => `depend = ${name}`),
    ...each.provides.map((name) => `provides = ${name}`),
  ];
  fs.writeFileSync(`${tree}/.PKGINFO`, `${info.join('\n')}\n`);
  const archive = `${directory}/${each.name}-${VERSION}-any.pkg.tar.gz`;
  const tops = fs.readdirSync(tree).filter((name) => name !== '.PKGINFO');
  execFileSync('tar', ['-C', tree, '-czf', archive, '.PKGINFO', ...tops]);
  return archive;
}

/** Installs the packages with rpm, those of a spec file that rpmbuild builds. */
export function buildRpmRoot(packages: readonly SmallPackage[]): BuiltRoot {
  return build((directory, root) => {
    const tree = `${directory}/tree`;
    for (const each of packages) writeFiles(tree, each);
    const spec = `${directory}/small.spec`;
    fs.writeFileSync(spec, specOf(packages, tree));
    const defined = { _topdir: `${directory}/build`, _rpmdir: directory, _build_id_links: 'none' };
    const defines = Object.entries(defined).flatMap(([name, value]) => [
      '--define',
      `${name} ${value}`,
    ]);
    execFileSync('rpmbuild', ['-bb', ...defines, spec], { stdio: 'pipe' });
    fs.mkdirSync(root);
    const options = ['--root', root, '--dbpath', '/var/lib/rpm'];
    const files = packages.map(({ name }) => `${directory}/noarch/${name}-${VERSION}.noarch.rpm`);
    execFileSync('rpm', [...options, '--initdb'], { stdio: 'pipe' });
    execFileSync('rpm', [...options, '-i', '--nodeps', ...files], { stdio: 'pipe' });
    return options;
  });
}

function specOf(packages: readonly SmallPackage[], tree: string): string {
  const [version, release] = VERSION.split('-');
  const quoted = (path: string) => `"${path}"`;
  // The main package has no files, and so is not built.
  return [
    ...['Name: base', `Version: ${version}`, `Release: ${release}`, 'Epoch: 7', 'Summary: text'],
    ...['License: MIT', 'BuildArch: noarch', '%description', 'text'],
    ...packages.flatMap(({ name, files, configuration, depends, provides }) => [
      ...[`%package -n ${name}`, 'Summary: text', 'AutoReqProv: no'],
      ...provides.map((each) => `Provides: ${spaced(each)}`),
      ...depends.map((each) => `Requires: ${spaced(each)}`),
      ...[`%description -n ${name}`, 'text', `%files -n ${name}`, `%dir /etc`],
      ...files.map((path) =>
        configuration.includes(path) ? `%config(noreplace) ${quoted(path)}` : quoted(path),
      ),
    ]),
    '%install',
    `mkdir -p %{buildroot} && cp -a ${tree}/. %{buildroot}/`,
    '',
  ].join('\n');
}

/** `a >= 1` of `a>=1`; a library's version is part of its name. */
function spaced(dependency: string): string {
  const library = /^(.*\.so)=(.*)$/.exec(dependency);
  if (library !== null) return `${library[1]}.${library[2]?.[0]}()(64bit)`;
  return dependency.startsWith('(') ? dependency : dependency.replace(/([<>=]+)/, ' $1 ');
}

function writeFiles(tree: string, { name, files }: SmallPackage): void {
  for (const path of files) {
    fs.mkdirSync(nodePath.dirname(tree + path), { recursive: true });
    fs.writeFileSync(tree + path, `${name} ${path}\n`);
  }
}

function build(install: (directory: string, root: string) => readonly string[]): BuiltRoot {
  const directory = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-packages-'));
  const remove = () => fs.rmSync(directory, { recursive: true, force: true });
  try {
    const root = `${directory}/root`;
    return { root, options: install(directory, root), remove };
  } catch (error) {
    remove();
    throw error;
  }
}
