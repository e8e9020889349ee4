/**
 * The completion scripts in real shells. bash and zsh run on a pty, where all that matches is put into the
 * line by a key; fish tells what it would offer. All three must offer the same.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { COMMAND_NAMES } from '../../src/cli/command.js';
import { topics } from '../../src/cli/topics.js';
import { architectures } from '../../src/elf/platform.js';
import { checkReports, loaders, needDetectors, reports } from '../../src/registry.js';
import { ELFDEPS } from '../support/built-cli.js';
import { command, describeWith } from '../support/requirement.js';

const directory = mkdtempSync(join(tmpdir(), 'elfdeps-completion-'));
afterAll(() => rmSync(directory, { recursive: true }));
mkdirSync(join(directory, 'work/sub-dir'), { recursive: true });
writeFileSync(join(directory, 'work/a-file'), '');
writeFileSync(join(directory, 'work/sub-file'), '');
for (const shell of ['bash', 'zsh', 'fish'])
  writeFileSync(
    join(directory, `script.${shell}`),
    execFileSync(process.execPath, [ELFDEPS, 'completion', shell]),
  );

const formats = reports.map(({ name }) => name);
const kinds = needDetectors.map(({ kind }) => kind);
const starting = (names: readonly string[], start: string) =>
  names.filter((name) => name.startsWith(start));

/** A line, and every word that may stand where it ends. */
const rows: readonly (readonly [string, readonly string[]])[] = [
  ['dockerf', ['dockerfile']],
  ['co', ['copy', 'completion']],
  ['a-', ['a-file']],
  ['copy a-', ['a-file']],
  ['--no', ['--no-color']],
  ['--all', ['--all', '--all-edges']],
  ['a-file --all-', ['--all-edges']],
  ['copy --wi', ['--with', '--without']],
  ['copy --al', ['--allow-incomplete']],
  ['check --st', ['--strict']],
  ['check a-file --st', ['--strict']],
  ['-f ', formats],
  ['--format ', formats],
  ['a-file -f ', formats],
  ['check -f ', checkReports.map(({ name }) => name)],
  ['--root copy -f ld', ['ldd']],
  ['--loader ', loaders.map(({ name }) => name)],
  ['--color ', ['auto', 'always', 'never']],
  ['check --platform linux/s', starting(architectures, 's').map((name) => `linux/${name}`)],
  ['image --layout ', ['docker', 'oci']],
  ['image --compression z', ['zstd']],
  ['copy --with ter', ['terminfo']],
  ['copy --with nss,cer', ['nss,certs']],
  ['--format=js', ['--format=json']],
  ['copy --without=nss,cer', ['--without=nss,certs']],
  ['copy --without static-', starting(kinds, 'static-')],
  ['copy --to sub', ['sub-dir']],
  ['--root sub', ['sub-dir', 'sub-file']],
  ['-o a-', ['a-file']],
  ['completion ', ['bash', 'zsh', 'fish']],
  ['help ro', ['roots']],
  ['help ', [...COMMAND_NAMES, ...topics.map(({ name }) => name), 'man']],
];

/** Types `keys` into a shell on a pty, and ends with it. */
const PTY = `
import os, pty, select, sys
keys = sys.stdin.buffer.read()
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
while True:
    readable, writable, _ = select.select([terminal], [terminal] if keys else [], [])
    if writable:
        keys = keys[os.write(terminal, keys[:1]):]
    if readable:
        try:
            if not os.read(terminal, 4096):
                break
        except OSError:
            break
os.waitpid(pid, 0)
`;

/** The words that stand in each line after the key for all matches. */
function matchesOnPty(shell: readonly string[], setup: string): string[][] {
  const out = join(directory, `${shell[0]}.out`);
  const record = `elfdeps() { printf '%s\\0' "$@" >> '${out}'; printf '\\n' >> '${out}'; }`;
  writeFileSync(join(directory, `${shell[0]}.rc`), `${setup}\n${record}\n`);
  const lines = [
    `source '${directory}/${shell[0]}.rc'; cd '${directory}/work'\n`,
    ...rows.map(([line]) => `elfdeps ${line}\x1b*\n`),
    'exit\n',
  ];
  execFileSync('python3', ['-c', PTY, ...shell], {
    input: lines.join(''),
    env: { PATH: process.env.PATH, HOME: directory, TERM: 'xterm' },
    timeout: 120_000,
  });
  return readFileSync(out, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\0').slice(0, -1));
}

const sorted = (words: readonly string[]) =>
  [...new Set(words.map((word) => word.replace(/\/$/, '')))].sort();

function requireMatches(lines: readonly (readonly string[])[]): void {
  rows.forEach(([line, matches], index) => {
    // The last word of the line is replaced by all that matches.
    const before = line.split(' ').length - 1;
    const words = lines[index] ?? [];
    expect([line, sorted(words.slice(before))]).toEqual([line, sorted(matches)]);
  });
  expect(lines.length).toBe(rows.length);
}

describeWith('bash', [command('bash'), command('python3')], () => {
  it('offers what matches', () => {
    const setup = `source '${directory}/script.bash'`;
    requireMatches(matchesOnPty(['bash', '--norc', '--noprofile', '-i'], setup));
  });
});

describeWith('zsh', [command('zsh'), command('python3')], () => {
  it('offers what matches', () => {
    const setup = [
      'autoload -U compinit && compinit -u -D',
      `source '${directory}/script.zsh'`,
      "zle -C all-matches complete-word _generic && bindkey '\\e*' all-matches",
      "zstyle ':completion:all-matches:*' completer _all_matches _complete",
      "zstyle ':completion:all-matches:*' insert true",
    ].join('\n');
    requireMatches(matchesOnPty(['zsh', '-f', '-i'], setup));
  });
});

describeWith('fish', [command('fish')], () => {
  it('offers what matches', () => {
    const asked = rows.map(([line]) => `complete -C 'elfdeps ${line}'; echo ---`);
    const text = execFileSync(
      'fish',
      ['--no-config', '-c', `source ${directory}/script.fish; ${asked.join('; ')}`],
      { cwd: join(directory, 'work'), encoding: 'utf8', env: { ...process.env, HOME: directory } },
    );
    const offered = text.split('---\n').map((part) =>
      part
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split('\t')[0] ?? ''),
    );
    rows.forEach(([line, matches], index) => {
      expect([line, sorted(offered[index] ?? [])]).toEqual([line, sorted(matches)]);
    });
  });
});
