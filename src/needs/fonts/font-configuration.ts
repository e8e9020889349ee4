/**
 * fontconfig's configuration: where fonts are, which families stand for `serif` and its like, and which
 * files say so. Elements that test more than the family (a language, a size) are passed over.
 * Sources: fonts-conf(5); FcConfigParseAndLoadDir() and FcParseAlias() in fontconfig's src/fcxml.c.
 */
import type { RootFiles } from '../../files/root-files.js';
import { addTo } from '../../root/multimap.js';
import { directoryOf, pathFrom } from '../../root/path-text.js';

/** The families that every program may ask for without knowing a font. */
export const GENERIC_FAMILIES = ['sans-serif', 'serif', 'monospace'] as const;

/** What the configuration of a root says. */
export interface FontConfiguration {
  /** Files that were read, in order. */
  readonly files: readonly string[];
  /** Directories that hold fonts, at any depth. */
  readonly directories: readonly string[];
  /** The first directory for caches that is not in a home directory. */
  readonly cache: string;
  /** Families by generic family, the preferred first. */
  readonly preferred: ReadonlyMap<string, readonly string[]>;
  /** Families that stand for another one where that is absent: Arimo for Liberation Sans, by Arial. */
  readonly substitutes: ReadonlyMap<string, readonly string[]>;
}

const USUAL_FILE = '/etc/fonts/fonts.conf';
/** What fontconfig takes where it finds no configuration, in its usual build. */
const USUAL_DIRECTORIES = ['/usr/share/fonts', '/usr/local/share/fonts'];
const USUAL_CACHE = '/var/cache/fontconfig';
const MOST_FILES = 500;
const MOST_DEPTH = 5;

/** Reads it as a program with this environment would; without a file, what fontconfig has built in. */
export function readFontConfiguration(
  files: RootFiles,
  environment: Readonly<Record<string, string>> = {},
): FontConfiguration {
  const directory = environment.FONTCONFIG_PATH ?? directoryOf(USUAL_FILE);
  const first = environment.FONTCONFIG_FILE ?? `${directory}/fonts.conf`;
  const reader = new ConfigurationReader(files, directory);
  reader.include(pathFrom(directory, first), 0);
  const { read, directories, caches, preferred, substitutes } = reader;
  return {
    files: read,
    directories: directories.length > 0 ? directories : USUAL_DIRECTORIES,
    cache: caches[0] ?? USUAL_CACHE,
    preferred,
    substitutes,
  };
}

class ConfigurationReader {
  readonly read: string[] = [];
  readonly directories: string[] = [];
  readonly caches: string[] = [];
  readonly preferred = new Map<string, string[]>();
  readonly substitutes = new Map<string, string[]>();
  readonly #files: RootFiles;
  /** Where relative names start. */
  readonly #directory: string;

  constructor(files: RootFiles, directory: string) {
    this.#files = files;
    this.#directory = directory;
  }

