/**
 * Sizes that options take, and --max-unpacked, which takes one.
 */
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { parseByteSize } from '../../src/cli/byte-size.js';
import { runCli } from '../support/cli-runner.js';
import { tar } from '../support/tar-builder.js';

describe('a size', () => {
  it.each([
    ['1', 1],
    ['1048576', 1 << 20],
    ['20GiB', 20 * 2 ** 30],
    ['1.5k', 1536],
    ['2 MB', 2_000_000],
    ['3T', 3 * 2 ** 40],
  ])('%s is %i bytes', (text, bytes) => {
    expect(parseByteSize('--max', text)).toBe(bytes);
  });

  it.each(['', '0', '-1', 'many', '1X', '1e9', 'GiB', '99999999T'])('%j is none', (text) => {
    expect(() => parseByteSize('--max', text)).toThrow('--max takes a size such as 20GiB');
  });
});

describe('--max-unpacked', () => {
  const directory = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-size-'));
  afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));
  const root = nodePath.join(directory, 'root.tar.gz');
  fs.writeFileSync(root, gzipSync(tar([{ name: 'file', body: new Uint8Array(1 << 20) }])));

  it.each([
    ['10MiB', '/file: not an ELF file'],
    ['100K', 'allow more with --max-unpacked SIZE'],
  ])('%s: %s', async (size, message) => {
    const { code, stderr } = await runCli(['--root', root, '--max-unpacked', size, '/file']);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

it('a wrong size is told without an archive too', async () => {
  const { code, stdout, stderr } = await runCli(['/gone', '--max-unpacked', '3x']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^elfdeps: --max-unpacked takes /);
});
