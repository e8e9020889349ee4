/**
 * The configuration of a program, and what it names: files that it includes, modules that it loads, data
 * and state. Words of any syntax are tried as paths: from the file's own directory, from those of the
 * program, and from its prefix. Comments are passed over.
 */
import { isLibraryName } from '../elf/library-name.js';
import { madeOnce } from '../root/made-once.js';
import { directoryOf, outermost } from '../root/path-text.js';
import { ConfigurationWords } from './configuration-words.js';
import { isExecutableFile } from './executable-file.js';
import { filesBelow } from './files-below.js';
import { startedObjects } from './library-costs.js';
import { isMadeForReading } from './made-for-reading.js';
import { namedFiles } from './named-files.js';
import { isOfOne, isUnused, STATE } from './named-places.js';
import { namedTree } from './named-tree.js';
import type { ProgramFacts } from './program-facts.js';
import { isAlternative, isOfStrangers, isRelated } from './relation.js';
import { ACCOUNTS, isSecretOfRun } from './secrets.js';
import { serviceFiles } from './service-files.js';

/** All that the configuration leads to; paths as they are named, each once. */
export interface Configuration {
  /** Files that were read. */
  readonly texts: ReadonlyMap<string, string>;
  /** Other files. */
  readonly files: readonly string[];
  readonly libraries: readonly string[];
  /** Executable files that are named by absolute paths. */
  readonly programs: readonly string[];
  /** Paths of state, there or not. */
  readonly state: readonly string[];
  /** Directories of data outside of what packages bring, such as those of a site; none below another. */
  readonly places: readonly string[];
}

const MOST_FILES = 2048;
const MOST_BYTES = 1 << 19;

/** What the configuration of a program leads to; empty lists where it names none. */
export const configurationFiles = madeOnce(follow);

function follow(facts: ProgramFacts): Configuration {
  const texts = new Map<string, string>();
  const pending = startingFiles(facts);
  const words = new ConfigurationWords(facts, pending.map(directoryOf));
  const seen = new Set(pending);
  const found: Record<PathKind, string[]> = {
    text: pending,
    data: [],
    library: [],
    directory: [],
    program: [],
    state: [],
    place: [],
  };
  // A plug-in may bring the library along for its own files.
  const isXmlRead = startedObjects(facts.closure).some(({ path }) => /\/libxml2\.so/.test(path));
  const add = (path: string) => {
    if (seen.has(path)) return;
    seen.add(path);
    const named = kindOf(facts, path);
    const kind = named === 'text' && isForeign(facts, path) ? 'data' : named;
    if (kind !== undefined) found[kind].push(path);
    if (kind !== 'directory') return;
    for (const name of facts.namesIn(path)) if (!isUnused(name)) add(`${path}/${name}`);
  };
  for (let at = 0; at < pending.length && at < MOST_FILES; at++) {
    const path = pending[at] as string;
    const text = facts.readText(path);
    if (text === undefined || text.includes('\0')) found.data.push(path);
    else {
      texts.set(path, text);
      for (const named of words.pathsIn(path, text)) add(named);
      if (isXmlRead) found.data.push(...catalogDirectories(path, text));
    }
  }
  return {
    texts,
    files: [...new Set(found.data)],
    libraries: found.library,
    programs: found.program,
    state: found.state,
    places: outermost(found.place.map((path) => path.replace(/\/+$/, ''))),
  };
}

/** What another program is configured by leads to what that one needs, and accounts to the homes of all users. */
function isForeign(facts: ProgramFacts, path: string): boolean {
  return ACCOUNTS.test(path) || (path.startsWith('/etc/') && isOfStrangers(facts, path));
}

