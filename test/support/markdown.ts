/**
 * Markdown documents as tests see them: fenced blocks with the comment before them, links, and the
 * anchors of headings as GitHub makes them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The directory of the project, without a slash at the end. */
export const PROJECT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** A document of the project. */
export interface MarkdownDocument {
  /** Relative to the project, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** A fenced block. The comment in the line before it says how it is tested: docs/README.md has the forms. */
export interface Block {
  readonly path: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** What `<!-- needs A, B -->` before it says: what a machine must have to run it. */
  readonly needs: readonly string[];
  /** Whether `<!-- continues -->` before it says that it goes on with the files of the one before. */
  readonly continues: boolean;
  /** What `<!-- not run: WHY -->` before it says. */
  readonly notRun?: string;
  /** The test that `<!-- run by PATH -->` before it names. */
  readonly runBy?: string;
}

/** The end of the names of documents in Chinese. */
export const CHINESE = '.zh-CN.md';

/** The documents at these paths; of a directory all that end with `.md`. */
export function readDocuments(...paths: readonly string[]): MarkdownDocument[] {
  return paths
    .flatMap((path) => {
      if (path.endsWith('.md')) return [path];
      const names = readdirSync(join(PROJECT, path)).filter((name) => name.endsWith('.md'));
      return names.sort().map((name) => `${path}/${name}`);
    })
    .map((path) => ({ path, text: readFileSync(join(PROJECT, path), 'utf8') }));
}

/** The fenced blocks of a document, in order. */
export function blocksOf({ path, text }: MarkdownDocument): Block[] {
  const fence = /^(?:<!-- (.*) -->\n)?```(\w+)\n([\s\S]*?)^```$/gm;
  return [...text.matchAll(fence)].map((match) => {
    const [, comment = '', language = '', body = ''] = match;
    const said = (word: string) => new RegExp(`(?:^|; )${word} ([^;]*)`).exec(comment)?.[1];
    return {
      path,
      line: text.slice(0, match.index).split('\n').length,
      language,
      text: body,
      needs: said('needs')?.split(', ') ?? [],
      continues: comment.split('; ').includes('continues'),
      notRun: /^not run: (.*)$/.exec(comment)?.[1],
      runBy: said('run by'),
    };
  });
}

/** The targets of the links in a document; those in code are not links. */
export function linksOf(document: MarkdownDocument): string[] {
  const prose = withoutBlocks(document.text).replaceAll(/`[^`]*`/g, '``');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** A heading: 1 for `#`, and what is behind it. */
export interface Heading {
  readonly level: number;
  readonly text: string;
}

/** The headings of a document, in order. */
export function headingsOf({ text }: MarkdownDocument): Heading[] {
  return [...withoutBlocks(text).matchAll(/^(#{1,6}) (.*)$/gm)].map(
    ([, marks = '', words = '']) => ({
      level: marks.length,
      text: words,
    }),
  );
}

/** The anchors of the headings of a document. */
export function anchorsOf(document: MarkdownDocument): Set<string> {
  const anchors = new Set<string>();
  for (const { text } of headingsOf(document)) {
    const base = text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
    let anchor = base;
    for (let n = 1; anchors.has(anchor); n++) anchor = `${base}-${n}`;
    anchors.add(anchor);
  }
  return anchors;
}

function withoutBlocks(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, '');
}
