/**
 * Archives of real tools as roots, against the directory that those tools unpack: every entry, every
 * byte, and what elfdeps says of every ELF file. Layers with whiteouts are made by umoci out of
 * changes to a tree, skopeo turns them into archives of every kind, and GNU tar packs the result in
 * each of its formats. Memory on a large archive is measured too.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  cpSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  directoryRoot,
  findElfFiles,
  openRoot,
  type RealPath,
  type Root,
  traceDependencies,
} from '../../src/index.js';
import { compareBytes } from '../../src/root/byte-order.js';
import { readFile } from '../../src/root/root.js';
import { ELFDEPS } from '../support/built-cli.js';
import { command, describeWith } from '../support/requirement.js';
import { tarEntry } from '../support/tar-builder.js';
import { chrootRequirements, elfdeps, elfdepsResult, run, succeed, sudo } from './containers.js';

const requirements = [
  ...chrootRequirements,
  ...[
    'tar',
    'gzip',
    'zstd',
    'skopeo',
    'umoci',
    'bash',
    'git',
    'cat',
    'dpkg-deb',
    'ar',
    'python3',
  ].map(command),
];

/** Everything in a root, by path: what it is, and a hash of its bytes. */
function listing(root: Root): Map<string, string> {
  const found = new Map<string, string>();
  const names = new Map<string, string>();
  const visit = (at: string) => {
    for (const name of [...root.readdir(at || '/')].sort(compareBytes)) {
      const path = `${at}/${name}`;
      const entry = root.lstat(path);
      if (entry === undefined) throw new Error(`${path} is listed and absent`);
      const { kind, mode, size, id } = entry;
      // The first name of a file stands for its identity.
      if (!names.has(id)) names.set(id, path);
      if (kind === 'directory') visit(path);
      const what =
        kind === 'symlink'
          ? root.readlink(path)
          : kind === 'file'
            ? `${size} ${names.get(id)} ${hash(readFile(root, path as RealPath))}`
            : '';
      found.set(
        path,
        kind === 'symlink' ? `symlink ${what}` : `${kind} ${mode.toString(8)} ${what}`,
      );
    }
  };
  visit('');
  return found;
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}

/** What elfdeps says of every ELF file in a root. */
function answers(root: Root): unknown[] {
  const { closures, errors } = traceDependencies(root, findElfFiles(root, '/'));
  return [
    ...closures.map(({ program, interpreter, libraries }) => [
      program.path,
      interpreter?.path,
      ...libraries.map(({ name, object, rule }) => [
        name,
        object?.realPath,
        object?.entry.size,
        rule,
      ]),
    ]),
    ...errors.map(({ message }) => message),
  ];
}

