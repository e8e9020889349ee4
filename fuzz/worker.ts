/**
 * A process that fuzzes one format, started by scripts/fuzz.js with its task as JSON. It sends what it
 * found as JSON, and writes each case to a file before it runs, so that the script has it if the process
 * must be ended.
 */
import fs from 'node:fs';
import nodePath from 'node:path';
import { Coverage } from './coverage.js';
import type { Format } from './format.js';

/** What the script asks for. */
interface Task {
  readonly format: string;
  readonly seed: number;
  readonly seconds: number;
  /** Cases that run even if they take longer than that. */
  readonly least: number;
  readonly guided: number;
  /** The directory of the corpus of all formats. */
  readonly corpus: string;
  /** Whether inputs that reach new code are stored there. */
  readonly store: boolean;
  /** The file for the case that runs. */
  readonly current: string;
  /** A file with the only case. */
  readonly one?: string;
}

/** KiB that a process may take that has run one case, and between two looks. */
const MAX_MEMORY = 200 << 10;
const STEP = 32 << 10;

const coverage = new Coverage((url) => /\/src\/[^?]*\.js$/.test(url));
const task: Task = JSON.parse(process.argv[2] as string);
if (task.one === undefined) coverage.start();
const { formats } = await import('./formats.js');
const format = formats.find(({ name }) => name === task.format);
if (format === undefined) throw new Error(`no format ${task.format}`);
if (task.one === undefined) await fuzz(format);
else await runAlone(format, new Uint8Array(fs.readFileSync(task.one)));

/** Tells what one input takes, and what is thrown but ElfdepsError. */
async function runAlone(chosen: Format, input: Uint8Array): Promise<void> {
  const { tryCase } = await import('./fuzzer.js');
  const { what, seconds } = await tryCase(chosen, input);
  tell({ what, seconds, memory: process.resourceUsage().maxRSS });
}

async function fuzz(chosen: Format): Promise<void> {
  const { Corpus } = await import('./corpus.js');
  const { Fuzzer } = await import('./fuzzer.js');
  const corpus = new Corpus(chosen, task.corpus);
  const fuzzer = new Fuzzer(chosen, corpus, coverage);
  const current = fs.openSync(task.current, 'w');
  const large: { memory: number; input: string }[] = [];
  let most = MAX_MEMORY;
  let last: Uint8Array | undefined;
  let told = Date.now();
  const onCase = (input: Uint8Array) => {
    const memory = process.resourceUsage().maxRSS;
    // Garbage of many cases counts here too: the script runs this one alone.
    if (memory > most && last !== undefined) {
      large.push({ memory, input: Buffer.from(last).toString('base64') });
      most = memory + STEP;
    }
    last = input;
    fs.ftruncateSync(current);
    fs.writeSync(current, input, 0, input.length, 0);
    if (Date.now() - told < 1000) return;
    told = Date.now();
    process.send?.({});
  };
  await fuzzer.replay({ onCase });
  const lines = coverage.lines();
  const result = await fuzzer.run({
    ...task,
    seed: task.seed + numberOf(chosen.name),
    until: Date.now() + task.seconds * 1000,
    onCase,
    onFound: (input) => task.store && corpus.store(input),
  });
  fs.rmSync(nodePath.resolve(task.current));
  tell({
    ...result,
    faults: result.faults.map(({ what, input }) => ({
      what,
      input: Buffer.from(input).toString('base64'),
    })),
    large,
    lines,
    inputs: corpus.inputs.length,
    memory: process.resourceUsage().maxRSS,
  });
}

/** A number for a name, so that formats do not get the same numbers by chance. */
function numberOf(name: string): number {
  return [...name].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) >>> 0, 7);
}

/** The channel ends with the process, so wait until the message is out. */
function tell(message: object): void {
  process.send?.(message, () => process.exit(0));
}
