/**
 * Which lines of src/ have run, by V8's own counters. The counters are of compiled files; source maps tell
 * the lines.
 */
import fs from 'node:fs';
import inspector from 'node:inspector';
import { fileURLToPath } from 'node:url';

type Result = inspector.Profiler.TakePreciseCoverageReturnType['result'];
type Script = Result[number];

/** Lines of source files: those that have code, and whether they have run. */
export type Lines = Readonly<Record<string, Readonly<Record<number, boolean>>>>;

/** Counts in this process, from {@link start} to {@link stop}. */
export class Coverage {
  readonly #session = new inspector.Session();
  readonly #isWanted: (url: string) => boolean;
  /** Blocks that have run: script, start, end. */
  readonly #blocks = new Set<string>();
  /** Those that the last look found. */
  readonly #new = new Set<string>();
  /** For each script, the characters that have run. */
  readonly #ran = new Map<string, Uint8Array>();

  /** `isWanted` chooses the compiled files, by their URL. */
  constructor(isWanted: (url: string) => boolean) {
    this.#isWanted = isWanted;
  }

  /** Call it before the modules are loaded that are counted. */
  start(): void {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Ends the counting, which makes the process faster. */
  stop(): void {
    this.#session.post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
  }

  /** How many blocks have run that had not before. Counts from the last call on. */
  take(): number {
    this.#new.clear();
    for (const script of this.#result()) {
      const fresh = blocksThatRan(script).filter((block) => !this.#blocks.has(block));
      if (fresh.length === 0) continue;
      for (const block of fresh) {
        this.#blocks.add(block);
        this.#new.add(block);
      }
      this.#mark(script);
    }
    return this.#new.size;
  }

  /** Blocks that ran since the last call; what is known stays as it is. */
  peek(): string[] {
    return this.#result().flatMap(blocksThatRan);
  }

  /** Whether the last {@link take} was the first to see a block. */
  isNew(block: string): boolean {
    return this.#new.has(block);
  }

  /** Takes blocks for old. */
  forget(blocks: Iterable<string>): void {
    for (const block of blocks) this.#new.delete(block);
  }

  /** The lines of the source files. */
  lines(): Lines {
    const lines: Record<string, Record<number, boolean>> = {};
    for (const [url, ran] of this.#ran) {
      const { name, code, map } = sourceOf(url);
      const own: Record<number, boolean> = {};
      for (const [at, line] of mappings(code, map)) own[line] = own[line] || ran[at] === 1;
      lines[name] = own;
    }
    return lines;
  }

  #result(): Result {
    let result: Result = [];
    this.#session.post('Profiler.takePreciseCoverage', (_error, answer) => {
      result = answer.result;
    });
    return result.filter(({ url }) => this.#isWanted(url));
  }

  /** An inner range has its own count, and comes after the one that it is in. */
  #mark({ url, functions }: Script): void {
    const { code } = sourceOf(url);
    const now = new Uint8Array(code.length);
    const ranges = functions.flatMap((one) => one.ranges);
    ranges.sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
    for (const { startOffset, endOffset, count } of ranges)
      now.fill(count > 0 ? 1 : 0, startOffset, endOffset);
    const ran = this.#ran.get(url) ?? new Uint8Array(code.length);
    for (let at = 0; at < now.length; at++) if (now[at] === 1) ran[at] = 1;
    this.#ran.set(url, ran);
  }
}

function blocksThatRan({ url, functions }: Script): string[] {
  return functions.flatMap(({ ranges }) =>
    ranges
      .filter(({ count }) => count > 0)
      .map(({ startOffset, endOffset }) => `${url} ${startOffset} ${endOffset}`),
  );
}

interface Source {
  readonly name: string;
  readonly code: string;
  readonly map: string;
}

const sources = new Map<string, Source>();

function sourceOf(url: string): Source {
  let source = sources.get(url);
  if (source === undefined) {
    const path = fileURLToPath(url);
    const { mappings: map } = JSON.parse(fs.readFileSync(`${path}.map`, 'utf8'));
    const name = path.slice(path.lastIndexOf('/src/') + 1).replace(/js$/, 'ts');
    source = { name, code: fs.readFileSync(path, 'utf8'), map };
    sources.set(url, source);
  }
  return source;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Places in compiled code and their source lines, from 1. Source: the source map specification, revision 3. */
function* mappings(code: string, map: string): Generator<readonly [at: number, line: number]> {
  let lineStart = 0;
  let line = 0;
  for (const group of map.split(';')) {
    let column = 0;
    for (const segment of group.split(',')) {
      if (segment === '') continue;
      const [columns = 0, , lines] = numbers(segment);
      column += columns;
      if (lines === undefined) continue;
      line += lines;
      yield [lineStart + column, line + 1];
    }
    lineStart = code.indexOf('\n', lineStart) + 1;
    if (lineStart === 0) return;
  }
}

function numbers(segment: string): number[] {
  const result: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of segment) {
    const digit = BASE64.indexOf(character);
    value += (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    result.push(value & 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return result;
}
