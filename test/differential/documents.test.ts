/**
 * The examples of the documents that need Docker, buildah or a CI service, run by buildah: sh blocks
 * as they stand, Dockerfiles by the commands after them, the commands of CI files in their order.
 * `docker` is a script here (shims/docker), `npm install -g` installs the packed package for real,
 * and the base images are made of this machine's programs.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sessionOf } from '../support/console-session.js';
import { type Block, blocksOf, PROJECT, readDocuments } from '../support/markdown.js';
import { packPackage } from '../support/packed-package.js';
import { command, describeWith, requirement } from '../support/requirement.js';
import { elfdeps, succeed } from './containers.js';

const SELF = 'test/differential/documents.test.ts';
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';
const SHIMS = join(PROJECT, 'test', 'differential', 'shims');
/** What the last block of an example prints: it starts `hello`, or `lookup` of the guide, or checks it. */
const PRINTED = /^(?:hello, world|found|.*: runs)$/m;

/** Blocks from one that begins anew up to the last that goes on with it, if this test runs one of them. */
const all = readDocuments('README.md', 'docs/recipes.md', 'docs/scratch-images.md').flatMap(
  (document) => {
    const chains: Block[][] = [];
    for (const block of blocksOf(document)) {
      if (block.continues) chains.at(-1)?.push(block);
      else if (block.runBy === SELF || block.language === 'console') chains.push([block]);
    }
    return chains.filter((chain) => chain.some(({ runBy }) => runBy === SELF));
  },
);
/** What the README repeats of the recipes runs once. */
const chains = [...new Map(all.map((chain) => [chain.map(shellOf).join(''), chain])).values()];

/** What a block gives to a shell; a Dockerfile becomes a file. */
function shellOf({ language, text }: Block): string {
  if (language === 'console')
    return sessionOf(text)
      .map(({ shell }) => `{ ${shell}\n} || true\n`)
      .join('');
  if (language === 'dockerfile') return `cat > Dockerfile <<'END_OF_FILE'\n${text}END_OF_FILE\n`;
  if (language !== 'yaml') return text;
  // The steps of a workflow, or the script of a job.
  const commands = [...text.matchAll(/^ +- (?:run: )?(?!uses: )(.+)$/gm)];
  return commands.map(([, words]) => `${words}\n`).join('');
}

const tools = ['gcc', 'buildah', 'npm', 'bash', 'strace', 'jq'].map(command);
const isRoot = requirement('root', process.platform === 'linux' && process.getuid?.() === 0);

describeWith('the examples of the documents', [isRoot, ...tools], () => {
  let directory: string;
  let env: NodeJS.ProcessEnv;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'elfdeps-documents-'));
    for (const name of ['store', 'base', 'npm', 'tarball']) mkdirSync(join(directory, name));
    env = { ...process.env, ...storeEnvironment(), PATH: pathOf('npm/bin') };
    packPackage(join(directory, 'tarball'));
    makeBases();
    shell(workplace(), 'npm install -g ./elfdeps-0.2.0.tgz');
  });
  afterAll(() => {
    execFileSync('buildah', ['rm', '--all'], { env, stdio: 'ignore' });
    execFileSync('rm', ['-rf', '--one-file-system', directory]);
  });

  function pathOf(bin: string): string {
    return [SHIMS, join(directory, bin), process.env.PATH].join(':');
  }

  /** A store of its own for buildah, and a place of its own for what npm installs for all. */
  function storeEnvironment(): NodeJS.ProcessEnv {
    const store = join(directory, 'store');
    const accept = '{ "default": [{ "type": "insecureAcceptAnything" }] }';
    writeFileSync(join(store, 'policy.json'), accept);
    writeFileSync(
      join(store, 'storage.conf'),
      `[storage]\ndriver = "vfs"\ngraphroot = "${store}/root"\nrunroot = "${store}/run"\n`,
    );
    return {
      BUILDAH_STORE: store,
      CONTAINERS_STORAGE_CONF: join(store, 'storage.conf'),
      BUILDAH_ISOLATION: 'chroot',
      npm_config_prefix: join(directory, 'npm'),
      TMPDIR: directory,
    };
  }

  /** The base images of the documents, with no more than the examples use. */
  function makeBases(): void {
    const base = join(directory, 'base');
    elfdeps('copy', '-q', '/bin/sh', '--to', join(base, 'debian'));
    elfdeps(
      ...['copy', '-q', '/bin/sh', '/usr/bin/env', '/usr/bin/node', '/usr/bin/npm'],
      ...['--include', CERTIFICATES, '--to', join(base, 'node')],
    );
    const registry = succeed('npm', 'config', 'get', 'registry').trim();
    const settings = [
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      `npm_config_registry=${registry}`,
      `npm_config_cafile=${CERTIFICATES}`,
      `NODE_EXTRA_CA_CERTS=${CERTIFICATES}`,
    ];
    const from = (name: string) => `FROM scratch\nCOPY ${name}/ /\n`;
    writeFileSync(join(base, 'Dockerfile.debian'), from('debian'));
    writeFileSync(join(base, 'Dockerfile.node'), `${from('node')}ENV ${settings.join(' ')}\n`);
    shell(base, 'docker build -f Dockerfile.debian -t debian:12 .');
    shell(base, 'docker build -f Dockerfile.node -t node:22-slim .');
  }

  /** A directory with what the examples presuppose. */
  function workplace(): string {
    const path = mkdtempSync(join(directory, 'example-'));
    copyFileSync(join(PROJECT, 'samples', 'hello', 'hello.c'), join(path, 'hello.c'));
    succeed('gcc', join(path, 'hello.c'), '-o', join(path, 'hello'));
    succeed('cp', '-r', join(PROJECT, 'samples'), path);
    succeed('sh', '-c', `cp "$1"/tarball/*.tgz "$2"`, 'sh', directory, path);
    return path;
  }

  /** What a script prints, which must succeed. */
  function shell(cwd: string, script: string): string {
    const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', script], {
      cwd,
      env,
      encoding: 'utf8',
    });
    expect({ status, said: status === 0 ? '' : `${stdout}${stderr}` }).toEqual({
      status: 0,
      said: '',
    });
    return stdout;
  }

  it('npm install -g installs the command from the packed package', () => {
    expect(shell(directory, 'command -v elfdeps && elfdeps --version')).toMatch(
      /\/npm\/bin\/elfdeps\n0\.2\.0\n$/,
    );
  });

  it.each(chains.map((chain) => [`${chain[0]?.path}:${chain[0]?.line}`, chain] as const))(
    '%s runs',
    (_name, chain) => {
      const cwd = workplace();
      let printed = '';
      for (const block of chain) {
        const out = shell(cwd, shellOf(block));
        if (block.runBy === SELF && block.language !== 'dockerfile') printed = out;
      }
      expect(printed).toMatch(PRINTED);
    },
  );
});

it('every recipe is here', () => {
  expect(chains.length).toBeGreaterThanOrEqual(8);
  const commands = chains.flat().map(shellOf).join('');
  for (const tool of ['docker build', 'docker load', 'docker save', 'buildah commit', 'gcc', 'npm'])
    expect(commands).toContain(tool);
});
