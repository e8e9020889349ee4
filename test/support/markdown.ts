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

/** A heading. */
export interface Heading {
  /** 1 for `#`. */
  readonly level: number;
  /** What GitHub makes of it for links, without `#`. */
  readonly anchor: string;
}

/** The headings of a document, in order. */
export function headingsOf({ text }: MarkdownDocument): Heading[] {
  const anchors = new Set<string>();
  const headings = [...withoutBlocks(text).matchAll(/^(#{1,6}) (.*)$/gm)];
  return headings.map(([, marks = '', words = '']) => {
    const base = words
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
    let anchor = base;
    for (let n = 1; anchors.has(anchor); n++) anchor = `${base}-${n}`;
    anchors.add(anchor);
    return { level: marks.length, anchor };
  });
}

/** Where a relative link of a document leads: a path of the project, and an anchor where it has one. */
export function placeOf(
  document: MarkdownDocument,
  target: string,
): { readonly path: string; readonly anchor?: string } {
  const [file = '', anchor] = target.split('#');
  const url = new URL(file, new URL(document.path, 'file:///'));
  const path = file === '' ? document.path : decodeURIComponent(url.pathname.slice(1));
  return { path, anchor };
}

/** What is between backquotes in the sentences of a document. */
export function codeOf({ text }: MarkdownDocument): string[] {
  return [...withoutBlocks(text).matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

function withoutBlocks(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, '');
}
