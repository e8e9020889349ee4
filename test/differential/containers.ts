/**
 * Containers for tests, without a network: programs run outside, in a tree entered with chroot, and
 * in what buildah builds from a Dockerfile. Everything is kept below one directory of the test.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ELFDEPS } from '../support/built-cli.js';
import { type Requirement, requirement } from '../support/requirement.js';

/** Milliseconds after which a command counts as one that hangs. */
const HANGS = 30 * 60_000;
const ENTER = 'mount --bind /proc "$1/proc" && mount --bind /dev "$1/dev" && exec chroot "$@"';
const ENV = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' };

/** What a command printed, and how it ended; null where a signal ended it. */
export interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What to put before a command that only root may run; undefined when there is no way. */
const asRoot = rootPrefix();

/** That this machine can run programs in a tree. */
export const chrootRequirements: readonly Requirement[] = [
  requirement('Linux', process.platform === 'linux'),
  requirement('root, or sudo without a password', asRoot !== undefined),
];

/** Runs a command of this machine. */
export function run(file: string, ...args: readonly string[]): Result {
  // bash takes a pipe that is a socket for a remote login.
  const { status, stdout, stderr } = spawnSync(file, args, {
    encoding: 'utf8',
    env: ENV,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: HANGS,
  });
  return { status, stdout, stderr };
}

/** Runs a command as the root user. */
export function sudo(file: string, ...args: readonly string[]): Result {
  const [first = '', ...rest] = [...(asRoot ?? []), file, ...args];
  return run(first, ...rest);
}

/** Standard output of a command that must succeed. */
export function succeed(file: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = run(file, ...args);
  if (status !== 0) throw new Error(`${[file, ...args].join(' ')}: ${status}: ${stderr}`);
  return stdout;
}

/** Standard output of `elfdeps ARGS`, which must succeed. */
export function elfdeps(...args: readonly string[]): string {
  return succeed(process.execPath, ELFDEPS, ...args);
}

/** `elfdeps ARGS`, however it ends. */
export function elfdepsResult(...args: readonly string[]): Result {
  return run(process.execPath, ELFDEPS, ...args);
}

/**
 * Runs a program in a tree, with /proc and /dev as in every container ($ORIGIN is read from /proc).
 * In a mount namespace of its own, so that the mounts go away with it.
 */
export function enter(tree: string, ...words: readonly string[]): Result {
  return enterWith([], tree, ...words);
}

/** The same with variables, each `NAME=VALUE`. */
export function enterWith(
  variables: readonly string[],
  tree: string,
  ...words: readonly string[]
): Result {
  for (const mountPoint of ['proc', 'dev']) mkdirSync(join(tree, mountPoint), { recursive: true });
  const unshare = ['unshare', '--mount', 'sh', '-c', ENTER, 'sh', tree, ...words];
  return sudo('env', ...variables, ...unshare);
}

/** A tar of `files` without what is below directories. */
export function pack(files: readonly string[]): Buffer {
  const input = files.filter((file) => file !== '').map((file) => `${file.slice(1)}\0`);
  const { status, stdout, stderr } = spawnSync(
    'tar',
    ['-cf', '-', '-C', '/', '--no-recursion', '--null', '-T', '-'],
    { input: input.join(''), env: ENV, maxBuffer: 2 ** 30 },
  );
  if (status !== 0) throw new Error(`tar: ${stderr}`);
  return stdout;
}

/** Unpacks a tar into a directory that exists. */
export function unpack(archive: Buffer, target: string): void {
  const { status, stderr } = spawnSync('tar', ['-xf', '-', '-C', target], { input: archive });
  if (status !== 0) throw new Error(`tar: ${stderr}`);
}

/** A container that buildah made, not yet run. */
export interface Container {
  readonly name: string;
  readonly entrypoint: readonly string[];
  readonly architecture: string;
  /** The image's configuration as the OCI image specification has it. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** A directory for the files of a test, with images and containers of its own. */
export class Containers {
  readonly directory: string;
  #images = 0;