describeWith('archives of real tools as roots', requirements, () => {
  let work = '';
  let tree = '';
  const at = (name: string) => join(work, name);

  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'elfdeps-archives-'));
    // Three layers, each a change to the tree of the one before.
    elfdeps('copy', '/bin/bash', '/usr/bin/git', '/bin/cat', '--to', at('first'));
    const long = join('var', 'd'.repeat(120), 'e'.repeat(120));
    const changes: ((rootfs: string) => void)[] = [
      (rootfs) => {
        cpSync(at('first'), rootfs, { recursive: true, verbatimSymlinks: true });
        const files: Record<string, string> = {
          'etc/gone': 'x',
          'etc/changed': 'old',
          'opt/whole/a': 'x',
          'opt/whole/deep/b': 'x',
          'opt/refilled/old': 'x',
          'opt/kind': 'a file',
          'opt/other/x': 'x',
          'opt/linked/x': 'old',
          [`${long}/${'f'.repeat(200)}`]: 'long',
          'etc/grün \n tab\t': 'odd',
        };
        for (const [name, text] of Object.entries(files)) {
          mkdirSync(dirname(join(rootfs, name)), { recursive: true });
          writeFileSync(join(rootfs, name), text);
        }
        symlinkSync('linked', join(rootfs, 'opt/link'));
        linkSync(join(rootfs, 'etc/changed'), join(rootfs, 'etc/second-name'));
        succeed('mkfifo', join(rootfs, 'opt/fifo'));
        const sparse = openSync(join(rootfs, 'opt/sparse'), 'w');
        writeSync(sparse, 'data', 1 << 20);
        ftruncateSync(sparse, 3 << 20);
        closeSync(sparse);
      },
      (rootfs) => {
        for (const name of [
          'etc/gone',
          'opt/whole',
          'opt/refilled',
          'opt/kind',
          'opt/other',
          'opt/link',
        ])
          rmSync(join(rootfs, name), { recursive: true });
        mkdirSync(join(rootfs, 'opt/refilled'));
        writeFileSync(join(rootfs, 'opt/refilled/new'), 'x');
        mkdirSync(join(rootfs, 'opt/kind'));
        writeFileSync(join(rootfs, 'opt/kind/x'), 'a directory');
        writeFileSync(join(rootfs, 'opt/other'), 'a file');
        mkdirSync(join(rootfs, 'opt/link'));
        writeFileSync(join(rootfs, 'opt/link/x'), 'own');
        writeFileSync(join(rootfs, 'etc/changed'), 'new');
      },
      (rootfs) => {
        writeFileSync(join(rootfs, 'etc/gone'), 'back');
        rmSync(join(rootfs, 'usr/bin/git'));
        linkSync(join(rootfs, 'usr/bin/cat'), join(rootfs, 'usr/bin/cat2'));
      },
    ];
    succeed('umoci', 'init', '--layout', at('oci'));
    succeed('umoci', 'new', '--image', `${at('oci')}:t`);
    changes.forEach((change, index) => {
      const bundle = at(`bundle${index}`);
      expect(sudo('umoci', 'unpack', '--image', `${at('oci')}:t`, bundle).status).toBe(0);
      change(join(bundle, 'rootfs'));
      expect(sudo('umoci', 'repack', '--image', `${at('oci')}:t`, bundle).status).toBe(0);
    });
    expect(sudo('umoci', 'unpack', '--image', `${at('oci')}:t`, at('last')).status).toBe(0);
    tree = at('last/rootfs');
  });
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  const copies: readonly [string, string, readonly string[]][] = [
    ['an OCI layout as a directory', 'oci', []],
    ['an OCI archive of skopeo', 'oci-archive:x.oci.tar:t', []],
    ['an OCI archive with zstd', 'oci-archive:x.zst.tar:t', ['--dest-compress-format', 'zstd']],
    ['a docker archive of skopeo', 'docker-archive:x.docker.tar:name:t', []],
  ];
  it.each(copies)('%s', async (_what, destination, options) => {
    const [transport = '', file = ''] = destination.split(':');
    if (file !== '')
      succeed(
        'skopeo',
        '--insecure-policy',
        'copy',
        '-q',
        ...options,
        `oci:${at('oci')}:t`,
        destination.replace(`:${file}`, `:${at(file)}`),
      );
    // umoci leaves the manifests of older states in the layout, which no index names.
    await same(at(file || transport));
    if (file === '') return;
    succeed('gzip', '-k1', at(file));
    await same(at(`${file}.gz`));
  });

  it('umoci made layers with whiteouts, and every kind of image was read', () => {
    const blobs = join(at('oci'), 'blobs/sha256');
    const names = readdirSync(blobs).flatMap((blob) => {
      const { status, stdout } = run('tar', 'tzf', join(blobs, blob));
      return status === 0 ? stdout.split('\n').filter((name) => name.includes('.wh.')) : [];
    });
    expect(names.length).toBeGreaterThan(3);
    expect(findElfFiles(directoryRoot(tree), '/').length).toBeGreaterThan(6);
  });

  it.each([
    ['gnu', ['--format=gnu']],
    ['pax', ['--format=pax', '--xattrs']],
    ['gnu, sparse', ['--format=gnu', '--sparse']],
    ['pax, sparse 0.0', ['--format=pax', '--sparse', '--sparse-version=0.0']],
    ['pax, sparse 0.1', ['--format=pax', '--sparse', '--sparse-version=0.1']],
    ['pax, sparse 1.0', ['--format=pax', '--sparse', '--sparse-version=1.0']],
    ['gzip', ['--gzip']],
    ['zstd', ['--zstd']],
    ['other places', ['--transform', 's,^\\.,/.//,', '-P']],
  ])('GNU tar: %s', async (name, options) => {
    const path = at(`${name}.tar`);
    expect(sudo('tar', '-C', tree, ...options, '-cf', path, '.').status).toBe(0);
    await same(path);
  });

  async function same(archive: string): Promise<void> {
    const directory = directoryRoot(tree);
    const root = await openRoot(archive);
    expect([...listing(root)]).toEqual([...listing(directory)]);
    expect(answers(root)).toEqual(answers(directory));
  }

  it('standard input, and every command', () => {
    const archive = at('stdin.tar');
    expect(sudo('tar', '-C', tree, '-cf', archive, '.').status).toBe(0);
    const expected = elfdeps('--root', tree, '--format', 'list', '/bin/bash');
    for (const pipe of ['cat', 'gzip -c <', 'zstd -qc <'])
      expect(
        succeed(
          'bash',
          '-c',
          `${pipe} "$0" | "$@"`,
          archive,
          process.execPath,
          ELFDEPS,
          '--root',
          '-',
          '--format',
          'list',
          '/bin/bash',
        ),
      ).toBe(expected);
    elfdeps('copy', '--root', archive, '/bin/bash', '--to', at('copied'));
    elfdeps('copy', '--root', tree, '/bin/bash', '--to', at('expected'));
    expect([...listing(directoryRoot(at('copied')))]).toEqual([
      ...listing(directoryRoot(at('expected'))),
    ]);
    expect(elfdeps('dockerfile', '--root', archive, '/bin/bash')).toBe(
      elfdeps('dockerfile', '--root', tree, '/bin/bash'),
    );
  });

  it('packages and other archives are named, and what is advised reads them', () => {
    const deb = at('package.deb');
    const from = at('package');
    succeed('mkdir', '-p', `${from}/DEBIAN`, `${from}/bin`);
    writeFileSync(
      `${from}/DEBIAN/control`,
      'Package: x\nVersion: 1\nArchitecture: all\nMaintainer: x\nDescription: x\n',
    );
    succeed('cp', '-L', '/bin/true', `${from}/bin/it`);
    succeed('dpkg-deb', '--build', from, deb);
    succeed('python3', '-m', 'zipfile', '-c', at('archive.zip'), `${from}/bin/it`);
    succeed('ar', 'rc', at('archive.a'), `${from}/bin/it`);
    for (const [path, what] of [
      [deb, 'a Debian package'],
      [at('archive.zip'), 'a zip archive'],
      [at('archive.a'), 'an archive of ar'],
    ] as const) {
      const { status, stdout, stderr } = elfdepsResult('--root', path, '/bin/it');
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr.split('\n')[0]).toBe(`elfdeps: ${path}: ${what}`);
    }
    const advice = elfdepsResult('--root', deb, '/bin/it').stderr.split('\n')[1] ?? '';
    const line = advice.trim().replace(' PROGRAM', ' --format list /bin/it');
    expect(line).toContain(deb);
    const command = line.replace('| elfdeps ', `| "${process.execPath}" "${ELFDEPS}" `);
    expect(succeed('bash', '-c', `${command}; true`)).toContain('/bin/it\n');
  });

  it('memory stays flat on 1 GB', () => {
    const path = at('large.tar');
    const file = openSync(path, 'w');
    const small = succeed('bash', '-c', 'tar -C "$0" -cf "$1" . && wc -c < "$1"', tree, path);
    let end = Number(small) - (Number(small) % 512);
    // Behind the members are zeros up to a whole record: go on after the last member.
    end = lastMemberEnd(path, end);
    for (let index = 0; index < 8; index++) {
      const size = 128 << 20;
      const head = tarEntry({
        name: `large${index}`,
        patch: (header) => header.write(`${size.toString(8).padStart(11, '0')}\0`, 124),
      });
      writeSync(file, head, 0, 512, end);
      end += 512 + size;
    }
    ftruncateSync(file, end + 1024);
    closeSync(file);
    const rss = 'process.on("exit",()=>console.error("rss",process.resourceUsage().maxRSS))';
    for (const pipe of ['cat', 'gzip -1c', 'zstd -qc']) {
      const { status, stderr } = run(
        'bash',
        '-c',
        `${pipe} < "$0" | "$@"`,
        path,
        process.execPath,
        '--import',
        `data:text/javascript,${rss}`,
        ELFDEPS,
        '--root',
        '-',
        '/bin/bash',
      );
      expect(status).toBe(0);
      expect(Number(/rss (\d+)/.exec(stderr)?.[1])).toBeLessThan(200 * 1024);
    }
  });
});

/** Where the zeros at the end of a tar begin. */
function lastMemberEnd(path: string, size: number): number {
  const blocks = succeed('tar', '--block-number', '--list', '--file', path);
  const last = /block (\d+): \*\* Block of NULs \*\*/.exec(blocks)?.[1];
  return last === undefined ? size : Number(last) * 512;
}
