/**
 * The lines of a shell script, with the variables filled in that it gives plain values:
 * `pidfile=/run/app/app.pid` and `checkpath -d ${pidfile%/*}`. Nothing is run.
 * Source: POSIX.1-2017, Shell Command Language, 2.6.2; openrc-run(8).
 */
import { directoryOf } from '../root/path-text.js';

/** `$a`, `${a}`, `${a:-b}`, `${a="b"}`, `${a%/*}` */
const VARIABLE = /\$(?:(\w+)|\{(\w+)(?:(:?[-=]|%)([^{}]*))?\})/g;
const ASSIGNMENT = /^\s*(?:export\s+)?(\w+)=(["']?)([^"'`$]*)\2\s*$/;
/** A variable that is added to itself grows no longer. */
const MOST_VALUE = 4096;

/**
 * Lines without comments. A variable has the last plain value before it, or stays as it is; `given` are those
 * that it has from elsewhere.
 */
export function scriptLines(text: string, given: Readonly<Record<string, string>> = {}): string[] {
  const values = new Map(Object.entries(given));
  return text.split('\n').map((line) => {
    const filled = fill(values, line.replace(/^\s*(?:#.*)?/, ''));
    const [, key, , value = ''] = ASSIGNMENT.exec(filled) ?? [];
    if (key !== undefined && value.length <= MOST_VALUE) values.set(key, value);
    return filled;
  });
}

function fill(values: Map<string, string>, words: string): string {
  return words.replaceAll(VARIABLE, (whole, ...parts) => {
    const [plain, braced, operator = '', word = ''] = parts as (string | undefined)[];
    const key = plain ?? braced ?? '';
    const value = values.get(key);
    if (operator === '%') return value !== undefined && word === '/*' ? directoryOf(value) : whole;
    if (operator === '' || value !== undefined) return value ?? whole;
    const other = fill(values, word.replaceAll(/["']/g, ''));
    if (operator.endsWith('=')) values.set(key, other);
    return other;
  });
}
