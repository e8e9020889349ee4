/**
 * A directory in which the commands of the documents run as a reader's: `elfdeps`, `npx elfdeps` and
 * `import 'elfdeps'` work, and the samples are there. Nothing of it stays behind.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { PROJECT } from './markdown.js';

export class ExamplePlace {
  readonly #directory = mkdtempSync(join(tmpdir(), 'elfdeps-examples-'));

  constructor() {
    mkdirSync(join(this.#directory, 'bin'));
    const run = `exec '${process.execPath}' '${join(PROJECT, 'bin', 'elfdeps.js')}' "$@"`;
    for (const [name, text] of [
      ['elfdeps', run],
      ['npx', `[ "$1" = elfdeps ] && shift && ${run}`],
    ] as const) {
      const path = join(this.#directory, 'bin', name);
      writeFileSync(path, `#!/bin/sh\n${text}\n`);
      chmodSync(path, 0o755);
    }
  }

  /** Removes everything. */
  close(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** A new directory in it, so that no example sees what another one wrote. */
  makeDirectory(): string {
    const path = mkdtempSync(join(this.#directory, 'example-'));
    symlinkSync(join(PROJECT, 'samples'), join(path, 'samples'));
    mkdirSync(join(path, 'node_modules'));
    symlinkSync(PROJECT, join(path, 'node_modules', 'elfdeps'));
    return path;
  }

  /** What a command line of a shell prints, on both streams, however it ends. */
  shell(text: string, cwd: string): string {
    return this.#print('bash', ['-c', `{ ${text}\n} 2>&1 </dev/null`], cwd);
  }

  /** What a program for Node.js in a file prints. */
  node(file: string, cwd: string): string {
    return this.#print(process.execPath, [file], cwd);
  }

  #print(command: string, args: readonly string[], cwd: string): string {
    // What the user's shell has set must change no expected text.
    const { LD_LIBRARY_PATH: _, LD_PRELOAD: __, FORCE_COLOR: ___, ...rest } = process.env;
    const PATH = `${join(this.#directory, 'bin')}${delimiter}${process.env.PATH}`;
    const env = { ...rest, PATH, SHELL: '/bin/bash' };
    const { stdout, error } = spawnSync(command, args, {
      cwd,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (error) throw error;
    return stdout;
  }
}
