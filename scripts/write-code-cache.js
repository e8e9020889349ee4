/**
 * Runs the built command line on a few files, then writes what V8 compiled for that to
 * dist/cli/program.cache. Without that file everything works, only slower.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

const filename = fileURLToPath(new URL('../dist/cli/program.js', import.meta.url));
const runs = [
  [process.execPath],
  ['samples/hello/hello'],
  ['--root', 'samples/sysroot', '/usr/bin/greet'],
];
const script = new Script(Module.wrap(readFileSync(filename, 'latin1')), { filename });
const run = script.runInThisContext();

process.on('beforeExit', next);
next();

function next() {
  process.exitCode = 0;
  const args = runs.shift();
  if (args === undefined) {
    process.off('beforeExit', next);
    writeFileSync(join(dirname(filename), 'program.cache'), script.createCachedData());
    return;
  }
  // Keeps the process from ending before the next beforeExit.
  setImmediate(() => {});
  process.argv = [process.execPath, filename, ...args];
  run({}, Module.createRequire(filename), { exports: {} }, filename, dirname(filename));
}
