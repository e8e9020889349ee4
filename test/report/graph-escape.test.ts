/**
 * Names from hostile files in the formats that have a syntax of their own: nothing gets out of its
 * quotes, and the page has no tag and no attribute from a file.
 */
import { describe, expect, it } from 'vitest';
import { reports } from '../../src/registry.js';
import { closureOf, glibcSystem, program, TRIPLET } from '../support/world.js';

const HOSTILE = [
  '"];evil->x["',
  'a-->b',
  '</title><script>alert(1)</script>',
  '"onmouseover=alert(1) x="',
  "'><img src=x onerror=alert(1)>",
  'line\nbreak',
  '\x1b[31mred',
  '\\N\\',
  '&lt;b&gt;',
  '`md`',
  '#quot;',
  '$' + '{x}',
  '</script>',
];

const closure = closureOf({
  ...glibcSystem(36),
  '/app/main': program({ needed: [...HOSTILE, 'libevil.so'] }),
  [`/usr/lib/${TRIPLET}/libevil.so`]: { soname: '"><svg onload=alert(1)>' },
});

function textOf(name: string): string {
  const report = reports.find((r) => r.name === name);
  if (report === undefined) throw new Error(`no report ${name}`);
  const names = new Map([['/app/main', '<u>main</u>']]);
  const input = {
    root: '<i>',
    closures: [closure],
    errors: [],
    names,
    verbose: true,
    color: false,
  };
  return report.format(input);
}

describe('dot', () => {
  it('each line is a statement with balanced quotes', () => {
    const string = '"(?:[^"\\\\]|\\\\.)*"';
    const value = `(?:${string}|[\\w]+)`;
    const list = `\\[\\w+=${value}(?:, \\w+=${value})*\\]`;
    const line = new RegExp(`^  (?:rankdir=LR|(?:node|edge|n\\d+|n\\d+ -> n\\d+) ${list})$`);
    const lines = textOf('dot').trimEnd().split('\n').slice(1, -1);
    expect(lines.length).toBeGreaterThan(2 * HOSTILE.length);
    expect(lines.filter((l) => !line.test(l))).toEqual([]);
  });
});

describe('mermaid', () => {
  it('labels have plain characters and entity codes only', () => {
    const label = '"(?:[A-Za-z0-9 ./_+-]|#\\d+;)*(?:<br>[A-Za-z0-9 .]+)?"';
    const line = new RegExp(
      `^  (?:n\\d+\\[${label}\\]:::\\w+|n\\d+ (?:-->|-\\.->)(?:\\|${label}\\|)? n\\d+|classDef .*)$`,
    );
    const lines = textOf('mermaid').trimEnd().split('\n').slice(1);
    expect(lines.length).toBeGreaterThan(2 * HOSTILE.length);
    expect(lines.filter((l) => !line.test(l))).toEqual([]);
  });
});

describe('html', () => {
  const text = textOf('html');
  /** Without the page's own style and script. */
  const markup = text
    .replace(/(<style>).*?(<\/style>)/s, '$1$2')
    .replace(/(<script>).*?(<\/script>)/s, '$1$2');
  it('has the tags and attributes of the page, and none from a file', () => {
    const tags = [...markup.matchAll(/<\/?([a-z0-9]+)((?:[^<>"]|"[^"]*")*)>/g)];
    const known =
      /^(?:html|head|meta|title|style|body|header|h[123]|p|code|main|section|dl|dt|dd|strong|div|table|thead|tbody|tr|th|td|button|details|summary|ol|li|ul|span|svg|defs|marker|path|g|rect|text|script)$/;
    expect([...new Set(tags.map((tag) => tag[1] as string))].filter((t) => !known.test(t))).toEqual(
      [],
    );
    const attributes = tags.flatMap((tag) => [
      ...(tag[2] ?? '').matchAll(/([\w-]+)=?(?:"[^"]*")?/g),
    ]);
    expect(attributes.length).toBeGreaterThan(100);
    expect(attributes.filter((attribute) => /^on/.test(attribute[1] ?? ''))).toEqual([]);
    expect(text.match(/<script/g)).toHaveLength(1);
    // Whatever is no tag has no bracket left.
    const rest = markup.replace('<!doctype html>', '');
    expect(rest.replaceAll(/<\/?([a-z0-9]+)((?:[^<>"]|"[^"]*")*)>/g, '')).not.toMatch(/[<>]/);
  });

  it('loads nothing', () => {
    expect(text).not.toMatch(/https?:|src=[^x]|<link|@import|url\((?!#)/);
    expect(text).toContain("default-src 'none'");
  });
});
