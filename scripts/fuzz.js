/**
 * `npm run fuzz`: gives damaged input of every format to elfdeps, guided by coverage, and says what it
 * threw, how long it took and how much memory. The formats are in fuzz/; each runs in a process of its
 * own. Exit code 1 where anything but ElfdepsError is thrown, a case takes more than a second of CPU or
 * 200 MB, fewer than half of many cases of a format pass its first check, or the corpus runs fewer lines of
 * a part of the code than its goal.
 *
 *     npm run fuzz                          a short run over all formats
 *     npm run fuzz -- --cases 1000000       so many cases, spread over the formats
 *     npm run fuzz -- --seconds 180         as many as fit
 *     npm run fuzz -- --format tar          one format; may be given again
 *     npm run fuzz -- --one FILE --format tar   runs a case that was found
 *     npm run fuzz -- --store               adds inputs that reach new code to fuzz/corpus
 */
import { fork } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const project = fileURLToPath(new URL('..', import.meta.url));
const compiled = join(project, 'node_modules/.cache/fuzz');
/** Of so many cases of a format, half must pass its first check: what fails there tests nothing else. */
const ENOUGH_CASES = 500;
/** The share of lines that the corpus must run of each of these. */
const COVERAGE_GOAL = 0.9;
const MEASURED = {
  'src/elf': /^src\/elf\//,
  'src/root/archive': /^src\/root\/archive\//,
  'readers of caches and configuration':
    /^src\/(loader\/\w+\/(cache|config|hints|libmap|ld-so-conf|built-ins|preload-file|tokens)|opened\/|packages\/|needs\/(fonts\/|users|nss|pam|service-files|gconv|configuration|start-command|shell-commands))/,
};
/** Without a word from a worker for so long, its case never ends. */
const HANG = 120_000;

const { values: options } = parseArgs({
  options: {
    cases: { type: 'string' },
    seconds: { type: 'string' },
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
  console.log(what ?? `no fault, ${megabytes(answer.memory)} of memory`);
  return what === undefined && answer.memory < 200 << 10 ? 0 : 1;
}

async function runAll() {
  // A minute, unless something else is asked for.
  const seconds = Number(options.seconds ?? (options.cases ? 1e7 : 60)) / names.length;
  const cases = Math.ceil(Number(options.cases ?? 1e9) / names.length);
  const total = { cases: 0, faults: 0, shallow: 0 };
  /** @type {Record<string, Record<number, boolean>>} */
  const lines = {};
  const widths = [30, 9, 8, 8, 9, 8, 8];
  /** @param {readonly unknown[]} cells */
  const row = (cells) =>
    console.log(cells.map((cell, at) => pad(String(cell), widths[at] ?? 0, at === 0)).join(''));
  row(['format', 'cases', 'passed', 'corpus', 'worst s', 'MB', 'faults']);
  for (const name of names) {
    const { answer, what, current } = await worker(name, { cases, seconds });
    if (what !== undefined) {
      row([name, '', '', '', '', '', 1]);
      console.log(`  ${what}: ${keep(name, readFileSync(current))}`);
      total.faults++;
      continue;
    }
    const faults = [...answer.faults, ...(await tooLarge(name, answer.large))];
    const isShallow = answer.cases >= ENOUGH_CASES && answer.passed < answer.cases / 2;
    const passed = `${Math.round((100 * answer.passed) / Math.max(1, answer.cases))} %`;
    row([
      name,
      answer.cases,
      passed,
      answer.inputs,
      answer.seconds.toFixed(2),
      Math.round(answer.memory / 1024),
      faults.length,
    ]);
    for (const fault of faults)
      console.log(`  ${fault.what}: ${keep(name, Buffer.from(fault.input, 'base64'))}`);
    if (isShallow) console.log('  fewer than half pass the first check');
    total.shallow += isShallow ? 1 : 0;
    total.cases += answer.cases;
    total.faults += faults.length;
    merge(lines, answer.lines);
  }
  console.log(`\n${total.cases} cases, ${total.faults} faults; seed ${options.seed}`);
  const isCovered = options.format !== undefined || reportCoverage(lines);
  return total.faults === 0 && total.shallow === 0 && isCovered ? 0 : 1;
}

/**
 * Runs one format in a process of its own.
 * @param {string} format
 * @param {object} task
 * @returns {Promise<{ answer?: any, what?: string, current: string }>}
 */
function worker(format, task) {
  const current = join(compiled, `case-${process.pid}`);
  const whole = {
    ...{ format, seed: hash(format) + Number(options.seed), guided: Number(options.guided) },
    ...{ corpus: join(project, 'fuzz/corpus'), store: options.store, current, ...task },
  };
  // Small generations, so that garbage of many cases does not hide what one takes.
  const execArgv = ['--max-semi-space-size=4', '--max-old-space-size=512'];
  const child = fork(join(compiled, 'fuzz/worker.js'), [JSON.stringify(whole)], { execArgv });
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
    const file = join(compiled, `large-${process.pid}`);
    writeFileSync(file, Buffer.from(input, 'base64'));
    const { answer, what } = await worker(name, { one: file });
    rmSync(file);
    if (what !== undefined || answer.memory > 200 << 10)
      faults.push({ what: what ?? `${megabytes(answer.memory)} of memory`, input });
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

/** @param {string} text */
function hash(text) {
  return [...text].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) >>> 0, 7);
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
