/**
 * Every file of whole root file systems, answered by the root's own loader and by elfdeps:
 * `npm run test:differential:roots`. Downloads about 30 MB a root; ELFDEPS_ROOTS names the roots,
 * separated by commas, or `all`; ELFDEPS_ROOTS_DIR keeps them between runs.
 */
import { expect, it } from 'vitest';
import { reportText } from '../support/report-text.js';
import { type Answer, askRoot, describeRoots, makeRoot } from './debian-roots.js';

describeRoots('roots', 'ELFDEPS_ROOTS', [], (names, directory) => {
  it.each(names)('%s: every file as its own loader has it', async (name) => {
    const answers = await askRoot(makeRoot(name, directory));
    const mismatches = answers.flatMap(mismatch);
    console.log(`${name}: ${answers.length} files compared, ${mismatches.length} mismatches`);
    expect(answers.length).toBeGreaterThan(100);
    expect(mismatches.slice(0, 5)).toEqual([]);
  });
});

/** The two texts where the ldd report and the loader's own listing differ. */
function mismatch({ path, closure, printed }: Answer) {
  const ours = comparable(reportText('ldd', [closure]));
  const theirs = comparable(printed);
  return ours === theirs ? [] : [{ path, elfdeps: ours, loader: theirs }];
}

/** Without addresses, and without the kernel's library, which qemu-user does not have. */
function comparable(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(/ \(0x[0-9a-f]*\)$/, ''))
    .filter((line) => !/^\tlinux-(?:vdso|gate)/.test(line))
    .join('\n');
}
