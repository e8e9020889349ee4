/**
 * The text of a shell script, the files that it reads as a part of itself (`. FILE`), and the data that it
 * puts together of a directory and its own words: `$JARS/$jar.jar`.
 * Source: POSIX.1-2017, Shell Command Language, 2.14 (dot).
 */
import { madeOnce } from '../root/made-once.js';
import { baseName, directoryOf } from '../root/path-text.js';
import type { ProgramFacts } from './program-facts.js';
import { scriptLines } from './script-lines.js';
import { sourceWords } from './shell-commands.js';
import { isShellScript } from './shells.js';

/** The word that ends a here-document, behind the operator that begins it. */
const HERE_DOCUMENT = /<<-?[ \t]*['"\\]?(\w+)/;
/** Files that scripts read in turn. */
export const MOST_SOURCES = 16;
/** `JARS=/usr/share/java` */
const DIRECTORY = /(?:^|[\s;{])([A-Za-z_]\w*)=["']?((?:\/[\w.+-]+){2,})\/?["']?(?=[\s;}]|$)/g;
/** `$JARS/$jar.jar` */
const PUT_TOGETHER = /\$\{?(\w+)\}?\/\$\{?\w+\}?(\.[A-Za-z]\w{0,9})(?!\w)/g;
const MOST_PUT_TOGETHER = 16;
const WORD = /(?<![\w.+-])[\w+-][\w.+-]*/g;

/** A script with what it reads. */
interface WholeScript {
  /** Without comments and here-documents; files that it reads stand behind it. */
  readonly text: string;
  /** Paths of these files. */
  readonly sources: readonly string[];
}

/** The text of a shell script without comments and here-documents; undefined of all else. */
export function shellScript(facts: ProgramFacts): string | undefined {
  const { realPath, shebang } = facts.closure.program;
  if (shebang === undefined || !isShellScript(facts.files, shebang, facts.place)) return undefined;
  const text = facts.readText(realPath);
  return text === undefined ? undefined : withoutDocuments(text);
}

/** Undefined of what is no shell script. Files whose names the shell computes are looked for beside it. */
export const wholeScript = madeOnce((facts: ProgramFacts): WholeScript | undefined => {
  const script = shellScript(facts);
  if (script === undefined) return undefined;
  const texts = new Map([[facts.closure.program.realPath as string, script]]);
  for (const [path, text] of texts)
    for (const source of sourcesIn(path, text)) {
      const read = texts.has(source) ? undefined : facts.readText(source);
      if (read !== undefined && texts.size <= MOST_SOURCES)
        texts.set(source, withoutDocuments(read));
    }
  return { text: [...texts.values()].join('\n'), sources: [...texts.keys()].slice(1) };
});

function sourcesIn(script: string, text: string): string[] {
  return sourceWords(scriptLines(text).join('\n')).map((word) =>
    word.text.startsWith('/') ? word.text : `${directoryOf(script)}/${baseName(word.text)}`,
  );
}

/** Paths that a directory of a variable, a word of the script and an ending make, where a file is there. */
export function filesPutTogether(facts: ProgramFacts): string[] {
  const { text } = wholeScript(facts) ?? {};
  const pairs = [...(text ?? '').matchAll(PUT_TOGETHER)].slice(0, MOST_PUT_TOGETHER);
  if (text === undefined || pairs.length === 0) return [];
  const places = new Map(pairs.map(([, variable = '']) => [variable, new Set<string>()]));
  for (const [, variable = '', directory = ''] of text.matchAll(DIRECTORY)) {
    const known = places.get(variable);
    if (known !== undefined && known.size < MOST_PUT_TOGETHER) known.add(directory);
  }
  const words = new Set<string>(text.match(WORD));
  const found = pairs.flatMap(([, variable = '', ending = '']) =>
    [...(places.get(variable) ?? [])].flatMap((directory) =>
      facts
        .namesIn(directory)
        .filter((name) => name.endsWith(ending) && words.has(name.slice(0, -ending.length)))
        .map((name) => `${directory}/${name}`),
    ),
  );
  return [...new Set(found)];
}

/** The lines that are no comments and no here-documents, which may be programs in other languages. */
function withoutDocuments(text: string): string {
  let end: string | undefined;
  const lines = text.split('\n').filter((line) => {
    if (end !== undefined) {
      if (line.trim() === end) end = undefined;
      return false;
    }
    if (/^\s*#/.test(line)) return false;
    end = HERE_DOCUMENT.exec(line)?.[1];
    return true;
  });
  return lines.join('\n');
}
