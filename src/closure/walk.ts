/**
 * The walk: breadth first in load order, from a program through everything that it makes the loader
 * load. The loader decides which file a name means; the order is the same for all loaders.
 * Source: glibc elf/dl-deps.c (_dl_map_object_deps), musl ldso/dynlink.c (load_deps).
 */
import type {
  Diagnostic,
  FatalSignal,
  LoadedObject,
  LoaderAnswer,
  LoaderSession,
  Request,
} from '../loader/loader.js';
import type { Refusal } from '../loader/refusal.js';
import type { IgnoredPreload, Library } from './closure.js';
import type { DlopenCall } from './dlopen-call.js';
import type { Exclusions } from './exclusions.js';
import { LoadOrder } from './load-order.js';

/** What a walk has found so far. */
export interface WalkResult {
  readonly objects: readonly LoadedObject[];
  readonly libraries: readonly Library[];
  readonly ignoredPreloads: readonly IgnoredPreload[];
  readonly diagnostics: readonly Diagnostic[];
  readonly fatal?: string;
  readonly fatalSignal?: FatalSignal;
}

/** What the walk asks of the loader beside its session. */
export interface WalkLoader {
  readonly listsEveryMiss: boolean;
  readonly interpreter?: LoadedObject;
  /** What is not loaded, since something else provides it. */
  readonly exclusions: Exclusions;
}

/** A row while it is being made: more objects may turn out to need the name. */
interface Row extends Library {
  readonly neededBy: string[];
  opening?: DlopenCall;
}

/** What a row says of the loader's answer. */
type Answer = Omit<Row, 'name' | 'needed' | 'kind' | 'neededBy' | 'tried'>;

/** Where rows go that a filter puts before itself; moves on with each of them. */
interface Place {
  at: number;
}

type Found = Extract<LoaderAnswer, { readonly outcome: 'loaded' | 'found' }>;
type Failure = Exclude<LoaderAnswer, Found>;

/** One program's load: first its start, then the calls of dlopen() that it makes. */
export class Walk {
  readonly #program: LoadedObject;
  readonly #session: LoaderSession;
  readonly #loader: WalkLoader;
  readonly #order: LoadOrder;
  readonly #ignoredPreloads: IgnoredPreload[] = [];
  readonly #calls: DlopenCall[] = [];
  /** Rows in the order of their requests: of the start, then of the calls. */
  #rows: Row[] = [];
  #byName = new Map<string, Row>();
  /** The needers of each row, as a set: some ten thousand objects may need one library. */
  #needers = new Map<Row, Set<string>>();
  /** The rows of the start as the loader lists them; absent until the program runs. */
  #started: readonly Row[] | undefined;
  #startDiagnostics: readonly Diagnostic[] = [];
  #fatalAtStart: Extract<LoaderAnswer, { readonly outcome: 'fatal' }> | undefined;
  #fatal: Extract<LoaderAnswer, { readonly outcome: 'fatal' }> | undefined;
  /** The call that is walked. */
  #call: DlopenCall | undefined;
  /** Results share the rows, so rows are copied before they change again. */
  #isShared = false;

  constructor(program: LoadedObject, session: LoaderSession, loader: WalkLoader) {
    this.#program = program;
    this.#session = session;
    this.#loader = loader;
    this.#order = new LoadOrder(program);
  }

  /** The calls that were walked, in their order. */
  get calls(): readonly DlopenCall[] {
    return this.#calls;
  }

