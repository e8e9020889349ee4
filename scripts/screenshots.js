/**
 * Makes the pictures of docs/pictures: `npm run screenshots -- [ROOT]`. HTML pages at three widths and the
 * text report at three, light and dark. Programs that ROOT does not have are taken from this machine, and
 * one that neither has is left out, and said so. Needs Debian's chromium, script and pngquant.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const pictures = join(project, 'docs/pictures');
const elfdeps = join(project, 'bin/elfdeps.js');
const [given = '/'] = process.argv.slice(2);
const work = mkdtempSync(join(tmpdir(), 'elfdeps-pictures-'));

/** What each picture is named after, and the file or directory in the root. */
const PROGRAMS = [
  ['hello', '/usr/bin/hello'],
  ['git', '/usr/bin/git'],
  ['ffmpeg', '/usr/bin/ffmpeg'],
  ['soffice', '/usr/lib/libreoffice/program/soffice.bin'],
  ['all', '/usr/bin'],
];
const SCHEMES = /** @type {const} */ (['light', 'dark']);
const WIDTHS = [400, 900, 1600];
const COLUMNS = [60, 80, 120];

/** SGR codes that reports use, as names of classes; the codes that end them are below. */
const CODES = { 1: 'bold', 2: 'dim', 31: 'red', 32: 'green', 33: 'yellow' };

const STYLE = `body{margin:0;padding:12px;width:max-content}pre{margin:0;font:14px/1.35 monospace}
.bold{font-weight:bold}.dim{opacity:.75}
.light{background:#fff;color:#1a1d21}.light .red{color:#a61b12}.light .green{color:#0f5f30}.light .yellow{color:#7a4a00}
.dark{background:#15181c;color:#e8eaed}.dark .red{color:#ff9a90}.dark .green{color:#7ee2a6}.dark .yellow{color:#ffc76b}`;

/** @param {string} text */
function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/**
 * What a terminal of these columns shows, as HTML.
 * @param {string} root
 * @param {string} path
 * @param {number} columns
 */
function terminalText(root, path, columns) {
  const command = `stty cols ${columns} rows 50; node ${elfdeps} --color always --root ${root} ${path} || true`;
  const output = execFileSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8' });
  let open = 0;
  const parts = output.replaceAll('\r', '').split(new RegExp(`${String.fromCharCode(27)}\\[`));
  const [first = '', ...others] = parts;
  const spans = others.map((part) => {
    const [, code = '', text = ''] = /^([\d;?]*)[A-Za-z]([\s\S]*)$/.exec(part) ?? [];
    const name = CODES[/** @type {keyof typeof CODES} */ (code)];
    const isEnd = name === undefined && open > 0;
    open += name === undefined ? (isEnd ? -1 : 0) : 1;
    const tag = name === undefined ? (isEnd ? '</span>' : '') : `<span class="${name}">`;
    return tag + escaped(text);
  });
  return `${escaped(first)}${spans.join('')}${'</span>'.repeat(open)}`.trimEnd();
}

mkdirSync(pictures, { recursive: true });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox'],
});

/**
 * @param {string} name
 * @param {string} url
 * @param {import('playwright-core').BrowserContextOptions} options
 * @param {string} [element] Only this; else what a window shows.
 */
async function take(name, url, options, element) {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  await page.goto(url);
  const path = join(pictures, `${name}.png`);
  if (element === undefined) {
    // Treemaps are drawn when their width is known.
    await page.waitForTimeout(500);
    await page.screenshot({ path });
  } else await page.locator(element).screenshot({ path });
  await context.close();
  execFileSync('pngquant', ['--force', '--skip-if-larger', '--ext', '.png', '48', path], {
    stdio: 'inherit',
  });
  console.log(`${name}.png ${statSync(path).size}`);
}

for (const [name = '', path = ''] of PROGRAMS) {
  const root = [given, '/'].find((each) => existsSync(join(each, path)));
  if (root === undefined) {
    console.log(`${name}: ${path} is neither in ${given} nor here, so it has no picture`);
    continue;
  }
  const file = join(work, `${name}.html`);
  const page = ['--quiet', '--root', root, '--format', 'html', '--output', file, '--force', path];
  try {
    execFileSync(process.execPath, [elfdeps, ...page], { stdio: 'inherit' });
  } catch {
    // A page of a program that does not run is a page too.
    if (!existsSync(file)) throw new Error(`no page of ${path}`);
  }
  const url = pathToFileURL(file).href;
  for (const colorScheme of SCHEMES)
    for (const width of WIDTHS)
      await take(`html-${name}-${width}-${colorScheme}`, url, {
        viewport: { width, height: width === 400 ? 800 : 1000 },
        colorScheme,
      });
  if (name === 'ffmpeg') {
    const viewport = { width: 1600, height: 1000 };
    await take('html-panel', `${url}#lib=libavfilter.so.8`, { viewport });
    await take('html-graph', `${url}#graph`, { viewport });
  }
  if (name !== 'git') continue;
  for (const scheme of SCHEMES)
    for (const columns of COLUMNS) {
      const text = join(work, `${scheme}-${columns}.html`);
      const lines = terminalText(root, path, columns);
      writeFileSync(
        text,
        `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><body class="${scheme}"><pre>${lines}</pre>`,
      );
      const viewport = { width: 1400, height: 800 };
      await take(`text-${columns}-${scheme}`, pathToFileURL(text).href, { viewport }, 'body');
    }
}
await browser.close();
rmSync(work, { recursive: true, force: true });
