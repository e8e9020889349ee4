/**
 * `npm run fuzz`: gives damaged input of every format to elfdeps, guided by coverage, and says what it
 * threw, how long it took and how much memory. The formats are in fuzz/; each runs in a process of its
 * own, as many at once as there are cores. Exit code 1 where anything but ElfdepsError is thrown, a case
 * takes more than a second of CPU or 200 MB, fewer than half of many cases of a format pass its first check,
 * the corpus runs fewer lines of a part of the code than its goal, or the limit ends the run.
 *
 *     npm run fuzz                          a minute, divided among the formats
 *     npm run fuzz -- --seconds 180         three minutes
 *     npm run fuzz -- --cases 1000000       so many cases at least, and a thousand of each format
 *     npm run fuzz -- --cases 1000000 --limit 900   the same, which fails if it takes longer than 900 s
 *     npm run fuzz -- --format tar          one format; may be given again
 *     npm run fuzz -- --one FILE --format tar   runs a case that was found
 *     npm run fuzz -- --store               adds inputs that reach new code to fuzz/corpus
 */
import { fork } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const project = fileURLToPath(new URL('..', import.meta.url));
const compiled = join(project, 'node_modules/.cache/fuzz');
/** Of so many cases of a format, half must pass its first check: what fails there tests nothing else. */
const ENOUGH_CASES = 500;
/** Of each format, where a number of cases is asked for. */
const LEAST_CASES = 1000;
/** Seconds of the first round of such a run; the rounds after it are as long as the missing cases need. */
const FIRST_ROUND = 150;
/** The memory of a process that has run one case, in KiB. */
const MAX_MEMORY = 200 << 10;
/** The share of lines that the corpus must run of each of these. */
const COVERAGE_GOAL = 0.9;
const MEASURED = {
  'src/elf': /^src\/elf\//,
  'src/root/archive': /^src\/root\/archive\//,
  'readers of caches and configuration':
    /^src\/(loader\/\w+\/(cache|config|hints|libmap|ld-so-conf|built-ins|preload-file|tokens)|opened\/|packages\/|needs\/(fonts\/|users|nss|pam|service-files|gconv|configuration|start-command|shell-commands))/,
};
/** Processes at once. */
const JOBS = availableParallelism();
/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set();
/** Without a word from a worker for so long, its case never ends. */
const HANG = 120_000;

const { values: options } = parseArgs({
  options: {
    cases: { type: 'string' },
    seconds: { type: 'string' },
    limit: { type: 'string' },
    seed: { type: 'string', default: '1' },
    guided: { type: 'string', default: '0.3' },
    format: { type: 'string', multiple: true },
    one: { type: 'string' },
    store: { type: 'boolean', default: false },
    faults: { type: 'string', default: join(project, 'node_modules/.cache/fuzz-faults') },
  },
});
await compile();
const { formats } = await import(join(compiled, 'fuzz/formats.js'));
/** @type {readonly string[]} */
const names = options.format ?? formats.map((/** @type {{ name: string }} */ { name }) => name);
process.exitCode = options.one ? await runOne(options.one) : await runAll();

/** Every module as one file with a source map, so that coverage is of lines of src/. */
async function compile() {
  mkdirSync(compiled, { recursive: true });
  writeFileSync(join(compiled, 'package.json'), '{"type":"module"}\n');
  const files = ['src', 'fuzz', 'test/support', 'test/needs', 'test/packages'].flatMap(below);
  await build({
    entryPoints: files.filter((name) => /\.ts$/.test(name) && !/\.(test|d)\.ts$/.test(name)),
    outbase: project,
    outdir: compiled,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    sourcesContent: false,
  });
}

/** @param {string} folder */
function below(folder) {
  const found = readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' });
  return found.map((name) => join(project, folder, name));
}

/** @param {string} file */
async function runOne(file) {
  const { answer, what } = await worker(names[0] ?? '', { one: file });
  const faults = what === undefined ? faultsOf(answer) : [what];
  console.log(faults.join(', ') || `no fault, ${answer.seconds} s, ${megabytes(answer.memory)}`);
  return faults.length === 0 ? 0 : 1;
}

/**
 * What is wrong with the only case of a process.
 * @param {{ what?: string, seconds: number, memory: number }} answer
 */
function faultsOf({ what, seconds, memory }) {
  return [
    ...(what === undefined ? [] : [what]),
    ...(seconds > 1 ? [`${seconds.toFixed(1)} s of CPU`] : []),
    ...(memory > MAX_MEMORY ? [`${megabytes(memory)} of memory`] : []),
  ];
}

