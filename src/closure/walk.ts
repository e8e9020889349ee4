/**
 * The walk: breadth first in load order, from a program through everything that it makes the loader
 * load. Which file a name means is the loader's business; the order is the same for all of them.
 * Source: glibc elf/dl-deps.c (_dl_map_object_deps), musl ldso/dynlink.c (load_deps).
 */
import type {
  Attempt,
  Diagnostic,
  LoadedObject,
  LoaderSession,
  Location,
  OpenedFile,
  Request,
  SearchRule,
} from '../loader/loader.js';
import type { IgnoredPreload, Library } from './closure.js';

/** What a walk finds. */
export interface WalkResult {
  readonly objects: readonly LoadedObject[];
  readonly libraries: readonly Library[];
  readonly ignoredPreloads: readonly IgnoredPreload[];
  readonly diagnostics: readonly Diagnostic[];
  readonly fatal?: string;
}

/** A row while it is being made: more objects may turn out to need the name. */
interface Row {
  name: string;
  needed: string;
  kind: Request['kind'];
  object?: LoadedObject;
  opened?: OpenedFile;
  rule?: SearchRule;
  listed: boolean;
  neededBy: Set<string>;
  tried: readonly Attempt[];
  error?: string;
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
): WalkResult {
  const rows: Row[] = [];
  const byName = new Map<string, Row>();
  const nodes: Node[] = [{ object: program, done: false }];
  const mapped = new Set([program]);
  const ignoredPreloads: IgnoredPreload[] = [];
  let fatal: string | undefined;

  const take = (request: Request, requester: LoadedObject, before?: { at: number }): void => {
    const location = session.locate(request, requester);
    if (request.kind === 'preload' && !request.required && !('object' in location)) {
      const { name, source = '' } = request;
      ignoredPreloads.push({ name, source, error: location.error });
      return;
    }
    if (location.outcome === 'fatal') {
      fatal = location.error;
      return;
    }
    const name = location.asked ?? request.name;
    const known = byName.get(name);
    if (location.outcome === 'missing') {
      // What the program itself filters stands before it in the list, where nobody looks.
      if (request.kind === 'auxiliary' && requester === program) return;
      if (known !== undefined && known.object === undefined && !loader.listsEveryMiss) {
        known.neededBy.add(requester.path);
        return;
      }
      insert({ ...rowOf(request, requester, location), error: location.error }, before);
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
      if (request.kind !== 'preload') known.neededBy.add(requester.path);
      return;
    }
    const listedAs = location.outcome === 'loaded' ? location.listedAs : location.rule;
    const rule = listedAs ?? (isNew ? object.rule : undefined) ?? 'already-loaded';
    insert(
      {
        ...rowOf(request, requester, location),
        object,
        ...(location.outcome === 'loaded' && location.opened ? { opened: location.opened } : {}),
        rule,
        listed: rule !== 'already-loaded' && !(before !== undefined && requester === program),
      },
      isNew ? before : undefined,
    );
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

  for (const request of session.preloads()) take(request, program);
  for (;;) {
    const node = nodes.find((n) => !n.done);
    if (node === undefined || fatal !== undefined) break;
    node.done = true;
    // Filtees stand directly before the object that filters them.
    const filtees = { at: rows.findIndex((row) => row.object === node.object) };
    if (filtees.at < 0) filtees.at = 0;
    for (const request of session.requests(node.object)) {
      take(request, node.object, request.kind === 'needed' ? undefined : filtees);
      if (fatal !== undefined) break;
    }
  }

  if (session.alwaysListsItself && loader.interpreter !== undefined && rows.length > 0)
    addInterpreter(rows, loader.interpreter);
  const ordered = loader.listsEveryMiss ? rows : [...rows.filter(found), ...rows.filter(isMissing)];
  const arranged = session.arrange(ordered);
  const missing = arranged.filter(isMissing).map((row) => row.name);
  return {
    objects: nodes.map((node) => node.object),
    libraries: arranged.map(finish),
    ignoredPreloads,
    diagnostics: [
      ...ignoredPreloads.map(preloadIgnored),
      ...session.diagnose([...new Set(missing)]),
    ],
    ...(fatal === undefined ? {} : { fatal }),
  };
}

function rowOf(request: Request, requester: LoadedObject, location: Location): Row {
  return {
    name: location.asked ?? request.name,
    needed: request.name,
    kind: request.kind,
    listed: true,
    neededBy: new Set(request.kind === 'preload' ? [] : [requester.path]),
    tried: location.tried,
  };
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
    object: interpreter,
    rule: 'interpreter',
    listed: true,
    neededBy: new Set(),
    tried: [],
  });
}

function finish(row: Row): Library {
  return {
    name: row.name,
    needed: row.needed,
    kind: row.kind,
    status: row.object === undefined ? 'missing' : 'found',
    ...(row.object === undefined ? {} : { object: row.object }),
    ...(row.opened === undefined ? {} : { opened: row.opened }),
    ...(row.rule === undefined ? {} : { rule: row.rule }),
    listed: row.listed,
    neededBy: [...row.neededBy],
    tried: row.tried,
    ...(row.error === undefined ? {} : { error: row.error }),
  };
}

function preloadIgnored({ name, source, error }: IgnoredPreload): Diagnostic {
  return {
    code: 'PRELOAD_IGNORED',
    path: name,
    message: `${name}: ignored, ${source} asks for it: ${error}`,
  };
}
