/**
 * The text of the progress bar: the share, what is known of bytes, speed and time, and what is worked on, in
 * fewer columns than the terminal has.
 */
import { printable } from '../errors.js';
import { formatBytes } from '../report/style.js';

/** Columns between the brackets. */
const BAR = 20;

/** Columns that are worth having a label. */
const SHORTEST_LABEL = 12;

/** How far some work is. */
export interface ProgressState {
  /** Of `total`, in any unit; `total` is infinite where it is not known. */
  readonly done: number;
  readonly total: number;
  readonly unit: 'bytes' | 'files';
  /** In a second; undefined where it is not known. */
  readonly perSecond?: number;
  /** What comes next. */
  readonly label: string;
}

/**
 * The bar, the share in percent, the facts and the end of the label, in fewer than `columns` columns: a
 * terminal that is written to in its last column wraps. Labels are printed as messages are.
 */
export function progressLine(state: ProgressState, columns: number): string {
  const { done, total, label } = state;
  const share = total > 0 ? Math.min(1, done / total) : 1;
  const filled = Math.floor(share * BAR);
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  const bar = `[${'#'.repeat(filled)}${' '.repeat(BAR - filled)}]${percent} `;
  if (columns - 1 < bar.length) return percent.slice(0, Math.max(0, columns - 1));
  const facts = factsThatFit(factsOf(state), columns - 1 - bar.length - SHORTEST_LABEL);
  const head = facts === '' ? bar : `${bar}${facts} `;
  return head + endOf(printable(label), columns - 1 - head.length);
}

/** What is done of how much, how fast, and how long it takes; the last is the least important one. */
function factsOf({ done, total, unit, perSecond = 0 }: ProgressState): string[] {
  const isKnown = Number.isFinite(total);
  const seconds = isKnown && perSecond > 0 && done < total ? (total - done) / perSecond : undefined;
  return [
    ...(unit === 'bytes'
      ? [isKnown ? `${formatBytes(done)} of ${formatBytes(total)}` : formatBytes(done)]
      : []),
    ...(unit === 'bytes' && perSecond > 0 ? [`${formatBytes(Math.round(perSecond))}/s`] : []),
    ...(seconds === undefined ? [] : [`${durationText(seconds)} left`]),
  ];
}

function durationText(seconds: number): string {
  if (seconds < 99.5) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

function factsThatFit(facts: readonly string[], room: number): string {
  for (let count = facts.length; count > 0; count--) {
    const text = facts.slice(0, count).join(', ');
    if (text.length < room) return text;
  }
  return '';
}

/** The end of a text that fits; characters beyond ASCII may take two columns. */
function endOf(text: string, room: number): string {
  let width = 0;
  let tail = '';
  for (const character of [...text].reverse()) {
    width += character > '~' ? 2 : 1;
    if (width > room) break;
    tail = character + tail;
  }
  return tail;
}
