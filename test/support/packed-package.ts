/**
 * The package as users get it: `npm pack`, and installations of that file by npm.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

function npm(args: readonly string[], cwd: string): string {
  return execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Packs what is built into a directory; gives the path of the tarball. */
export function packPackage(directory: string): string {
  // Building again would take dist/ away from the tests that run beside this one.
  const packed = npm(['pack', '--ignore-scripts', '--pack-destination', directory], PROJECT);
  return join(directory, packed.trim().split('\n').at(-1) ?? '');
}

/** Makes a project that has the tarball, and nothing else, as a dependency. */
export function installPackage(tarball: string, directory: string): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{ "private": true }');
  npm(['install', tarball], directory);
}

/** `npm install -g`, below `prefix`; gives the path of the command. */
export function installCommand(tarball: string, prefix: string): string {
  npm(['install', '-g', '--prefix', prefix, tarball], prefix);
  return join(prefix, 'bin/elfdeps');
}
