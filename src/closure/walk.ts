/**
 * The walk: breadth first in load order, from a program through everything that it makes the loader
 * load. Which file a name means is the loader's business; the order is the same for all of them.
 * Source: glibc elf/dl-deps.c (_dl_map_object_deps), musl ldso/dynlink.c (load_deps).
 */
import type {
  Diagnostic,
  FatalSignal,
  LoadedObject,
  LoaderSession,
  Request,
} from '../loader/loader.js';
import type { IgnoredPreload, Library } from './closure.js';

/** A call of dlopen() that shall be walked as if the program had made it. */
export interface DlopenCall {
  /** A soname or an absolute path, as the call has it. */
  readonly name: string;
  /** Path of the object that calls, whose search paths count; the program without it. */
  readonly from?: string;
  /** The kind of need that it is for, for messages. */
  readonly need?: string;
  /** That this call succeeds is part of what was asked for: then what it lacks is missing. */
  readonly required?: boolean;
}

/** What a walk finds. */
interface WalkResult {
  readonly objects: readonly LoadedObject[];
  readonly libraries: readonly Library[];
  readonly ignoredPreloads: readonly IgnoredPreload[];
  readonly diagnostics: readonly Diagnostic[];
  readonly fatal?: string;
  readonly fatalSignal?: FatalSignal;
}

/** A row while it is being made: more objects may turn out to need the name. */
interface Row extends Library {
  readonly neededBy: string[];
  opening?: DlopenCall;
}

interface Node {
  readonly object: LoadedObject;
  done: boolean;
}

