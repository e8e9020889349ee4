/**
 * npm run bench: a table of what elfdeps costs beside tools that do the same work, each pair measured in
 * turns (bench/measure.js). `--write` puts the table into docs/benchmarks.md, row by row; numbers choose rows,
 * such as `npm run bench -- 1 2`. Needs Linux, and takes minutes; a tool that is missing leaves its row
 * without a ratio, and a row whose command fails says so.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dynamicFiles, makeArchives, makeChain, makeSparse, makeTree } from './bench/inputs.js';
import { has, measure, peakMemory } from './bench/measure.js';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const ELFDEPS = join(PROJECT, 'bin/elfdeps.js');
const PAGE = join(PROJECT, 'docs/benchmarks.md');
const PAIRS = Number(process.env.BENCH_PAIRS ?? 3);
const START_PAIRS = Number(process.env.BENCH_START_PAIRS ?? 25);
const PROGRAM = '/usr/bin/git';
const MARK = '<!-- npm run bench -- --write -->';

/**
 * @typedef {import('./bench/measure.js').Words} Words
 * @typedef {{
 *   readonly work: string,
 *   readonly own: Words,
 *   readonly name?: string,
 *   readonly other?: Words,
 *   readonly pairs?: number,
 *   readonly before?: () => void,
 *   readonly memory?: boolean,
 *   readonly most?: number,
 *   readonly goal: string,
 * }} Row
 */

const args = process.argv.slice(2);
const chosen = args.filter((arg) => /^\d+$/.test(arg)).map(Number);
const work = process.env.BENCH_DIRECTORY ?? mkdtempSync(join(tmpdir(), 'elfdeps-bench-'));
mkdirSync(work, { recursive: true });
try {
  const lines = [];
  const about = `Node.js ${process.version}, ${availableParallelism()} x ${cpus()[0]?.model.trim()}`;
  const head = [
    '| | work | elfdeps | beside | its time | CPU ratio | wall ratio | wanted |',
    '|---|---|---|---|---|---|---|---|',
  ];
  console.log([about, '', ...head].join('\n'));
  for (const [index, row] of (await rows()).entries()) {
    if (chosen.length > 0 && !chosen.includes(index + 1)) continue;
    const line = `| ${index + 1} ${formatRow(row)}`;
    lines.push(line);
    console.log(line);
    if (!args.includes('--write')) continue;
    const [before] = readFileSync(PAGE, 'utf8').split(MARK);
    writeFileSync(
      PAGE,
      [`${before}${MARK}`, '', `${about}.`, '', ...head, ...lines, ''].join('\n'),
    );
  }
} finally {
  if (process.env.BENCH_DIRECTORY === undefined) rmSync(work, { recursive: true, force: true });
}

