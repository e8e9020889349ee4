/**
 * The Dockerfile of the README, built by buildah: a build stage without Node.js is analysed from a
 * stage that has it, through a mount. Its two base images are made here, of this machine's programs.
 */
import { cpSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { command, describeWith } from '../support/requirement.js';
import { Containers, chrootRequirements, elfdeps, succeed } from './containers.js';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const [dockerfile = ''] =
  /^FROM debian:12 AS build\n[\s\S]*?(?=^```$)/m.exec(
    readFileSync(join(PROJECT, 'README.md'), 'utf8'),
  ) ?? [];
const SOURCE = '#include <stdio.h>\nint main(void) { puts("Hello from scratch!"); return 0; }\n';
const tools = ['gcc', 'buildah'].map(command);

describeWith('the Dockerfile of the README', [...chrootRequirements, ...tools], () => {
  let containers: Containers;

  beforeAll(() => {
    containers = new Containers();
  });
  afterAll(() => containers.close());

  /** An image of programs of this machine, under the name that the README's has. */
  function base(tag: string, ...programs: readonly string[]): void {
    const text = elfdeps('dockerfile', '-q', ...programs);
    containers.build(text, { contexts: ['build=/'], tag: `localhost/${tag}` });
  }

  it('makes an image that runs', () => {
    base('debian:12', '/bin/sh');
    base(
      'node:22-slim',
      '/bin/sh',
      '/usr/bin/env',
      `${realpathSync(process.execPath)}:/usr/bin/node`,
    );
    const context = containers.makeDirectory();
    writeFileSync(join(context, 'hello.c'), SOURCE);
    succeed('gcc', join(context, 'hello.c'), '-o', join(context, 'hello'));
    const clone = join(context, 'elfdeps');
    mkdirSync(clone);
    for (const part of ['bin', 'dist', 'package.json'])
      cpSync(join(PROJECT, part), join(clone, part), { recursive: true });
    const text = dockerfile.replaceAll(/^FROM (?=debian|node)/gm, 'FROM localhost/');
    expect(text.match(/^FROM localhost/gm)).toHaveLength(2);
    const container = containers.create(containers.build(text, { context }));
    expect(container.entrypoint).toEqual(['/usr/local/bin/hello']);
    expect(containers.run(container, ...container.entrypoint)).toEqual({
      status: 0,
      stdout: 'Hello from scratch!\n',
      stderr: '',
    });
  });
});