async function runAll() {
  const begin = Date.now();
  const wanted = Number(options.cases ?? 0);
  const whole = Number(options.seconds ?? (wanted > 0 ? FIRST_ROUND : 60));
  /** @type {Record<string, Record<number, boolean>>} */
  const lines = {};
  const sums = names.map((name) => newSum(name));
  const count = () => sums.reduce((sum, { cases }) => sum + cases, 0);
  const took = () => `${Math.round((Date.now() - begin) / 1000)} s`;
  if (options.limit !== undefined)
    setTimeout(() => {
      console.log(`not done in ${took()}: ${count()} cases counted, ${wanted} wanted`);
      reportFormats(sums);
      for (const child of children) child.kill('SIGKILL');
      process.exit(1);
    }, Number(options.limit) * 1000).unref();
  // A round that adds no case would be followed by others without end, and one with faults has failed already.
  const isWorth = (/** @type {number} */ before) =>
    count() < wanted && count() > before && faultCount(sums) === 0;
  for (let round = 0, before = 0; round === 0 || isWorth(before); round++) {
    before = count();
    const part = round === 0 ? 1 : Math.min(1, (1.1 * wanted) / count() - 1);
    const task = {
      seed: Number(options.seed) + round * 1_000_003,
      seconds: (whole * part * JOBS) / names.length,
      least: round === 0 && wanted > 0 ? LEAST_CASES : 0,
    };
    await inTurns(sums, (sum) => runFormat(sum, task, lines));
    if (wanted > 0) console.log(`${count()} cases in ${took()}`);
  }
  const isSound = reportFormats(sums);
  console.log(`\n${count()} cases, ${faultCount(sums)} faults; seed ${options.seed}`);
  const isCovered = options.format !== undefined || reportCoverage(lines);
  if (count() < wanted) console.log(`${wanted} cases were wanted`);
  return isSound && isCovered && count() >= wanted ? 0 : 1;
}

/** @typedef {ReturnType<typeof newSum>} Sum what the rounds of a format found */

/** @param {string} name */
function newSum(name) {
  return {
    ...{ name, cases: 0, passed: 0, inputs: 0, seconds: 0, memory: 0 },
    faults: /** @type {string[]} */ ([]),
  };
}

/**
 * As many at once as there are cores.
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => Promise<void>} action
 */
async function inTurns(items, action) {
  const pending = [...items];
  const next = async () => {
    for (let item = pending.shift(); item !== undefined; item = pending.shift()) await action(item);
  };
  await Promise.all(Array.from({ length: JOBS }, next));
}

/**
 * One round of one format.
 * @param {Sum} sum
 * @param {{ seed: number, seconds: number, least: number }} task
 * @param {Record<string, Record<number, boolean>>} lines
 */
async function runFormat(sum, task, lines) {
  const { name } = sum;
  const { answer, what, current } = await worker(name, task);
  if (what !== undefined) {
    const input = existsSync(current) ? keep(name, readFileSync(current)) : 'before its first case';
    sum.faults.push(`${what}: ${input}`);
    return;
  }
  for (const fault of [...answer.faults, ...(await tooLarge(name, answer.large))])
    sum.faults.push(`${fault.what}: ${keep(name, Buffer.from(fault.input, 'base64'))}`);
  sum.cases += answer.cases;
  sum.passed += answer.passed;
  sum.inputs = Math.max(sum.inputs, answer.inputs);
  sum.seconds = Math.max(sum.seconds, answer.seconds);
  sum.memory = Math.max(sum.memory, answer.memory);
  merge(lines, answer.lines);
}

/** Prints a row for each format; whether all are sound. @param {readonly Sum[]} sums */
function reportFormats(sums) {
  const widths = [30, 9, 8, 8, 9, 8, 8];
  /** @param {readonly unknown[]} cells */
  const row = (cells) =>
    console.log(cells.map((cell, at) => pad(String(cell), widths[at] ?? 0, at === 0)).join(''));
  row(['format', 'cases', 'passed', 'corpus', 'worst s', 'MB', 'faults']);
  let isDeep = true;
  for (const { name, cases, passed, inputs, seconds, memory, faults } of sums) {
    const share = `${Math.round((100 * passed) / Math.max(1, cases))} %`;
    const most = Math.round(memory / 1024);
    row([name, cases, share, inputs, seconds.toFixed(2), most, faults.length]);
    for (const fault of faults) console.log(`  ${fault}`);
    if (cases < ENOUGH_CASES || passed >= cases / 2) continue;
    console.log('  fewer than half pass the first check');
    isDeep = false;
  }
  return isDeep && faultCount(sums) === 0;
}

