/**
 * Makes the pictures of docs/pictures: `npm run screenshots -- ROOT...`. HTML pages and text reports of five
 * programs at three widths, light and dark. Each program comes from the first root that has it, and all of
 * /usr/bin from the root with most files there. `--only WORD` makes the pictures with that word in their
 * names. Needs Debian's chromium, script and pngquant.
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { terminalOutput, terminalPage } from './terminal-page.js';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const elfdeps = join(project, 'bin/elfdeps.js');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string', default: '' }, to: { type: 'string' } },
});
const pictures = resolve(values.to ?? join(project, 'docs/pictures'));
const roots = positionals.length === 0 ? ['/'] : positionals.map((each) => resolve(each));
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

/** What a root is called in a picture, since its place on the machine that makes them tells nothing. */
const ROOT = 'image';
/** The most lines of a report in a picture: a screen. */
const LINES = 50;

/** @param {string} path */
function rootWith(path) {
  if (path !== '/usr/bin') return roots.find((root) => existsSync(join(root, path)));
  const size = (/** @type {string} */ root) => readdirSync(join(root, path)).length;
  return roots.toSorted((a, b) => size(b) - size(a))[0];
}

mkdirSync(pictures, { recursive: true });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox'],
});

/**
 * @param {string} name
 * @param {string} file An HTML page, with or without a fragment.
 * @param {import('playwright-core').BrowserContextOptions} options
 * @param {string} [element] Only this; else what a window shows.
 */
async function take(name, file, options, element) {
  if (!name.includes(values.only)) return;
  const [path = '', fragment = ''] = file.split('#');
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  await page.goto(pathToFileURL(path).href + (fragment && `#${fragment}`));
  const picture = join(pictures, `${name}.png`);
  if (element === undefined) {
    // Treemaps are drawn when their width is known.
    await page.waitForTimeout(500);
    await page.screenshot({ path: picture });
  } else await page.locator(element).screenshot({ path: picture });
  await context.close();
  const quantize = ['--force', '--skip-if-larger', '--strip', '--speed', '1', '--ext', '.png'];
  execFileSync('pngquant', [...quantize, '48', picture], { stdio: 'inherit' });
  console.log(`${name}.png ${statSync(picture).size}`);
}

/**
 * @param {string} name
 * @param {string} path
 * @param {string} directory
 */
async function takeTexts(name, path, directory) {
  for (const columns of COLUMNS) {
    const words = `--root ${ROOT} ${path}`;
    const command = `node ${elfdeps} --color always ${words}`;
    const output = terminalOutput(command, directory, columns);
    for (const scheme of SCHEMES) {
      const file = join(directory, `${scheme}-${columns}.html`);
      const shown = `elfdeps ${words}`;
      writeFileSync(file, terminalPage({ shown, output, columns, scheme, most: LINES }));
      const viewport = { width: 1400, height: 1000 };
      await take(`text-${name}-${columns}-${scheme}`, file, { viewport }, 'body');
    }
  }
}

/**
 * @param {string} name
 * @param {string} path
 * @param {string} directory
 */
async function takePages(name, path, directory) {
  const file = join(directory, 'page.html');
  const options = ['--quiet', '--root', ROOT, '--format', 'html', '--output', file, path];
  try {
    execFileSync(process.execPath, [elfdeps, ...options], { cwd: directory, stdio: 'inherit' });
  } catch {
    // A page of a program that does not run is a page too.
    if (!existsSync(file)) throw new Error(`no page of ${path}`);
  }
  for (const colorScheme of SCHEMES)
    for (const width of WIDTHS)
      await take(`html-${name}-${width}-${colorScheme}`, file, {
        viewport: { width, height: width === 400 ? 800 : 1000 },
        colorScheme,
      });
  if (name !== 'ffmpeg') return;
  const viewport = { width: 1600, height: 1000 };
  await take('html-panel', `${file}#lib=libavfilter.so.8`, { viewport });
  await take('html-graph', `${file}#graph`, { viewport });
}

for (const [name = '', path = ''] of PROGRAMS) {
  const root = rootWith(path);
  if (root === undefined) {
    console.log(`${name}: no root has ${path}, so it has no picture`);
    continue;
  }
  const directory = join(work, name);
  mkdirSync(directory);
  symlinkSync(root, join(directory, ROOT));
  await takeTexts(name, path, directory);
  await takePages(name, path, directory);
}
await browser.close();
rmSync(work, { recursive: true, force: true });
