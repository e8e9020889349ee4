/**
 * The walk: breadth first in load order, from a program through everything that it makes the loader
 * load. The loader decides which file a name means; the order is the same for all loaders.
 * Source: glibc elf/dl-deps.c (_dl_map_object_deps), musl ldso/dynlink.c (load_deps).
 */

import type { Diagnostic } from '../loader/diagnostic.js';
import type {
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
import { isMissing, LibraryRows, type Place } from './library-rows.js';
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
  readonly #rows = new LibraryRows();
  #startDiagnostics: readonly Diagnostic[] = [];
  #fatalAtStart: Extract<LoaderAnswer, { readonly outcome: 'fatal' }> | undefined;
  #fatal: Extract<LoaderAnswer, { readonly outcome: 'fatal' }> | undefined;
  /** The call that is walked. */
  #call: DlopenCall | undefined;

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
    const itself = this.#session.alwaysListsItself ? interpreter : undefined;
    const listed = this.#rows.endStart(this.#session, listsEveryMiss, itself);
    this.#fatalAtStart = this.#fatal;
    const missing = listed.filter(isMissing).map(({ name }) => name);
    this.#startDiagnostics = [
      ...this.#ignoredPreloads.map(preloadIgnored),
      ...this.#session.diagnose([...new Set(missing)]),
    ];
  }

  /** Walks a call of dlopen() of the running program. A program that does not start makes none. */
  open(call: DlopenCall): void {
    this.#calls.push(call);
    if (this.#fatalAtStart !== undefined) return;
    this.#rows.own();
    this.#call = call;
    this.#take({ name: call.name, kind: 'dlopen' }, this.#order.find(call.from) ?? this.#program);
    this.#takeNeeds();
    // While the program runs, the loader gives up on that call alone.
    this.#fatal = undefined;
    this.#call = undefined;
  }

  /** What is loaded by now. Later calls do not change a result. */
  result(): WalkResult {
    return {
      objects: this.#order.objects(),
      libraries: this.#rows.share(),
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
        filtees ??= this.#rows.placeBefore(object);
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
    const known = this.#rows.get(name);
    if (known?.status === 'excluded') {
      this.#rows.addNeeder(known, requester);
      return;
    }
    this.#rows.add(
      { request, requester, name, tried: location.tried },
      { status: 'excluded', listed: !this.#rows.isRunning },
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
      if (!this.#rows.isRunning) return;
    }
    // The loader lists what the program itself filters before the program, where no listing starts.
    if (request.kind === 'auxiliary' && requester === this.#program) return;
    const name = location.asked ?? request.name;
    const known = this.#rows.get(name);
    if (known !== undefined && isMissing(known) && !this.#loader.listsEveryMiss) {
      this.#rows.addNeeder(known, requester);
      // One call may do without what another must have.
      if (this.#call?.required && known.opening !== undefined) known.opening = this.#call;
      return;
    }
    const answer = {
      status: 'missing',
      listed: !this.#rows.isRunning,
      error: location.error,
      refusal: location.refusal,
      opening: this.#call,
    } as const;
    this.#rows.add({ request, requester, name, tried: location.tried }, answer, before);
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
    const known = this.#rows.get(name);
    if (known !== undefined && known.object === object) {
      if (request.kind !== 'preload') this.#rows.addNeeder(known, requester);
      return;
    }
    const rule = ruleOf(location) ?? (isNew ? object.rule : undefined) ?? 'already-loaded';
    const isFiltee = before !== undefined && requester === this.#program;
    const answer = {
      status: 'found',
      object,
      rule,
      listed: !this.#rows.isRunning && rule !== 'already-loaded' && !isFiltee,
      opened: location.outcome === 'loaded' ? location.opened : undefined,
    } as const;
    const place = isNew ? before : undefined;
    this.#rows.add({ request, requester, name, tried: location.tried }, answer, place);
  }

  /** Puts an object into the load order; false for one that was there. */
  #place(object: LoadedObject, requester: LoadedObject, before: Place | undefined): boolean {
    const isNew = !this.#order.has(object);
    if (isNew) this.#order.add(object, before && requester);
    else if (before !== undefined && this.#order.moveBefore(object, requester))
      this.#rows.moveUp(object, before);
    return isNew;
  }
}

/** The rule that an answer is listed with; undefined where only the object tells. */
function ruleOf(location: Found): Library['rule'] {
  return location.outcome === 'loaded' ? location.listedAs : location.rule;
}

const NOT_LOOKED_FOR = { tried: [] } as const;

function preloadIgnored({ name, source, error }: IgnoredPreload): Diagnostic {
  return {
    code: 'PRELOAD_IGNORED',
    path: name,
    message: `${name}: ignored, ${source} asks for it: ${error}`,
  };
}