/** Configuration that the program or the unit that starts it names, and what is in such directories. */
function startingFiles(facts: ProgramFacts): string[] {
  const named = namedFiles(facts)
    .filter((file) => !STATE.test(file.path) || isMadeForReading(facts, file))
    .map(({ path }) => path);
  const words = serviceFiles(facts).words.filter((word) => word.startsWith('/'));
  const all = [...named, ...words].flatMap((path) => [
    path,
    ...facts.namesIn(path).map((name) => `${path}/${name}`),
  ]);
  // All that is in a directory such as slapd.d is configuration, however deep.
  const whole = named
    .filter((path) => /^\/etc\/.*\.d$/.test(path))
    .flatMap((path) => filesBelow(facts.files, path).map((file) => file.path as string));
  const started = named
    .filter((path) => path.startsWith('/usr/'))
    .flatMap((path) => filesBelow(facts.files, path).map((file) => file.path as string))
    .filter((path) => START.test(path));
  const found = [...all, ...whole, ...started].filter(
    (file) => isConfiguration(file) && kindOf(facts, file) === 'text',
  );
  return [...new Set(found)].slice(0, MOST_FILES);
}

/** Whether a path is that of configuration: below /etc, or by its ending. */
function isConfiguration(path: string): boolean {
  return path.startsWith('/etc/') || CONFIGURATION.test(path);
}

const CONFIGURATION =
  /\.(?:conf|cnf|cfg|ini|load|xml|units|protocol)$|\/(?:config|rc)[\w.-]*$|\/[a-z]+(?:rc|init)$/;
/** What a program reads when it starts, however deep in its data: `spinit`. */
const START = /\/[a-z]+init$/;
const DEVICES = /^\/(?:proc|sys|dev|tmp|home|root|boot)(?:\/|$)|^\/[^/]*$/;

/** Directories of state whose files are made anew by each run. */
const MADE_BY_RUN = /^\/(?:var\/(?:run|log|lock|spool)|run)\//;

type PathKind = 'state' | 'library' | 'program' | 'text' | 'data' | 'directory' | 'place';

/** What a path is for its program; undefined for what an image does without. */
function kindOf(facts: ProgramFacts, path: string): PathKind | undefined {
  if (DEVICES.test(path)) return undefined;
  const file = facts.files.resolve(path);
  const kind = facts.files.kindAt(path);
  // Told as a secret that is left out.
  if (kind === 'file' && isSecretOfRun(path)) return 'data';
  if (kind === 'directory' && isAlternative(facts.files, path)) return 'data';
  if (STATE.test(path) && (kind !== 'file' || MADE_BY_RUN.test(path))) return 'state';
  if (kind === 'directory')
    return /^\/etc\/[^/]+/.test(path) ? 'directory' : dataKindOf(facts, path);
  return file.found && kind === 'file' ? fileKindOf(facts, path, file.entry.size) : undefined;
}

/** Directories of a system: what is elsewhere was put there by its users. */
const OF_SYSTEM =
  /^\/(?:(?:usr|s?bin|lib\w*|etc|run|media|mnt|var\/(?:lib|cache|log|spool|run|lock|mail|tmp))(?:\/|$)|var\/?$)/;

/** Bytes of a directory of data that configuration names. */
const MOST_DATA = 1 << 24;

/** A directory of the program's own that its configuration names: pages, templates. */
function dataKindOf(facts: ProgramFacts, path: string): 'data' | 'place' | undefined {
  if (!OF_SYSTEM.test(path)) return facts.namesIn(path).length > 0 ? 'place' : undefined;
  if (!path.startsWith('/usr/') || !isOfOne(path) || !isRelated(facts, path)) return undefined;
  return namedTree(facts.files, path).bytes <= MOST_DATA ? 'data' : undefined;
}

function fileKindOf(facts: ProgramFacts, path: string, size: number): PathKind | undefined {
  if (isLibraryName(path)) return 'library';
  // Modules of other endings may be executable too.
  if (isExecutableFile(facts, path))
    return facts.fileAt(path)?.elf.kind === 'shared-library' ? 'library' : 'program';
  // Maintainer scripts make parts of configuration where programs keep their state.
  const isMade = path.startsWith('/var/lib/');
  return size <= MOST_BYTES && (isMade || isConfiguration(path)) ? 'text' : 'data';
}

const CATALOG = 'urn:oasis:names:tc:entity:xmlns:xml:catalog';

/** The directory that an XML catalog leads to by `./` or names of files in it, its own. Source: XML Catalogs 1.1, OASIS. */
function catalogDirectories(path: string, text: string): string[] {
  return text.includes(CATALOG) && /"\.\/"|\buri="[\w.-]+"/.test(text) ? [directoryOf(path)] : [];
}
