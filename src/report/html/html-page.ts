/**
 * The frame of the HTML page: style, script and data in one file. The page loads nothing from the network, and
 * its content security policy allows only this style and this script.
 */
import { escapeHtml } from './html-text.js';
import type { PageData } from './page-data.js';
import { pageScript } from './page-script.js';

/** A whole document. `body` is HTML; `title` is text and is escaped here. */
export function htmlPage(title: string, body: readonly string[], data: PageData): string {
  const { script, scriptHash, style, styleHash } = pageScript();
  const policy = [
    "default-src 'none'",
    `style-src '${styleHash}'`,
    `script-src '${scriptHash}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">`,
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    ...body,
    `<script type="application/json" id="data">${scriptText(data)}</script>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** JSON that no parser of HTML takes for a tag, a comment or the end of the element; a line for each entry. */
function scriptText(data: PageData): string {
  const fields = Object.entries(data).map(([name, value]) => {
    const isList = Array.isArray(value) && value.length > 0;
    const text = isList
      ? `[\n${value.map((each) => JSON.stringify(each)).join(',\n')}\n]`
      : JSON.stringify(value);
    return `${JSON.stringify(name)}:${text}`;
  });
  return `{\n${fields.join(',\n')}\n}`.replaceAll(
    /[<>&]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );
}