/** @returns {Promise<readonly Row[]>} */
async function rows() {
  const node = process.execPath;
  const own = (/** @type {string[]} */ ...words) =>
    /** @type {Words} */ ([node, ELFDEPS, ...words]);
  const nothing = /** @type {Words} */ ([node, '-e', '0']);
  const files = dynamicFiles(process.env.BENCH_PROGRAMS ?? '/usr/bin');
  const many = `${files.length} programs`;
  const text = (/** @type {string[]} */ ...words) => own(...words, ...files);
  const closure = spawnSync(node, [ELFDEPS, '--format', 'list', PROGRAM], { encoding: 'utf8' });
  const tar = makeArchives(work, PROGRAM, closure.stdout.trim().split('\n'));
  const tree = makeTree(work);
  const sparse = makeSparse(work);
  const { directoryRoot, findElfFiles } = await import('../dist/index.js');
  const all = findElfFiles(directoryRoot('/'), '/usr').length.toLocaleString('en');
  const copy = join(work, 'copy');
  const clear = () => rmSync(copy, { recursive: true, force: true });
  const chains = [await makeChain(work, 5000), await makeChain(work, 10_000)];
  const copyOf = (/** @type {string} */ root, /** @type {string} */ data) =>
    own('copy', '-q', '--root', root, '/bin/program', '--include', data, '--to', copy);
  const otherNodes = [22, 24, 26]
    .map((release) => join(runTimes(), `node${release}`))
    .filter((path) => existsSync(path));
  return [
    start('one file', nothing, own(PROGRAM)),
    ...otherNodes.map((path) =>
      start(`one file, ${version(path)}`, [path, '-e', '0'], [path, ELFDEPS, PROGRAM]),
    ),
    ...otherNodes.map((path) =>
      start(
        `the same with NODE_COMPILE_CACHE`,
        cached(path, '-e', '0'),
        cached(path, ELFDEPS, PROGRAM),
      ),
    ),
    start('`--version`', nothing, own('--version')),
    start('nothing: the noise', nothing, nothing),
    row(
      `${many}, list`,
      text('-f', 'list'),
      'libtree -vvv',
      ['libtree', '-vvv', ...files],
      '0.5 s',
    ),
    row(`${many}, list`, text('-f', 'list'), 'lddtree', ['lddtree', '-l', ...files], '', 1),
    row(`${many}, text`, text(), 'ldd', ['ldd', ...files], '0.5 s'),
    row(`${many}, ndjson`, text('-f', 'ndjson'), 'ldd', ['ldd', ...files], '1.0 s', 1),
    row(
      `${many}, ndjson with needs`,
      text('-f', 'ndjson', '--needs'),
      'ldd',
      ['ldd', ...files],
      '3 s',
      1,
    ),
    row(`${many}, check`, own('check', ...files), 'ldd -r', ['ldd', '-r', ...files], '5 s', 1),
    {
      work: `all ${all} ELF files of /usr, list`,
      own: own('-f', 'list', '/usr'),
      pairs: 1,
      memory: true,
      most: 1,
      goal: '2.5 s and 180 MB for 8,144 files',
    },
    {
      work: 'chain of 10,000 libraries',
      own: own('--root', chains[1] ?? '', '-f', 'list', '/bin/program'),
      name: 'chain of 5,000',
      other: own('--root', chains[0] ?? '', '-f', 'list', '/bin/program'),
      pairs: 3,
      goal: '1.5 s, ratio 2',
    },
    archive('1 GB tar', tar, ['tar', '-tPf', tar], '0.3 s'),
    archive('1 GB tar.gz', `${tar}.gz`, ['tar', '-tPzf', `${tar}.gz`], '0.5'),
    ...[node, ...otherNodes.slice(-1)].map((path) => ({
      ...archive('1 GB tar.zst', `${tar}.zst`, ['tar', '--zstd', '-tPf', `${tar}.zst`], '1.2'),
      work: `1 GB tar.zst as root, ${version(path)}`,
      own: /** @type {Words} */ ([path, ELFDEPS, '--root', `${tar}.zst`, PROGRAM]),
    })),
    {
      work: 'copy of `git` and its needs',
      own: own('copy', '-q', PROGRAM, '--to', copy),
      before: clear,
      memory: true,
      goal: '',
    },
    ...(sparse === undefined
      ? []
      : [
          {
            work: 'copy of a sparse file of 1.5 GB with a capability',
            own: copyOf(sparse, '/large'),
            before: clear,
            pairs: 1,
            memory: true,
            goal: '',
          },
        ]),
    {
      work: 'copy of 1 GB',
      own: copyOf(tree, '/data/*'),
      memory: true,
      name: '`cp -a`',
      other: ['cp', '-a', tree, copy],
      before: clear,
      pairs: 3,
      goal: '1.1',
    },
  ];

  /** @returns {Words} */
  function cached(/** @type {string[]} */ ...words) {
    return ['env', `NODE_COMPILE_CACHE=${join(work, 'compile-cache')}`, ...words];
  }

  /** @returns {Row} */
  function archive(
    /** @type {string} */ name,
    /** @type {string} */ path,
    /** @type {Words} */ list,
    /** @type {string} */ goal,
  ) {
    return {
      work: `${name} as root`,
      own: own('--root', path, PROGRAM),
      name: '`tar -t`',
      other: list,
      pairs: 3,
      goal,
    };
  }

  /** @returns {Row} */
  function start(
    /** @type {string} */ name,
    /** @type {Words} */ base,
    /** @type {Words} */ words,
  ) {
    return {
      work: name,
      own: words,
      name: '`node -e 0`',
      other: base,
      pairs: START_PAIRS,
      goal: '1.12',
    };
  }

  /** @returns {Row} */
  function row(
    /** @type {string} */ name,
    /** @type {Words} */ words,
    /** @type {string} */ tool,
    /** @type {Words} */ other,
    /** @type {string} */ goal,
    pairs = PAIRS,
  ) {
    return {
      work: name,
      own: words,
      name: `\`${tool}\``,
      other: has(other[0]) ? other : undefined,
      pairs,
      most: 1,
      goal,
    };
  }
}

/** Where scripts/install-test-tools.sh puts other releases of Node.js. */
function runTimes() {
  const directory = process.env.ELFDEPS_RUN_TIMES ?? join(homedir(), '.cache/elfdeps-run-times');
  return join(directory, 'node_modules/.bin');
}

/** @param {string} node */
function version(node) {
  return `Node.js ${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()}`;
}

/** @param {Row} row */
function formatRow({
  work: name,
  own,
  name: tool = '',
  other,
  pairs = PAIRS,
  before,
  memory,
  most,
  goal,
}) {
  let measured;
  try {
    measured = measure(pairs, own, other, before, most);
  } catch (error) {
    return `| ${name} | failed: ${error instanceof Error ? error.message : error} | | | | | ${goal} |`;
  }
  const seconds = (/** @type {import('./bench/measure.js').Cost} */ { wall }) =>
    wall < 1 ? `${(1000 * wall).toFixed(0)} ms` : `${wall.toFixed(1)} s`;
  const ratio = (/** @type {number | undefined} */ value) => value?.toFixed(2) ?? '';
  if (memory) before?.();
  const used = memory ? `, ${peakMemory(own).toFixed(0)} MB` : '';
  const theirs = measured.other === undefined ? '' : seconds(measured.other);
  return `| ${name} | ${seconds(measured.own)}${used} | ${tool} | ${theirs} | ${ratio(measured.cpu)} | ${ratio(measured.wall)} | ${goal} |`;
}