/** @param {readonly Sum[]} sums */
function faultCount(sums) {
  return sums.reduce((sum, { faults }) => sum + faults.length, 0);
}

/**
 * Runs one format in a process of its own.
 * @param {string} format
 * @param {object} task
 * @returns {Promise<{ answer?: any, what?: string, current: string }>}
 */
function worker(format, task) {
  const current = join(compiled, `case-${process.pid}-${names.indexOf(format)}`);
  // One that an earlier process left when it was ended is no case of this one.
  rmSync(current, { force: true });
  const whole = {
    ...{ format, guided: Number(options.guided), store: options.store },
    ...{ corpus: join(project, 'fuzz/corpus'), current, ...task },
  };
  // Small generations, so that garbage of many cases does not hide what one takes.
  const execArgv = ['--max-semi-space-size=4', '--max-old-space-size=512'];
  const child = fork(join(compiled, 'fuzz/worker.js'), [JSON.stringify(whole)], { execArgv });
  children.add(child);
  return new Promise((resolve) => {
    /** @type {any} */
    let answer;
    let isHanging = false;
    const end = () => {
      isHanging = true;
      child.kill('SIGKILL');
    };
    let timer = setTimeout(end, HANG);
    child.on('message', (message) => {
      clearTimeout(timer);
      timer = setTimeout(end, HANG);
      if (Object.keys(message).length > 0) answer = message;
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      children.delete(child);
      const what = isHanging ? 'it does not end' : `the process ended: ${signal ?? code}`;
      resolve(answer === undefined ? { what, current } : { answer, current });
    });
  });
}

/**
 * The cases among those that ran while memory grew that take too much alone.
 * @param {string} name
 * @param {readonly { input: string }[]} large
 */
async function tooLarge(name, large) {
  const faults = [];
  for (const { input } of large) {
    const file = join(compiled, `large-${process.pid}-${names.indexOf(name)}`);
    writeFileSync(file, Buffer.from(input, 'base64'));
    const { answer, what } = await worker(name, { one: file });
    rmSync(file);
    for (const fault of what === undefined ? faultsOf(answer) : [what])
      faults.push({ what: fault, input });
  }
  return faults;
}

/**
 * @param {Record<string, Record<number, boolean>>} all
 * @param {Record<string, Record<number, boolean>>} more
 */
function merge(all, more) {
  for (const [file, lines] of Object.entries(more)) {
    all[file] ??= {};
    const known = all[file];
    for (const [line, ran] of Object.entries(lines)) known[Number(line)] ||= ran;
  }
}

/** Prints the lines that the corpus runs, before any of it is changed; whether they are enough. @param {Record<string, Record<number, boolean>>} all */
function reportCoverage(all) {
  console.log(`\nlines that the corpus runs, ${share(COVERAGE_GOAL, 1)} at least`);
  let isEnough = true;
  for (const [name, pattern] of Object.entries(MEASURED)) {
    const files = Object.entries(all).filter(([file]) => pattern.test(file));
    const lines = files.flatMap(([, own]) => Object.values(own));
    const ran = lines.filter(Boolean).length;
    console.log(`  ${share(ran, lines.length)}  ${name} (${ran} of ${lines.length})`);
    if (ran < COVERAGE_GOAL * lines.length) isEnough = false;
    for (const [file, own] of files) {
      const missed = Object.keys(own).filter((line) => !own[Number(line)]);
      if (process.env.FUZZ_LINES && missed.length > 0)
        console.log(`         ${file}: ${missed.join(' ')}`);
    }
  }
  return isEnough;
}

/** Keeps an input of a fault. @param {string} name @param {Uint8Array} input */
function keep(name, input) {
  mkdirSync(String(options.faults), { recursive: true });
  for (let number = 1; ; number++) {
    const file = join(String(options.faults), `${name.replaceAll(/[^a-z0-9]+/gi, '-')}-${number}`);
    if (existsSync(file)) continue;
    writeFileSync(file, input);
    return file;
  }
}

/** @param {number} part @param {number} whole */
function share(part, whole) {
  return `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
}

/** @param {number} kib */
function megabytes(kib) {
  return `${Math.round(kib / 1024)} MB`;
}

/** @param {string} text @param {number} width @param {boolean} isFirst */
function pad(text, width, isFirst) {
  return isFirst ? text.padEnd(width) : text.padStart(width);
}
