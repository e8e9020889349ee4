/**
 * `npm run interrupts`: sends SIGINT, SIGTERM and SIGHUP to commands that write, at moments drawn over the time
 * that they take, and looks at what is left. Exit code 1 where a part of a result has the final name,
 * something else is left behind, the process did not die by the signal within 0.3 s, there were fewer
 * interrupts than asked for, or fewer than 60 % of them came after the first byte was written. Time in which
 * Linux had no free core for it is told apart. Where there is strace, some runs tell what is opened and written
 * after the signal: one file, and one piece of each of two copies that the kernel makes side by side. Only interrupts of a command that still runs count.
 *
 *     npm run interrupts                     500 interrupts
 *     npm run interrupts -- --runs 50 --seed 7
 *     npm run interrupts -- --limit 600      fails if it takes longer than 600 s
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  opendirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ELFDEPS = fileURLToPath(new URL('../bin/elfdeps.js', import.meta.url));
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    // One run in so many is traced: strace makes it several times slower.
    traced: { type: 'string', default: '10' },
    limit: { type: 'string', default: '3600' },
  },
});
const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
/** Seconds from the signal to the end. */
const LIMIT = 0.3;
/** The share of the moments that are drawn from the first byte on, and of the interrupts that must come then. */
const WRITING = 0.85;
const LEAST_WRITING = 0.6;
/** Runs for each interrupt: the command ends before some of the moments. */
const MOST_RUNS = 4;
const SMALL_FILES = 6000;
const LARGE_FILE = 64 << 20;

