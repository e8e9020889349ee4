/**
 * The reference of the library builds without a warning: each link in a docstring leads somewhere, and
 * each type that an export mentions is in it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { PROJECT } from './support/markdown.js';

const directory = mkdtempSync(join(tmpdir(), 'elfdeps-api-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('npm run docs:api has no warnings', () => {
  const { scripts } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
  const [node, ...script] = scripts['docs:api'].split(' ');
  expect(node).toBe('node');
  const { status, stdout, stderr } = spawnSync(process.execPath, [...script, directory], {
    cwd: PROJECT,
    encoding: 'utf8',
  });
  expect({ status, said: `${stdout}${stderr}` }).toEqual({ status: 0, said: '' });
  const pages = ['functions/index.traceDependencies.html', 'interfaces/index.Finding.html'];
  expect(pages.filter((page) => !existsSync(join(directory, page)))).toEqual([]);
  // The members of a type that is made of another one are there too.
  const finding = readFileSync(join(directory, 'interfaces/index.Finding.html'), 'utf8');
  expect(finding).toContain('severity');
});
