/**
 * Runs before all tests (vitest's globalSetup): builds dist/ when it is missing or older than what
 * it is made from, since some tests start bin/elfdeps.js.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('..', import.meta.url));
const build = join(project, 'scripts/build.js');

export default function buildIfStale() {
  const built = join(project, 'dist/cli/start.js');
  const sources = [...below('src'), ...below('scripts/shims'), build];
  if (existsSync(built) && sources.every((source) => modified(source) <= modified(built))) return;
  execFileSync(process.execPath, [build], { stdio: 'inherit' });
}

/** @param {string} folder */
function below(folder) {
  return readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
    join(project, folder, name),
  );
}

/** @param {string} path */
function modified(path) {
  const stat = statSync(path);
  return stat.isFile() ? stat.mtimeMs : 0;
}
