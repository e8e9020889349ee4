/**
 * A signal while files are written: the process dies by it, and nothing of the result is left. `npm run
 * interrupts` sends hundreds, at any moment.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ELFDEPS } from '../support/built-cli.js';

const FILES = 3000;
const PROGRAM = nodePath.resolve('samples/hello/hello-static');

describe.skipIf(process.platform !== 'linux')('copy', () => {
  let base: string;
  beforeAll(() => {
    base = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'elfdeps-signals-'));
    fs.mkdirSync(nodePath.join(base, 'root/data'), { recursive: true });
    fs.copyFileSync(PROGRAM, nodePath.join(base, 'root/program'));
    const data = Buffer.alloc(1 << 14, 'data ');
    for (let index = 0; index < FILES; index++)
      fs.writeFileSync(nodePath.join(base, 'root/data', `${index}`), data);
  });
  afterAll(() => fs.rmSync(base, { recursive: true, force: true }));

  /** How many files are written so far, in a directory beside the destination. */
  function written(out: string): number {
    const temporary = fs.readdirSync(out).find((name) => name.startsWith('tree.elfdeps-'));
    const data = nodePath.join(out, temporary ?? '', 'tree/data');
    return temporary !== undefined && fs.existsSync(data) ? fs.readdirSync(data).length : 0;
  }

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'dies by %s and leaves nothing',
    async (name) => {
      const out = nodePath.join(base, name);
      fs.mkdirSync(out);
      const words = [
        'copy',
        '--root',
        nodePath.join(base, 'root'),
        '/program',
        '--include',
        '/data/*',
      ];
      const to = ['--to', nodePath.join(out, 'tree')];
      const child = spawn(process.execPath, [ELFDEPS, ...words, ...to], { stdio: 'ignore' });
      const ended = new Promise<readonly unknown[]>((resolve) =>
        child.once('exit', (...how) => resolve(how)),
      );
      let count = 0;
      while (count === 0 && child.exitCode === null) {
        await sleep(1);
        count = written(out);
      }
      child.kill(name);
      expect(await ended).toEqual([null, name]);
      expect(count).toBeGreaterThan(0);
      expect(count).toBeLessThan(FILES);
      expect(fs.readdirSync(out)).toEqual([]);
    },
  );
});