let state = Number(values.seed);
const work = mkdtempSync(join(tmpdir(), 'elfdeps-interrupts-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

const root = makeRoot();
const image = join(work, 'image.tar');
run(['image', '--root', root, '/bin/app', '--include', '/**', '-o', image], work);
const hasStrace = spawnSync('strace', ['-V']).error === undefined;

/** Commands by name, the arguments behind `--root ROOT`, and what the result is called. */
const kinds = ['small', 'large'].flatMap((size) => {
  const from = ['--root', root, '/bin/app', '--include', `/${size}/**`];
  return [
    { name: `copy, ${size}`, args: ['copy', ...from, '--to', 'out'] },
    { name: `tar, ${size}`, args: ['tar', ...from, '-o', 'out'] },
    { name: `image, ${size}`, args: ['image', ...from, '-o', 'out'] },
    { name: `dockerfile, ${size}`, args: ['dockerfile', ...from, '-o', 'out'] },
    { name: `slim, ${size}`, args: ['slim', image, '--keep', `/${size}/**`, '-o', 'out'] },
  ];
});

const sum = {
  ...{ runs: 0, writing: 0, bad: 0, slow: 0, worst: 0, own: 0 },
  ...{ opened: 0, written: 0, traced: 0 },
};
const begin = seconds();
const each = Math.ceil(Number(values.runs) / kinds.length);
console.log(`${'command'.padEnd(20)} whole s  first byte s   runs  writing  worst s  own s  bad`);
for (const kind of kinds) await measure(kind);
console.log(
  `\n${sum.runs} interrupts, ${sum.writing} after the first byte was written: ${sum.bad} bad, ` +
    `${sum.slow} slower than ${LIMIT} s, worst ${sum.worst.toFixed(3)} s, ${sum.own.toFixed(3)} s without waiting for a core`,
);
if (sum.traced > 0)
  console.log(
    `${sum.traced} traced: at most ${sum.opened} files opened and ${sum.written} pieces written after the signal`,
  );
const isShort = sum.runs < each * kinds.length || sum.writing < LEAST_WRITING * sum.runs;
if (isShort) console.log('too few interrupts, or too few after the first byte was written');
const isOver = isTooMuch(sum);
process.exitCode = sum.bad > 0 || sum.slow > 0 || isOver || isShort ? 1 : 0;

/** @param {{ name: string, args: readonly string[] }} kind */
async function measure({ name, args }) {
  const whole = await complete(args);
  const here = { runs: 0, writing: 0, bad: 0, worst: 0, own: 0 };
  for (let left = each * MOST_RUNS; here.runs < each && left > 0; left--) {
    if (seconds() - begin > Number(values.limit)) break;
    const isLate = whole.first !== undefined && random() < WRITING;
    const from = isLate ? (whole.first ?? 0) : 0;
    // From the first byte on, or from the start.
    const at = random() * (whole.seconds - from);
    const signal = SIGNALS[Math.floor(random() * SIGNALS.length)] ?? 'SIGINT';
    const isTraced = hasStrace && left % Number(values.traced) === 0;
    const result = await interrupt(args, { at, isLate, signal, isTraced }, whole.digest);
    if (result.isRunning) here.runs++;
    if (result.isWriting) here.writing++;
    if (result.problem !== undefined) {
      here.bad++;
      console.log(
        `  ${name}, ${signal} ${at.toFixed(3)} s after the ${isLate ? 'first byte' : 'start'}: ${result.problem}`,
      );
    }
    if (isTraced) {
      sum.traced++;
      if (isTooMuch(result.after))
        console.log(`  ${name}, ${signal}: ${JSON.stringify(result.after)} after the signal`);
      sum.opened = Math.max(sum.opened, result.after.opened);
      sum.written = Math.max(sum.written, result.after.written);
    } else if (result.seconds !== undefined) {
      here.worst = Math.max(here.worst, result.seconds);
      here.own = Math.max(here.own, result.seconds - result.waited);
      if (result.seconds > LIMIT) sum.slow++;
    }
  }
  sum.runs += here.runs;
  sum.writing += here.writing;
  sum.bad += here.bad;
  sum.worst = Math.max(sum.worst, here.worst);
  sum.own = Math.max(sum.own, here.own);
  const cells = [whole.seconds.toFixed(2), whole.first?.toFixed(2) ?? '-', here.runs, here.writing];
  const widths = [8, 13, 6, 8];
  console.log(
    name.padEnd(20) +
      cells.map((cell, index) => String(cell).padStart(widths[index] ?? 0)).join(' ') +
      here.worst.toFixed(3).padStart(9) +
      here.own.toFixed(3).padStart(7) +
      String(here.bad).padStart(5),
  );
}

/**
 * An uninterrupted run: how long it takes, when the first byte of the result is there, and what it is.
 * @param {readonly string[]} args
 */
async function complete(args) {
  const directory = mkdtempSync(join(work, 'run-'));
  const start = seconds();
  const child = spawn(process.execPath, [ELFDEPS, ...args], { cwd: directory, stdio: 'ignore' });
  let isDone = false;
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => child.on('exit', resolve));
  ended.then(() => {
    isDone = true;
  });
  let first;
  while (!isDone && first === undefined) {
    if (isWritingIn(directory)) first = seconds() - start;
    await sleep(2);
  }
  const code = await ended;
  const total = seconds() - start;
  if (code !== 0) throw new Error(`elfdeps ${args.join(' ')}: exit code ${code}`);
  const digest = await digestOf(join(directory, 'out'));
  rmSync(directory, { recursive: true });
  return { seconds: total, first, digest };
}

/**
 * @param {readonly string[]} args
 * @param {{ at: number, isLate: boolean, signal: NodeJS.Signals, isTraced: boolean }} moment seconds after the start, or the first byte
 * @param {string} digest of the whole result
 */
async function interrupt(args, { at, isLate, signal, isTraced }, digest) {
  const directory = mkdtempSync(join(work, 'run-'));
  const log = `${directory}.log`;
  const command = [process.execPath, ELFDEPS, ...args];
  const calls = 'trace=openat,open,write,pwrite64,writev,copy_file_range,sendfile';
  const traced = ['strace', '-f', '-qq', '-y', '-e', calls, '-o', log, ...command];
  const [file = '', ...rest] = isTraced ? traced : command;
  const child = spawn(file, rest, { cwd: directory, stdio: 'ignore' });
  /** @type {Promise<{ code: number | null, by: NodeJS.Signals | null }>} */
  const ended = new Promise((resolve) => child.on('exit', (code, by) => resolve({ code, by })));
  while (isLate && child.exitCode === null && !isWritingIn(directory)) await sleep(2);
  await sleep(at * 1000);
  const target = isTraced ? childOf(child.pid) : child.pid;
  const isRunning = child.exitCode === null;
  const isWriting = isRunning && isWritingIn(directory);
  const start = seconds();
  try {
    if (target !== undefined) process.kill(target, signal);
  } catch {
    // It had ended by itself.
  }
  const waited = isTraced ? 0 : await waitedForCore(target, ended);
  const { code, by } = await ended;
  const took = seconds() - start;
  const left = readdirSync(directory);
  const isWhole =
    left.length === 1 && left[0] === 'out' && (await digestOf(join(directory, 'out'))) === digest;
  const isNothing = left.length === 0;
  const died = by === signal || (isTraced && code !== 0);
  const isEnd = code === 0 || died;
  // A signal before the command listens ends Node.js itself, and one after the last step comes too late.
  const isClean = isNothing ? isEnd : isWhole && isEnd;
  const problem = isClean
    ? undefined
    : `exit code ${code}, signal ${by}, left ${left.join(' ') || 'nothing'}`;
  const after = isTraced ? doneAfter(log, signal, directory) : { opened: 0, written: 0 };
  rmSync(directory, { recursive: true });
  rmSync(log, { force: true });
  return { isRunning, isWriting, problem, after, waited, seconds: died ? took : undefined };
}

/**
 * Seconds that a process has been ready to run without a core, until it ends. Source: Linux
 * Documentation/scheduler/sched-stats.rst. Elsewhere 0.
 * @param {number | undefined} pid
 * @param {Promise<unknown>} ended
 */
async function waitedForCore(pid, ended) {
  let isDone = false;
  ended.then(() => {
    isDone = true;
  });
  const first = runDelay(pid);
  let last = first;
  while (!isDone) {
    last = Math.max(last, runDelay(pid));
    await sleep(2);
  }
  return last - first;
}

/** @param {number | undefined} pid */
function runDelay(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ')[1]) / 1e9;
  } catch {
    return 0;
  }
}

