/**
 * npm run bench: how long elfdeps takes against node itself, libtree and ldd. Runs alternate
 * (A B A B ...), and what counts is the median of the ratios within each pair, since a machine's
 * speed drifts; absolute times are for orientation. Then strace counts how often a file is opened.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ELFDEPS = fileURLToPath(new URL('../bin/elfdeps.js', import.meta.url));
const START_PAIRS = Number(process.env.BENCH_START_PAIRS ?? 25);
const BULK_PAIRS = Number(process.env.BENCH_BULK_PAIRS ?? 5);
const DIRECTORY = process.argv[2] ?? '/usr/bin';
const ENV = { ...process.env, LC_ALL: 'C' };

/**
 * @typedef {{ readonly wall: number, readonly cpu: number }} Cost milliseconds
 * @typedef {readonly [string, ...string[]]} Words
 */

const files = dynamicFiles(DIRECTORY);
const listAll = /** @type {Words} */ ([process.execPath, ELFDEPS, '--format', 'list', ...files]);
console.log(`node ${process.version}, ${files.length} dynamic ELF files in ${DIRECTORY}\n`);
console.log(`${'A against B'.padEnd(44)}${'A'.padStart(9)}${'B'.padStart(9)}${'A/B'.padStart(8)}`);
compare(
  'elfdeps /bin/ls : node -e 0',
  START_PAIRS,
  [process.execPath, ELFDEPS, '/bin/ls'],
  [process.execPath, '-e', '0'],
);
if (has('libtree')) {
  // With -vv libtree enters a library once in a run, with -vvv wherever it is needed.
  compare('elfdeps : libtree -vv', BULK_PAIRS, listAll, ['libtree', '-vv', '-p', ...files]);
  compare('elfdeps : libtree -vvv', BULK_PAIRS, listAll, ['libtree', '-vvv', '-p', ...files]);
  compare('elfdeps : libtree for each', BULK_PAIRS, listAll, forEach('libtree -vv -p'));
}
if (has('ldd')) compare('elfdeps : ldd', BULK_PAIRS, listAll, ['ldd', ...files]);
compare(
  'node -e 0 : node -e 0 (noise)',
  START_PAIRS,
  [process.execPath, '-e', '0'],
  [process.execPath, '-e', '0'],
);
if (has('strace')) countOpens();

/**
 * A shell that runs a command on one file after the other.
 * @param {string} command
 * @returns {Words}
 */
function forEach(command) {
  return ['sh', '-c', `for file; do ${command} "$file"; done`, 'sh', ...files];
}

/**
 * @param {string} name
 * @param {number} pairs
 * @param {Words} a
 * @param {Words} b
 */
function compare(name, pairs, a, b) {
  cost(a);
  cost(b);
  const costs = Array.from({ length: pairs }, () => ({ a: cost(a), b: cost(b) }));
  for (const what of /** @type {const} */ (['cpu', 'wall'])) {
    const ratio = median(costs.map((pair) => pair.a[what] / pair.b[what]));
    const [left, right] = [
      median(costs.map((p) => p.a[what])),
      median(costs.map((p) => p.b[what])),
    ];
    console.log(
      `${`${name}, ${what} (${pairs} pairs)`.padEnd(44)}${shown(left)}${shown(right)}${ratio
        .toFixed(3)
        .padStart(8)}`,
    );
  }
}

/**
 * Runs a command with its output thrown away. Node.js cannot ask for a child's CPU time; bash can.
 * @param {Words} words
 * @returns {Cost}
 */
function cost(words) {
  const script = 'TIMEFORMAT="%3R %3U %3S"; time "$@" >/dev/null 2>&1';
  const { error, stderr } = spawnSync('bash', ['-c', script, 'bash', ...words], {
    env: ENV,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  const [wall = 0, user = 0, system = 0] = stderr.trim().split(' ').map(Number);
  return { wall: 1000 * wall, cpu: 1000 * (user + system) };
}

/** How often elfdeps opens each file, as the kernel sees it. */
function countOpens() {
  const log = join(tmpdir(), `elfdeps-bench-${process.pid}.strace`);
  spawnSync('strace', ['-f', '-e', 'trace=open,openat', '-z', '-o', log, ...listAll], {
    env: ENV,
    stdio: 'ignore',
  });
  // Node.js follows links; elfdeps has followed them already.
  const lines = readFileSync(log, 'utf8').matchAll(/open(?:at)?\([^"]*"([^"]*)", \S*O_NOFOLLOW/g);
  rmSync(log);
  /** @type {Map<string, number>} */
  const opens = new Map();
  for (const [, path = ''] of lines) opens.set(path, (opens.get(path) ?? 0) + 1);
  const counts = [...opens].sort(([, a], [, b]) => b - a);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const repeated = counts.filter(([, count]) => count > 1).length;
  const [path, most] = counts[0] ?? ['', 0];
  console.log(`\nelfdeps opens ${counts.length} files ${total} times, ${repeated} more than once`);
  console.log(`most often: ${most} times ${path}`);
}

/**
 * Programs and libraries of a directory that name an interpreter or need something: what libtree
 * and ldd accept without complaint.
 * @param {string} directory
 */
function dynamicFiles(directory) {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(directory, entry.name))
    .filter(isDynamic)
    .sort();
}

/** @param {string} path */
function isDynamic(path) {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(4096);
    readSync(file, bytes, 0, 4096, 0);
    if (bytes.toString('latin1', 0, 4) !== '\x7fELF' || bytes[4] !== 2 || bytes[5] !== 1)
      return false;
    const start = Number(bytes.readBigUInt64LE(32));
    const types = Array.from({ length: bytes.readUInt16LE(56) }, (_, index) =>
      start + 56 * index < 4092 ? bytes.readUInt32LE(start + 56 * index) : 0,
    );
    return types.includes(3);
  } finally {
    closeSync(file);
  }
}

/** @param {string} command */
function has(command) {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
}

/** @param {readonly number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? /** @type {number} */ (sorted[middle])
    : /** @type {number} */ (sorted[middle - 1] + /** @type {number} */ (sorted[middle])) / 2;
}

/** @param {number} milliseconds */
function shown(milliseconds) {
  return `${milliseconds.toFixed(0)} ms`.padStart(9);
}
