/**
 * Small roots in which something is wrong, made for one pitfall each: files of this machine's glibc or
 * musl, programs compiled for the purpose, and what really happens when they are started there.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { closureFiles, directoryRoot, traceDependencies } from '../../src/index.js';
import { compileStarter } from './starter.js';

export const GLIBC = '/lib64/ld-linux-x86-64.so.2';
export const MUSL = '/lib/ld-musl-x86_64.so.1';
export const LIBC = '/lib/x86_64-linux-gnu/libc.so.6';

/** A program that only ends. */
export const MAIN = 'int main(void) { return 0; }';

export class PitfallRoot {
  /** The root's directory on this machine. */
  readonly directory: string;
  readonly #base: string;

  constructor(base: string, name: string) {
    this.#base = base;
    this.directory = join(base, name);
    fs.mkdirSync(join(this.directory, 'proc'), { recursive: true });
  }

  /** Where a path of the root is on this machine; its directory is made. */
  at(path: string): string {
    const place = join(this.directory, path);
    fs.mkdirSync(dirname(place), { recursive: true });
    return place;
  }

  write(path: string, content: string | Uint8Array, mode = 0o755): this {
    fs.writeFileSync(this.at(path), content);
    fs.chmodSync(this.at(path), mode);
    return this;
  }

  /** A copy of a file of this machine, by the same path unless told otherwise. */
  take(file: string, path = file): this {
    return this.write(path, fs.readFileSync(file));
  }

  link(path: string, target: string): this {
    fs.symlinkSync(target, this.at(path));
    return this;
  }

  read(path: string): Buffer {
    return fs.readFileSync(join(this.directory, path));
  }

  remove(path: string): this {
    fs.rmSync(join(this.directory, path));
    return this;
  }

  /** A program of another root (this machine's, without one) with all that its loader would load. */
  takeProgram(path: string, from = ''): this {
    const { closures, errors } = traceDependencies(directoryRoot(from || '/'), [path]);
    const [closure] = closures;
    if (closure === undefined) throw new Error(errors[0]?.message);
    for (const file of closureFiles(closure)) this.take(`${from}${file.realPath}`, file.path);
    return this;
  }

  glibc(): this {
    return this.take(GLIBC).take(LIBC);
  }

  musl(): this {
    this.take(MUSL);
    return this.compile('/bin/sh', MAIN, { compiler: 'musl-gcc' });
  }

  /** Compiles C to a path of the root; flags that are paths of the root are files to link with. */
  compile(
    path: string,
    source: string,
    options: { readonly compiler?: string; readonly flags?: readonly string[] } = {},
  ): this {
    const { compiler = 'gcc', flags = [] } = options;
    const file = join(this.#base, `${basename(this.directory)}-${basename(path)}.c`);
    fs.writeFileSync(file, `${source}\n`);
    const words = flags.map((flag) => (flag.startsWith('/') ? this.at(flag) : flag));
    execFileSync(compiler, ['-w', '-o', this.at(path), file, ...words]);
    return this;
  }

  /** A shared library whose soname is its file name, or the one that is given. */
  library(path: string, source: string, flags: readonly string[] = []): this {
    const soname = flags.some((flag) => flag.includes('-soname'))
      ? []
      : [`-Wl,-soname,${basename(path)}`];
    const all = ['-shared', '-fPIC', ...soname, ...flags];
    return this.compile(path, source, { flags: all });
  }

  /** What starting a program there prints, errors included, and a line with its exit code. */
  start(program: readonly string[], env: Readonly<Record<string, string>> = {}): string {
    const starter = join(this.#base, 'starter');
    if (!fs.existsSync(starter)) compileStarter(starter);
    const words = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const script = 'mount --bind /proc "$0/proc" && exec "$@"';
    const { stdout, stderr, status } = spawnSync(
      'unshare',
      [
        ...['-m', 'sh', '-c', script, this.directory, 'env', '-i', 'PATH=/usr/bin:/bin', ...words],
        ...['timeout', '600', starter, this.directory, ...program],
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    );
    return `${stdout}${stderr}\nexit code ${status}\n`;
  }
}
