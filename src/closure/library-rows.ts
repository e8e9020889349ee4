/**
 * The rows of one walk, in the order of their requests: of the start, then of calls of dlopen(). A filter puts
 * its filtees before itself, and a later need of a name is added to the row that it has.
 */
import type { LoadedObject, LoaderSession, Request } from '../loader/loader.js';
import type { Library } from './closure.js';
import type { DlopenCall } from './dlopen-call.js';

/** A row while it is being made: more objects may turn out to need the name. */
export interface Row extends Library {
  readonly neededBy: string[];
  opening?: DlopenCall;
}

/** A request, the name that the loader looks for, and where it did. */
interface Asked extends Pick<Row, 'name' | 'tried'> {
  readonly request: Request;
  readonly requester: LoadedObject;
}

/** What a row says of the loader's answer. */
type Answer = Omit<Row, 'name' | 'needed' | 'kind' | 'neededBy' | 'tried'>;

/** Where rows go that a filter puts before itself; moves on with each of them. */
export interface Place {
  at: number;
}

/** What the walk of one program lists. */
export class LibraryRows {
  #rows: Row[] = [];
  #byName = new Map<string, Row>();
  /** The needers of each row, as a set: some ten thousand objects may need one library. */
  #needers = new Map<Row, Set<string>>();
  /** The rows of the start as the loader lists them; absent until the program runs. */
  #started: readonly Row[] | undefined;
  /** Results share the rows, so rows are copied before they change again. */
  #isShared = false;

  /** Whether the rows of the start are complete. */
  get isRunning(): boolean {
    return this.#started !== undefined;
  }

  /** The row of a name; undefined for a new one. */
  get(name: string): Row | undefined {
    return this.#byName.get(name);
  }

  /**
   * Ends the start, and gives its rows as the loader lists them. `itself` is the loader, where it is
   * listed even if nothing needs it; a loader that lists no miss among what it found has them at the end.
   */
  endStart(
    session: Pick<LoaderSession, 'arrange'>,
    listsEveryMiss: boolean,
    itself: LoadedObject | undefined,
  ): readonly Row[] {
    if (itself !== undefined && this.#rows.length > 0) this.#addInterpreter(itself);
    const rows = this.#rows;
    const listed = listsEveryMiss ? rows : [...rows.filter(isFound), ...rows.filter(isMissing)];
    this.#started = session.arrange(listed);
    this.#rows = [];
    return this.#started;
  }

  /** All rows by now; those that are made later do not change them. */
  share(): readonly Library[] {
    this.#isShared = true;
    return [...(this.#started ?? []), ...this.#rows];
  }

  /** Makes a row, and lists it last, or at a place. */
  add(
    { request, requester, name, tried }: Asked,
    { status, object, opened, rule, listed, error, refusal, opening }: Answer,
    before: Place | undefined,
  ): void {
    // All rows have the same fields in the same order: there are many, and they are small and fast so.
    const row: Row = {
      name,
      needed: request.name,
      kind: this.isRunning ? 'dlopen' : request.kind,
      status,
      object,
      opened,
      rule,
      listed,
      neededBy: request.kind === 'preload' ? [] : [requester.path],
      tried,
      error,
      refusal,
      opening,
    };
    if (before === undefined) this.#rows.push(row);
    else this.#rows.splice(before.at++, 0, row);
    this.#byName.set(row.name, row);
  }

  /** A filtee that stands behind its filter is moved before it; one that stands earlier stays. */
  moveUp(object: LoadedObject, before: Place): void {
    const row = this.#rows.findIndex((r) => r.object === object && r.listed);
    if (row >= before.at) this.#rows.splice(before.at++, 0, ...this.#rows.splice(row, 1));
  }

  /** Filtees stand directly before the object that filters them; those of the program come first. */
  placeBefore(object: LoadedObject): Place {
    return {
      at: Math.max(
        0,
        this.#rows.findIndex((row) => row.object === object),
      ),
    };
  }

  /** One more object needs the name of a row. */
  addNeeder(row: Row, { path }: LoadedObject): void {
    // Until the program runs, all that an object needs is taken in a row.
    if (row.neededBy.at(-1) === path) return;
    if (!this.isRunning) {
      row.neededBy.push(path);
      return;
    }
    let needers = this.#needers.get(row);
    if (needers === undefined) {
      needers = new Set(row.neededBy);
      this.#needers.set(row, needers);
    }
    if (needers.has(path)) return;
    needers.add(path);
    row.neededBy.push(path);
  }

  #addInterpreter(interpreter: LoadedObject): void {
    if (this.#rows.some((row) => row.object === interpreter)) return;
    this.#rows.push({
      name: interpreter.path,
      needed: interpreter.path,
      kind: 'needed',
      status: 'found',
      object: interpreter,
      rule: 'interpreter',
      listed: true,
      neededBy: [],
      tried: [],
    });
  }

  /** Call it before rows change: copies those that a result has, so that it stays as it is. */
  own(): void {
    if (!this.#isShared) return;
    this.#isShared = false;
    const copies = new Map<Row, Row>();
    const copy = (row: Row): Row => {
      const own = { ...row, neededBy: [...row.neededBy] };
      copies.set(row, own);
      return own;
    };
    this.#started = this.#started?.map(copy);
    this.#rows = this.#rows.map(copy);
    this.#needers = new Map();
    this.#byName = new Map(
      [...this.#byName].map(([name, row]) => [name, copies.get(row) ?? copy(row)]),
    );
  }
}

/** What is excluded keeps its place among what is found. */
function isFound(row: Row): boolean {
  return row.status !== 'missing';
}

/** Whether a name is not found. */
export function isMissing(row: Row): boolean {
  return row.status === 'missing';
}
