/**
 * Names from hostile files in the formats that have a syntax of their own: nothing gets out of its
 * quotes, and the page has no tag and no attribute from a file.
 */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { printable } from '../../src/errors.js';
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
  const data = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(text)?.[1] ?? '';
  /** Without the page's own style and script, and without the data. */
  const markup = text
    .replace(/(<style>).*?(<\/style>)/s, '$1$2')
    .replace(/(<script>).*?(<\/script>)/s, '$1$2')
    .replace(data, '');
  it('has the tags and attributes of the page, and none from a file', () => {
    const tags = [...markup.matchAll(/<\/?([a-z0-9]+)((?:[^<>"]|"[^"]*")*)>/g)];
    const known =
      /^(?:html|head|meta|title|style|body|header|h[12]|wbr|p|code|main|div|noscript|table|thead|tbody|tr|th|td|span|script)$/;
    expect([...new Set(tags.map((tag) => tag[1] as string))].filter((t) => !known.test(t))).toEqual(
      [],
    );
    const attributes = tags.flatMap((tag) => [
      ...(tag[2] ?? '').matchAll(/([\w-]+)=?(?:"[^"]*")?/g),
    ]);
    expect(tags.length).toBeGreaterThan(100);
    expect([...new Set(attributes.map((attribute) => attribute[1]))].sort()).toEqual(
      ['charset', 'class', 'content', 'http-equiv', 'id', 'lang', 'name', 'type'].sort(),
    );
    expect(text.match(/<script/g)).toHaveLength(2);
    // Whatever is no tag has no bracket left.
    const rest = markup.replace('<!doctype html>', '');
    expect(rest.replaceAll(/<\/?([a-z0-9]+)((?:[^<>"]|"[^"]*")*)>/g, '')).not.toMatch(/[<>]/);
  });

  it('has the names in its data as they are, without anything that ends the data', () => {
    expect(data).not.toMatch(/[<>&]/);
    const { root, files } = JSON.parse(data) as { root: string; files: { name: string }[] };
    expect(root).toBe('<i>');
    const plain = HOSTILE.filter((name) => printable(name) === name);
    expect(files.map(({ name }) => name)).toEqual(
      expect.arrayContaining([...plain, '<u>main</u>']),
    );
  });

  it('allows its own style and script, and no other', () => {
    const hash = (name: string) => {
      const content = new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(text)?.[1] ?? '';
      return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
    };
    const policy = / http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1];
    expect(policy?.split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${hash('style')}`,
      `script-src ${hash('script')}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it('loads nothing', () => {
    // The name of SVG, which only looks like an address.
    const loading = text.replaceAll('http://www.w3.org/2000/svg', '');
    expect(loading).not.toMatch(/https?:|src=[^x]|<link|@import|url\((?!#)/);
    expect(text).toContain("default-src 'none'");
  });
});