/** @param {{ opened: number, written: number }} after */
function isTooMuch({ opened, written }) {
  return opened > 1 || written > 2;
}

/**
 * Files of the root that are opened, and pieces of the result that are written, after the signal.
 * @param {string} log
 * @param {string} signal
 * @param {string} directory of the result
 */
function doneAfter(log, signal, directory) {
  const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n') : [];
  const came = lines.findIndex((line) => line.includes(`--- ${signal} `));
  // Any thread may get it; its handler writes into a pipe, and the process knows from then on.
  const told = lines.findIndex((line, index) => index > came && /write\(\d+<pipe:/.test(line));
  const at = came < 0 ? came : Math.max(came, told);
  // Calls that fail, or that write nothing at the end of a file, do not count.
  const later = at < 0 ? [] : lines.slice(at).filter((line) => !/ = (-1\b.*|0)$/.test(line));
  const isOpening = (/** @type {string} */ line) => /\bopen(at)?\(/.test(line);
  return {
    opened: later.filter((line) => isOpening(line) && line.includes(`"${root}/`)).length,
    written: later.filter((line) => !isOpening(line) && line.includes(`<${directory}/`)).length,
  };
}

/** The process that strace started. @param {number | undefined} pid */
function childOf(pid) {
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  const child = Number(stdout.trim().split('\n')[0]);
  return child > 0 ? child : undefined;
}

/** Whether a byte of the result was written, under whatever name. @param {string} directory */
function isWritingIn(directory) {
  let entries;
  try {
    entries = opendirSync(directory);
    for (let entry = entries.readSync(); entry !== null; entry = entries.readSync()) {
      const own = join(directory, entry.name);
      if (entry.isDirectory() ? isWritingIn(own) : statSync(own).size > 0) return true;
    }
  } catch {
    // It is being removed.
  } finally {
    entries?.closeSync();
  }
  return false;
}

/** Of a file or of the names and sizes in a directory. @param {string} path */
async function digestOf(path) {
  const hash = createHash('sha256');
  if (!existsSync(path)) return '';
  if (statSync(path).isDirectory())
    for (const name of readdirSync(path, { recursive: true, encoding: 'utf8' }).sort()) {
      const own = join(path, name);
      hash.update(`${name}\0${existsSync(own) ? statSync(own).size : 'link'}\n`);
    }
  else for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest('hex');
}

/** A root with a program, many small files and a large one. */
function makeRoot() {
  const directory = join(work, 'root');
  for (const name of ['bin', 'small', 'large'])
    mkdirSync(join(directory, name), { recursive: true });
  // A static program without anything in it: a header and one segment.
  const elf = Buffer.alloc(120);
  Buffer.from('7f454c46020101', 'hex').copy(elf);
  for (const [at, value] of [
    [16, 2],
    [18, 62],
    [20, 1],
    [32, 64],
    [52, 64],
    [54, 56],
    [56, 1],
    [64, 1],
    [96, 120],
    [104, 120],
  ])
    elf.writeUInt16LE(value ?? 0, at);
  writeFileSync(join(directory, 'bin/app'), elf, { mode: 0o755 });
  for (let index = 0; index < SMALL_FILES; index++)
    writeFileSync(join(directory, `small/file-${index}`), `${index}`.repeat(50));
  const fd = openSync(join(directory, 'large/file'), 'w');
  const piece = Buffer.alloc(1 << 20);
  for (let at = 0; at < piece.length; at += 4)
    piece.writeUInt32LE(Math.floor(random() * 2 ** 32), at);
  for (let written = 0; written < LARGE_FILE; written += piece.length) writeSync(fd, piece);
  closeSync(fd);
  return directory;
}

/** @param {readonly string[]} args @param {string} cwd */
function run(args, cwd) {
  const { status, stderr } = spawnSync(process.execPath, [ELFDEPS, ...args], {
    cwd,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`elfdeps ${args.join(' ')}: ${stderr}`);
}

/** From a seed, so that a run can be repeated. */
function random() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}

function seconds() {
  return Number(process.hrtime.bigint()) / 1e9;
}
