/**
 * `elfdeps/elf` in a browser: a bundler that knows no Node.js takes it, and what it makes runs where
 * there is no `process`, no `Buffer` and no `require`.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { parseElf } from '../../src/elf/elf-file.js';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

it('parses an ELF file', async () => {
  const result = await build({
    absWorkingDir: PROJECT,
    stdin: { contents: "export { parseElf } from 'elfdeps/elf';", resolveDir: PROJECT },
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'elfdeps',
    logLevel: 'silent',
  });
  const bytes = new Uint8Array(readFileSync(new URL('samples/hello/hello', `file://${PROJECT}`)));
  const context = createContext({ TextDecoder, bytes });
  const parsed = runInContext(
    `${result.outputFiles[0]?.text}; JSON.stringify(elfdeps.parseElf(bytes))`,
    context,
  );
  expect(JSON.parse(parsed)).toEqual(JSON.parse(JSON.stringify(parseElf(bytes))));
  expect(JSON.parse(parsed).interpreter).toMatch(/ld-/);
});