  constructor() {
    this.directory = mkdtempSync(join(realpathSync(tmpdir()), 'elfdeps-image-'));
    const accept = '{ "default": [{ "type": "insecureAcceptAnything" }] }';
    writeFileSync(join(this.directory, 'policy.json'), accept);
  }

  /** Removes everything. */
  close(): void {
    if (existsSync(join(this.directory, 'storage'))) this.buildah('rm', '--all');
    sudo('rm', '-rf', '--one-file-system', this.directory);
  }

  buildah(...args: readonly string[]): Result {
    const storage = join(this.directory, 'storage');
    const own = ['--root', join(storage, 'root'), '--runroot', join(storage, 'run')];
    const driver = ['--storage-driver', 'vfs'];
    return sudo('env', `TMPDIR=${this.directory}`, 'buildah', ...own, ...driver, ...args);
  }

  /** A new empty directory. */
  makeDirectory(): string {
    return mkdtempSync(join(this.directory, 'context-'));
  }

  /**
   * Builds a Dockerfile and gives the image's name. `contexts` are directories that `--from` may
   * name, such as `build=/`: a stage that holds this machine's files.
   */
  build(
    dockerfile: string,
    options: {
      readonly context?: string;
      readonly contexts?: readonly string[];
      readonly args?: readonly string[];
      readonly tag?: string;
    } = {},
  ): string {
    const context = options.context ?? this.makeDirectory();
    writeFileSync(join(context, 'Dockerfile'), dockerfile);
    const image = options.tag ?? `localhost/elfdeps-test-${++this.#images}`;
    this.#must(
      'build',
      ...['--isolation', 'chroot', '--layers=false', '--tag', image],
      ...this.#common(),
      ...(options.contexts ?? []).map((named) => `--build-context=${named}`),
      ...(options.args ?? []),
      context,
    );
    return image;
  }

  /** A container of an image. */
  create(image: string, args: readonly string[] = []): Container {
    const name = this.#must('from', ...this.#common(), ...args, image).stdout.trim();
    const { architecture, config } = JSON.parse(this.#must('inspect', name).stdout).OCIv1;
    return { name, entrypoint: config.Entrypoint ?? [], architecture, config };
  }

  /**
   * Runs a command in a container. What buildah itself says about an exit code is left out. Where
   * the machine is busy, buildah loses what a quick program prints, so silence is asked again.
   */
  run(container: Container, ...words: readonly string[]): Result {
    const args = ['run', '--isolation', 'chroot', container.name, '--', ...words];
    let result = this.buildah(...args);
    for (let again = 0; again < 3 && result.stdout === '' && result.stderr === ''; again++)
      result = this.buildah(...args);
    const own = /^(?:subprocess exited with|Error:|error:|.*level=error).* status \d+\D*\n/gm;
    return { ...result, stderr: result.stderr.replaceAll(own, '') };
  }

  /** Removes an image and the containers made of it, which vfs keeps whole copies of. */
  remove(image: string, container: Container): void {
    this.buildah('rm', container.name);
    this.buildah('rmi', image);
  }

  #common(): string[] {
    return ['--pull-never', '--signature-policy', join(this.directory, 'policy.json')];
  }

  #must(...args: readonly string[]): Result {
    const result = this.buildah(...args);
    if (result.status !== 0)
      throw new Error(`buildah ${args.join(' ')}: ${result.stdout}${result.stderr}`);
    return result;
  }
}

function rootPrefix(): readonly string[] | undefined {
  for (const prefix of [[], ['sudo', '-n']]) {
    const [file = '', ...args] = [...prefix, 'unshare', '--mount', 'chroot', '/', '/bin/sh', '-c'];
    if (spawnSync(file, [...args, 'exit 0']).status === 0) return prefix;
  }
  return undefined;
}