  /** A file, or the files of a directory whose names begin with a digit. */
  include(path: string, depth: number): void {
    const found = this.#files.resolve(path);
    if (!found.found || depth > MOST_DEPTH) return;
    if (found.entry.kind === 'file') this.#readFile(path, depth);
    if (found.entry.kind !== 'directory') return;
    for (const name of this.#files.namesIn(path))
      if (/^\d.*\.conf$/.test(name)) this.#readFile(`${path}/${name}`, depth);
  }

  #readFile(path: string, depth: number): void {
    if (this.read.length >= MOST_FILES || this.read.includes(path)) return;
    const text = this.#files.readText(path);
    if (text === undefined) return;
    this.read.push(path);
    for (const { name, attributes, content } of elementsIn(withoutComments(text), TOP)) {
      if (name === 'alias') this.#alias(content);
      else if (name !== 'match') this.#place(name, attributes, content.trim(), depth);
      else if (!/target="(?!pattern)/.test(attributes)) this.#match(content);
    }
  }

  /** A path. Those in a home directory do not count, since an image has none. */
  #place(element: string, attributes: string, path: string, depth: number): void {
    if (path === '' || path.startsWith('~') || /prefix="(?:xdg|cwd|relative)"/.test(attributes))
      return;
    const absolute = pathFrom(this.#directory, path);
    if (element === 'dir') this.directories.push(absolute);
    else if (element === 'cachedir') this.caches.push(absolute);
    else this.include(absolute, depth + 1);
  }

  /** `<alias><family>serif</family><prefer>...`: those of earlier files stay in front. */
  #alias(content: string): void {
    const [preferred] = elementsIn(content, ['prefer']);
    const [, generic] = /<family>([^<]*)<\/family>/.exec(content) ?? [];
    if (preferred !== undefined && generic !== undefined)
      this.#prefer(generic, valuesIn(preferred.content, 'family'), 'last');
    if (generic === undefined) return;
    for (const { content: others } of elementsIn(content, ['accept', 'default']))
      for (const family of valuesIn(others, 'family')) addTo(this.substitutes, generic, family);
  }

  /** `<match><test name="family">...<edit name="family" mode="prepend">`, which is the same. */
  #match(content: string): void {
    const tests = [...elementsIn(content, ['test'])];
    const { attributes, content: generic } = tests[0] ?? { attributes: '', content: '' };
    if (tests.length !== 1 || !/name="family"/.test(attributes) || /not_eq/.test(attributes))
      return;
    for (const { attributes: edit, content: values } of elementsIn(content, ['edit'])) {
      const [, mode] = /mode="(prepend|prepend_first)"/.exec(edit) ?? [];
      if (mode === undefined || !/name="family"/.test(edit)) continue;
      const families = valuesIn(values, 'string');
      for (const name of valuesIn(generic, 'string'))
        this.#prefer(name, families, mode === 'prepend' ? 'last' : 'first');
    }
  }

  #prefer(generic: string, families: readonly string[], place: 'first' | 'last'): void {
    const known = this.preferred.get(generic.trim()) ?? [];
    this.preferred.set(
      generic.trim(),
      place === 'last' ? [...known, ...families] : [...families, ...known],
    );
  }
}

/** The elements that matter at the top; those that name a path have only text in them. */
const TOP = ['dir', 'cachedir', 'include', 'alias', 'match'];
const TEXT_ONLY = new Set(['dir', 'cachedir', 'include']);

interface Element {
  readonly name: string;
  /** As they stand in the tag. */
  readonly attributes: string;
  readonly content: string;
}

/**
 * The elements of some names, in order, each up to the first end tag of its name. The time grows with the
 * length of the text, however many tags have no end.
 */
function* elementsIn(text: string, names: readonly string[]): Generator<Element> {
  const tag = new RegExp(`<(${names.join('|')})\\b([^<>]*)>`, 'g');
  const unended = new Set<string>();
  for (let match = tag.exec(text); match !== null; match = tag.exec(text)) {
    const [, name = '', attributes = ''] = match;
    if (unended.has(name)) continue;
    const endTag = `</${name}>`;
    const end = text.indexOf(TEXT_ONLY.has(name) ? '<' : endTag, tag.lastIndex);
    if (end < 0) unended.add(name);
    else if (text.startsWith(endTag, end)) {
      yield { name, attributes, content: text.slice(tag.lastIndex, end) };
      tag.lastIndex = end + endTag.length;
    }
  }
}

/** A comment that does not end stays. */
function withoutComments(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let start = text.indexOf('<!--'); start >= 0; start = text.indexOf('<!--', from)) {
    const end = text.indexOf('-->', start + 4);
    if (end < 0) break;
    parts.push(text.slice(from, start));
    from = end + 3;
  }
  return parts.join('') + text.slice(from);
}

/** The texts of all elements of a name. */
function valuesIn(content: string, element: string): string[] {
  const found = content.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'));
  return [...found].map(([, value = '']) => value.trim());
}
