/**
 * Measures commands in pairs: A B A B ..., and takes the median of the ratios within each pair, since the speed
 * of a machine drifts. CPU time is that of all processes of a command, user and system.
 */
import { spawnSync } from 'node:child_process';

/**
 * @typedef {{ readonly wall: number, readonly cpu: number, readonly status: number | null }} Cost seconds, and the exit code
 * @typedef {readonly [string, ...string[]]} Words
 * @typedef {{ readonly own: Cost, readonly other?: Cost, readonly cpu?: number, readonly wall?: number }} Measured
 */

/**
 * What a command costs; its output is thrown away. Node.js cannot ask for a child's CPU time; bash can.
 * @param {Words} words
 * @returns {Cost}
 */
function cost(words) {
  const script = 'TIMEFORMAT="%3R %3U %3S"; time "$@" >/dev/null 2>&1';
  const { error, status, stderr } = spawnSync('bash', ['-c', script, 'bash', ...words], {
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  const [wall = 0, user = 0, system = 0] = stderr.trim().split(' ').map(Number);
  return { wall, cpu: user + system, status };
}

/**
 * Both commands in turns, after one run of the first that does not count; `before` runs before each measurement.
 * Throws where the first ends with an exit code above `most`, or by a signal: it did not do its work then.
 * @param {number} pairs
 * @param {Words} a
 * @param {Words} [b]
 * @param {() => void} [before]
 * @param {number} [most]
 * @returns {Measured}
 */
export function measure(pairs, a, b, before = () => {}, most = 0) {
  const one = (/** @type {Words} */ words) => {
    before();
    return cost(words);
  };
  const { status } = one(a);
  if (status === null || status > most) throw new Error(`exit code ${status}`);
  const costs = Array.from({ length: pairs }, () => ({ a: one(a), b: b && one(b) }));
  const own = medianCost(costs.map((pair) => pair.a));
  if (b === undefined) return { own };
  const others = costs.flatMap((pair) => pair.b ?? []);
  const ratio = (/** @type {'cpu' | 'wall'} */ what) =>
    median(costs.map((pair, index) => pair.a[what] / (others[index]?.[what] ?? 0)));
  return { own, other: medianCost(others), cpu: ratio('cpu'), wall: ratio('wall') };
}

/** @param {readonly Cost[]} costs */
function medianCost(costs) {
  const of = (/** @type {'cpu' | 'wall'} */ what) => median(costs.map((each) => each[what]));
  return { wall: of('wall'), cpu: of('cpu'), status: 0 };
}

/** @param {readonly number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = low] =
    sorted.length % 2 === 1 ? [sorted[middle]] : [sorted[middle - 1], sorted[middle]];
  return (low + high) / 2;
}

/**
 * The most memory that a command had, in MB.
 * @param {Words} words
 */
export function peakMemory(words) {
  const report = 'process.on("exit",()=>console.error("maxRSS",process.resourceUsage().maxRSS))';
  const [node, ...args] = words;
  const { stderr } = spawnSync(node, ['--import', `data:text/javascript,${report}`, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return Number(/maxRSS (\d+)/.exec(stderr)?.[1]) / 1024;
}

/** @param {string} command */
export function has(command) {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
}