  /** Loads what the loader loads before the program runs. Call it once, before {@link open}. */
  start(): void {
    for (const request of this.#session.preloads()) this.#take(request, this.#program);
    this.#takeNeeds();
    const { interpreter, listsEveryMiss } = this.#loader;
    const rows = this.#rows;
    if (this.#session.alwaysListsItself && interpreter !== undefined && rows.length > 0)
      this.#addInterpreter(interpreter);
    const listed = listsEveryMiss ? rows : [...rows.filter(isFound), ...rows.filter(isMissing)];
    this.#started = this.#session.arrange(listed);
    this.#rows = [];
    this.#fatalAtStart = this.#fatal;
    const missing = this.#started.filter(isMissing).map(({ name }) => name);
    this.#startDiagnostics = [
      ...this.#ignoredPreloads.map(preloadIgnored),
      ...this.#session.diagnose([...new Set(missing)]),
    ];
  }

  /** Walks a call of dlopen() of the running program. A program that does not start makes none. */
  open(call: DlopenCall): void {
    this.#calls.push(call);
    if (this.#fatalAtStart !== undefined) return;
    this.#ownRows();
    this.#call = call;
    this.#take({ name: call.name, kind: 'dlopen' }, this.#order.find(call.from) ?? this.#program);
    this.#takeNeeds();
    // While the program runs, the loader gives up on that call alone.
    this.#fatal = undefined;
    this.#call = undefined;
  }

  /** What is loaded by now. Later calls do not change a result. */
  result(): WalkResult {
    this.#isShared = true;
    return {
      objects: this.#order.objects(),
      libraries: [...(this.#started ?? []), ...this.#rows],
      ignoredPreloads: this.#ignoredPreloads,
      diagnostics: this.#startDiagnostics,
      fatal: this.#fatalAtStart?.error,
      fatalSignal: this.#fatalAtStart?.signal,
    };
  }

  /** Why the loader gave up at the start; undefined if it did not. */
  get refusal(): Refusal | undefined {
    return this.#fatalAtStart?.refusal;
  }

  get #isRunning(): boolean {
    return this.#started !== undefined;
  }

  #takeNeeds(): void {
    while (this.#fatal === undefined) {
      const object = this.#order.next();
      if (object === undefined) return;
      this.#takeNeedsOf(object);
    }
  }

  #takeNeedsOf(object: LoadedObject): void {
    let filtees: Place | undefined;
    for (const request of this.#session.requests(object)) {
      if (request.kind === 'needed') this.#take(request, object);
      else {
        filtees ??= this.#placeBefore(object);
        this.#take(request, object, filtees);
      }
      if (this.#fatal !== undefined) return;
    }
  }

  #take(request: Request, requester: LoadedObject, before?: Place): void {
    const { exclusions } = this.#loader;
    // Without a look at the root: it may have a file of that name that would not load.
    if (exclusions.hasName(request.name)) {
      this.#takeExcluded(request, requester, NOT_LOOKED_FOR, before);
      return;
    }
    const location = this.#session.locate(request, requester);
    if ('object' in location && location.object && exclusions.hasObject(location.object)) {
      this.#takeExcluded(request, requester, location, before);
      return;
    }
    if (location.outcome === 'loaded' || location.outcome === 'found')
      this.#takeFound(request, requester, location, before);
    else this.#takeFailure(request, requester, location, before);
  }

  /** A name that something else provides: neither it nor what it needs is loaded here. */
  #takeExcluded(
    request: Request,
    requester: LoadedObject,
    location: Pick<LoaderAnswer, 'tried'> & { readonly asked?: string },
    before: Place | undefined,
  ): void {
    const name = location.asked ?? request.name;
    const known = this.#byName.get(name);
    if (known?.status === 'excluded') {
      this.#addNeeder(known, requester);
      return;
    }
    this.#insert(
      this.#newRow(request, requester, name, location.tried, {
        status: 'excluded',
        listed: !this.#isRunning,
      }),
      before,
    );
  }

  #takeFailure(
    request: Request,
    requester: LoadedObject,
    location: Failure,
    before: Place | undefined,
  ): void {
    if (request.kind === 'preload' && !request.required) {
      const { name, source = '' } = request;
      const { refusal, error } = location;
      this.#ignoredPreloads.push({ name, source, refusal, error });
      return;
    }
    if (location.outcome === 'fatal') {
      this.#fatal = location;
      if (!this.#isRunning) return;
    }
    // The loader lists what the program itself filters before the program, where no listing starts.
    if (request.kind === 'auxiliary' && requester === this.#program) return;
    const name = location.asked ?? request.name;
    const known = this.#byName.get(name);
    if (known !== undefined && isMissing(known) && !this.#loader.listsEveryMiss) {
      this.#addNeeder(known, requester);
      // One call may do without what another must have.
      if (this.#call?.required && known.opening !== undefined) known.opening = this.#call;
      return;
    }
    const row = this.#newRow(request, requester, name, location.tried, {
      status: 'missing',
      listed: !this.#isRunning,
      error: location.error,
      refusal: location.refusal,
      opening: this.#call,
    });
    this.#insert(row, before);
  }

  #takeFound(
    request: Request,
    requester: LoadedObject,
    location: Found,
    before: Place | undefined,
  ): void {
    const { object } = location;
    // The vDSO is no file, an ignored request neither, and an empty name means the program.
    if (object === undefined || request.name === '') return;
    const isNew = this.#place(object, requester, before);
    const name = location.asked ?? request.name;
    const known = this.#byName.get(name);
    if (known !== undefined && known.object === object) {
      if (request.kind !== 'preload') this.#addNeeder(known, requester);
      return;
    }
    const rule = ruleOf(location) ?? (isNew ? object.rule : undefined) ?? 'already-loaded';
    const isFiltee = before !== undefined && requester === this.#program;
    const row = this.#newRow(request, requester, name, location.tried, {
      status: 'found',
      object,
      rule,
      listed: !this.#isRunning && rule !== 'already-loaded' && !isFiltee,
      opened: location.outcome === 'loaded' ? location.opened : undefined,
    });
    this.#insert(row, isNew ? before : undefined);
  }

  /** Puts an object into the load order; false for one that was there. */
  #place(object: LoadedObject, requester: LoadedObject, before: Place | undefined): boolean {
    const isNew = !this.#order.has(object);
    if (isNew) this.#order.add(object, before && requester);
    else if (before !== undefined) this.#moveUp(object, requester, before);
    return isNew;
  }

  /** All rows have the same fields in the same order: there are many, and they are small and fast so. */
  #newRow(
    request: Request,
    requester: LoadedObject,
    name: string,
    tried: Row['tried'],
    { status, object, opened, rule, listed, error, refusal, opening }: Answer,
  ): Row {
    return {
      name,
      needed: request.name,
      kind: this.#isRunning ? 'dlopen' : request.kind,
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
  }

  #insert(row: Row, before: Place | undefined): void {
    if (before === undefined) this.#rows.push(row);
    else this.#rows.splice(before.at++, 0, row);
    this.#byName.set(row.name, row);
  }

  /** A filtee that stands behind its filter is moved before it; one that stands earlier stays. */
  #moveUp(object: LoadedObject, requester: LoadedObject, before: Place): void {
    if (!this.#order.moveBefore(object, requester)) return;
    const row = this.#rows.findIndex((r) => r.object === object && r.listed);
    if (row >= before.at) this.#rows.splice(before.at++, 0, ...this.#rows.splice(row, 1));
  }

  /** Filtees stand directly before the object that filters them; those of the program come first. */
  #placeBefore(object: LoadedObject): Place {
    return {
      at: Math.max(
        0,
        this.#rows.findIndex((row) => row.object === object),
      ),
    };
  }

  #addNeeder(row: Row, { path }: LoadedObject): void {
    // Until the program runs, all that an object needs is taken in a row.
    if (row.neededBy.at(-1) === path) return;
    if (!this.#isRunning) {
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

  /** Copies the rows that a result has, so that the result stays as it is. */
  #ownRows(): void {
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

/** The rule that an answer is listed with; undefined where only the object tells. */
function ruleOf(location: Found): Library['rule'] {
  return location.outcome === 'loaded' ? location.listedAs : location.rule;
}

/** What is excluded keeps its place among what is found. */
function isFound(row: Row): boolean {
  return row.status !== 'missing';
}

function isMissing(row: Row): boolean {
  return row.status === 'missing';
}

const NOT_LOOKED_FOR = { tried: [] } as const;

function preloadIgnored({ name, source, error }: IgnoredPreload): Diagnostic {
  return {
    code: 'PRELOAD_IGNORED',
    path: name,
    message: `${name}: ignored, ${source} asks for it: ${error}`,
  };
}
