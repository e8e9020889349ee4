/**
 * Builds what the HTML page carries: its script, with the libraries that lay out graph and treemap, and
 * its style, minified, as dist/html/page.json. The page allows nothing but these two, by their hashes.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * @param {string} project
 * @param {string} output The directory for page.json.
 */
export async function buildPage(project, output) {
  const { outputFiles } = await build({
    absWorkingDir: project,
    entryPoints: ['src/report/html/page/page.ts', 'src/report/html/page/page.css'],
    outdir: output,
    write: false,
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['es2022', 'chrome105', 'firefox110', 'safari16'],
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
  });
  const [script = '', style = ''] = ['.js', '.css'].map((suffix) => {
    const file = outputFiles.find(({ path }) => path.endsWith(suffix));
    // What ends the element early would end the page's script, and a page has no control characters.
    return file?.text
      .trim()
      .replaceAll('</script', '<\\/script')
      .replaceAll('</style', '<\\/style')
      .replaceAll(/(?!\n)\p{Cc}/gu, inHex);
  });
  const page = { script, scriptHash: hash(script), style, styleHash: hash(style) };
  mkdirSync(output, { recursive: true });
  writeFileSync(join(output, 'page.json'), JSON.stringify(page));
}

/** As a string or a regular expression of the script has it. @param {string} character */
function inHex(character) {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** @param {string} text */
function hash(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/**
 * Where the script is, seen from the bundle of the command line.
 * @type {import('esbuild').Plugin}
 */
export const pageBesideProgram = {
  name: 'page beside the program',
  setup: (context) =>
    context.onLoad({ filter: /\/src\/report\/html\/page-script\.ts$/ }, () => ({
      contents:
        "import { createRequire } from 'node:module';\n" +
        "export const pageScript = () => createRequire(import.meta.url)('../html/page.json');",
    })),
};