/** Drives one loader session to its end. */
export function walk(
  program: LoadedObject,
  session: LoaderSession,
  loader: { readonly listsEveryMiss: boolean; readonly interpreter?: LoadedObject },
  opens: readonly DlopenCall[] = [],
): WalkResult {
  const rows: Row[] = [];
  const byName = new Map<string, Row>();
  const nodes: Node[] = [{ object: program, done: false }];
  const mapped = new Set([program]);
  const ignoredPreloads: IgnoredPreload[] = [];
  let fatal: { readonly error: string; readonly signal?: FatalSignal } | undefined;
  /** The program runs by now: nothing is listed any more, and nothing keeps it from starting. */
  let isRunning = false;
  /** The call that is walked then. */
  let opening: DlopenCall | undefined;

  const take = (request: Request, requester: LoadedObject, before?: { at: number }): void => {
    const location = session.locate(request, requester);
    if (request.kind === 'preload' && !request.required && !('object' in location)) {
      const { name, source = '' } = request;
      ignoredPreloads.push({ name, source, refusal: location.refusal, error: location.error });
      return;
    }
    if (location.outcome === 'fatal') {
      fatal = location;
      // While the program runs, the loader gives up on that call alone.
      if (!isRunning) return;
    }
    const name = location.asked ?? request.name;
    const known = byName.get(name);
    if (location.outcome === 'missing' || location.outcome === 'fatal') {
      // What the program itself filters stands before it in the list, where nobody looks.
      if (request.kind === 'auxiliary' && requester === program) return;
      if (known !== undefined && known.object === undefined && !loader.listsEveryMiss) {
        addNeeder(known, requester);
        // What one call may lack, another may need.
        if (opening?.required && known.opening !== undefined) known.opening = opening;
        return;
      }
      insert(
        {
          name,
          needed: request.name,
          kind: isRunning ? 'dlopen' : request.kind,
          status: 'missing',
          listed: !isRunning,
          neededBy: neederOf(request, requester),
          tried: location.tried,
          error: location.error,
          ...(opening === undefined ? {} : { opening }),
        },
        before,
      );
      return;
    }
    const { object } = location;
    // The vDSO is no file, an ignored request none either, and an empty name means the program.
    if (object === undefined || request.name === '') return;
    const isNew = !mapped.has(object);
    if (isNew) {
      mapped.add(object);
      const node = { object, done: false };
      if (before === undefined) nodes.push(node);
      else
        nodes.splice(
          nodes.findIndex((n) => n.object === requester),
          0,
          node,
        );
    } else if (before !== undefined) {
      moveUp(object, requester, before);
    }
    if (known !== undefined && known.object === object) {
      if (request.kind !== 'preload') addNeeder(known, requester);
      return;
    }
    const listedAs = location.outcome === 'loaded' ? location.listedAs : location.rule;
    const rule = listedAs ?? (isNew ? object.rule : undefined) ?? 'already-loaded';
    const opened = location.outcome === 'loaded' ? location.opened : undefined;
    const row: Row = {
      name,
      needed: request.name,
      kind: isRunning ? 'dlopen' : request.kind,
      status: 'found',
      object,
      rule,
      listed:
        !isRunning && rule !== 'already-loaded' && !(before !== undefined && requester === program),
      neededBy: neederOf(request, requester),
      tried: location.tried,
    };
    insert(opened === undefined ? row : { ...row, opened }, isNew ? before : undefined);
  };

  /** A filtee that stands behind its filter is moved before it; one that stands earlier stays. */
  const moveUp = (object: LoadedObject, requester: LoadedObject, before: { at: number }): void => {
    const from = nodes.findIndex((node) => node.object === object);
    const to = nodes.findIndex((node) => node.object === requester);
    if (from <= to) return;
    nodes.splice(to, 0, ...nodes.splice(from, 1));
    const row = rows.findIndex((r) => r.object === object && r.listed);
    if (row >= before.at) rows.splice(before.at++, 0, ...rows.splice(row, 1));
  };

  const insert = (row: Row, before: { at: number } | undefined): void => {
    if (before === undefined) rows.push(row);
    else rows.splice(before.at++, 0, row);
    byName.set(row.name, row);
  };

  const takeNeedsOfAll = (): void => {
    for (;;) {
      const node = nodes.find((n) => !n.done);
      if (node === undefined || fatal !== undefined) break;
      node.done = true;
      let filtees: { at: number } | undefined;
      for (const request of session.requests(node.object)) {
        if (request.kind !== 'needed') filtees ??= placeBefore(rows, node.object);
        take(request, node.object, request.kind === 'needed' ? undefined : filtees);
        if (fatal !== undefined) break;
      }
    }
  };

  for (const request of session.preloads()) take(request, program);
  takeNeedsOfAll();

  if (session.alwaysListsItself && loader.interpreter !== undefined && rows.length > 0)
    addInterpreter(rows, loader.interpreter);
  const ordered = loader.listsEveryMiss
    ? [...rows]
    : [...rows.filter(found), ...rows.filter(isMissing)];
  const arranged = session.arrange(ordered);
  const fatalAtStart = fatal;
  isRunning = true;
  rows.length = 0;
  for (opening of fatal === undefined ? opens : []) {
    const { name, from } = opening;
    const caller = nodes.find(({ object }) => object.path === from)?.object ?? program;
    take({ name, kind: 'dlopen' }, caller);
    takeNeedsOfAll();
    fatal = undefined;
  }
  const missing = arranged.filter(isMissing).map((row) => row.name);
  return {
    objects: nodes.map((node) => node.object),
    libraries: [...arranged, ...rows],
    ignoredPreloads,
    diagnostics: [
      ...ignoredPreloads.map(preloadIgnored),
      ...session.diagnose([...new Set(missing)]),
    ],
    ...(fatalAtStart === undefined ? {} : { fatal: fatalAtStart.error }),
    ...(fatalAtStart?.signal === undefined ? {} : { fatalSignal: fatalAtStart.signal }),
  };
}

/** Filtees stand directly before the object that filters them; those of the program come first. */
function placeBefore(rows: readonly Row[], object: LoadedObject): { at: number } {
  return {
    at: Math.max(
      0,
      rows.findIndex((row) => row.object === object),
    ),
  };
}

function neederOf(request: Request, requester: LoadedObject): string[] {
  return request.kind === 'preload' ? [] : [requester.path];
}

function addNeeder(row: Row, requester: LoadedObject): void {
  if (!row.neededBy.includes(requester.path)) row.neededBy.push(requester.path);
}

function found(row: Row): boolean {
  return row.object !== undefined;
}

function isMissing(row: Row): boolean {
  return row.object === undefined;
}

function addInterpreter(rows: Row[], interpreter: LoadedObject): void {
  if (rows.some((row) => row.object === interpreter)) return;
  rows.push({
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

function preloadIgnored({ name, source, error }: IgnoredPreload): Diagnostic {
  return {
    code: 'PRELOAD_IGNORED',
    path: name,
    message: `${name}: ignored, ${source} asks for it: ${error}`,
  };
}
