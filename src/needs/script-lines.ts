/**
 * The lines of a shell script, with the variables filled in that it gives plain values:
 * `pidfile=/run/app/app.pid` and `checkpath -d ${pidfile%/*}`. Nothing is run.
 * Source: POSIX.1-2017, Shell Command Language, 2.6.2; openrc-run(8).
 */

/** `$a`, `${a}`, `${a:-b}`, `${a="b"}`, `${a%/*}` */
const VARIABLE = /\$(?:(\w+)|\{(\w+)(?:(:?[-=]|%)([^{}]*))?\})/g;
const ASSIGNMENT = /^\s*(?:export\s+)?(\w+)=(["']?)([^"'`$]*)\2$/;
/** A variable that is added to itself grows no longer. */
const MOST_VALUE = 4096;
/** Characters that the variables of one script are filled in with. */
const MOST_FILLED = 1 << 20;

/**
 * Lines without comments. A variable has the last plain value before it, or stays as it is; `given` are those
 * that it has from elsewhere.
 */
export function scriptLines(text: string, given: Readonly<Record<string, string>> = {}): string[] {
  const variables = new Variables(given);
  return text.split('\n').map((line) => {
    const filled = variables.fill(line.replace(/^\s*(?:#.*)?/, ''));
    const [, key, , value = ''] = ASSIGNMENT.exec(filled.trimEnd()) ?? [];
    if (key !== undefined) variables.set(key, value);
    return filled;
  });
}

class Variables {
  readonly #values: Map<string, string>;
  #left = MOST_FILLED;

  constructor(given: Readonly<Record<string, string>>) {
    this.#values = new Map(Object.entries(given));
  }

  set(key: string, value: string): void {
    if (value.length <= MOST_VALUE) this.#values.set(key, value);
  }

  fill(words: string): string {
    return words.replaceAll(VARIABLE, (whole, ...parts) => {
      const [plain, braced, operator, word] = parts as (string | undefined)[];
      const filled = this.#valueOf(plain ?? braced ?? '', operator, word) ?? whole;
      this.#left -= filled.length;
      return this.#left < 0 ? whole : filled;
    });
  }

  #valueOf(key: string, operator = '', word = ''): string | undefined {
    const value = this.#values.get(key);
    if (operator === '%') return word === '/*' ? value?.replace(/\/[^/]*$/, '') : undefined;
    // With a colon, an empty value is none.
    if (operator === '' || (operator.startsWith(':') ? value : value !== undefined)) return value;
    const other = this.fill(word.replaceAll(/["']/g, ''));
    if (operator.endsWith('=')) this.set(key, other);
    return other;
  }
}
