/**
 * The fonts that a need chooses are those that the real fontconfig takes.
 */
import { expect, it } from 'vitest';
import { RootFiles } from '../../src/files/root-files.js';
import { openRoot } from '../../src/index.js';
import { preferredFonts } from '../../src/needs/fonts/chosen-fonts.js';
import { readFontConfiguration } from '../../src/needs/fonts/font-configuration.js';
import { command, describeWith } from '../support/requirement.js';
import { succeed } from './containers.js';

describeWith('fonts of this machine', [command('fc-match')], () => {
  it.each(['sans-serif', 'serif', 'monospace'])('for %s', async (generic) => {
    const files = new RootFiles(await openRoot('/'));
    const chosen = preferredFonts(files, readFontConfiguration(files));
    expect(chosen).toContain(succeed('fc-match', '-f', '%{file}', generic));
  });
});
