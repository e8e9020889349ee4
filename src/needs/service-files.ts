/**
 * What the files of an init system say about a program: the words that start it, the users that it runs
 * as, and the directories that are made for it. Units, tmpfiles.d and scripts are found by the program's name.
 * Source: systemd.service(5), systemd.exec(5), tmpfiles.d(5), openrc-run(8).
 */
import { madeOnce } from '../root/made-once.js';
import { baseName } from '../root/path-text.js';
import { bears, stemsOf } from './name-stems.js';
import type { ProgramFacts } from './program-facts.js';
import { scriptLines } from './script-lines.js';

/** A directory that is made before the program starts. */
export interface ServiceDirectory {
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
  /** Names or numbers; root without them. */
  readonly user?: string;
  readonly group?: string;
}

export interface ServiceFiles {
  /** The unit whose command is the program; absent where none is. */
  readonly unit?: string;
  /** Words of its commands, and of the variables that it takes from files. */
  readonly words: readonly string[];
  /** Users and groups. */
  readonly users: readonly string[];
  readonly directories: readonly ServiceDirectory[];
}

const PLACES = ['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'];
/** The directories of systemd.exec(5), with what they stand for. */
const MADE: readonly (readonly [field: string, base: string])[] = [
  ['RuntimeDirectory', '/run'],
  ['StateDirectory', '/var/lib'],
  ['CacheDirectory', '/var/cache'],
  ['LogsDirectory', '/var/log'],
];

/** What systemd's files say of a program; empty lists where there are none. */
export const serviceFiles = madeOnce(read);

function read(facts: ProgramFacts): ServiceFiles {
  const units = textsIn(facts, 'systemd/system', /\.service$/).filter(({ text }) =>
    startsProgram(facts, text),
  );
  if (units.length === 0) return readScript(facts);
  const unit = units[0]?.text ?? '';
  const [user] = valuesOf(unit, 'User');
  const [group = user] = valuesOf(unit, 'Group');
  const variables = valuesOf(unit, 'EnvironmentFile').map((path) =>
    (facts.readText(path.replace(/^-/, '')) ?? '').replace(/^[ \t]*#.*$/gm, ''),
  );
  variables.push(...[...unit.matchAll(/^Environment=(.*)$/gm)].map(([, text = '']) => text));
  const commands = [...unit.matchAll(/^ExecStart(?:Pre)?=(.*)$/gm)].map(([, words = '']) => words);
  return {
    unit: units[0]?.path,
    words: [...commands, ...variables].flatMap((text) => text.split(/[\s"'=]+/)),
    users: [user, group].filter((name) => name !== undefined),
    directories: [
      ...MADE.flatMap(([field, base]) => {
        const mode = modeOf(valuesOf(unit, `${field}Mode`)[0]);
        return valuesOf(unit, field).map((name) => ({
          path: `${base}/${name}`,
          mode,
          user,
          group,
        }));
      }),
      ...commands.flatMap(madeByCommand),
      ...textsIn(facts, 'tmpfiles.d', /\.conf$/).flatMap(({ text }) => directoriesOf(text)),
    ],
  };
}

/** The script of an older init system in the place of a unit. */
function readScript(facts: ProgramFacts): ServiceFiles {
  const directories = textsIn(facts, 'tmpfiles.d', /\.conf$/).flatMap(({ text }) =>
    directoriesOf(text),
  );
  const scripts = textsIn(facts, 'init.d', /./).map(({ path, text }) => {
    const name = baseName(path);
    // The service manager reads it before the script.
    const settings = facts.readText(`/etc/conf.d/${name}`) ?? '';
    const lines = scriptLines(`${settings}\n${text}`, { RC_SVCNAME: name, SVCNAME: name });
    return { path, lines };
  });
  const script = scripts.find(({ lines }) => namesProgram(facts, lines.join('\n')));
  const lines = script?.lines ?? [];
  return {
    unit: script?.path,
    words: lines.flatMap((line) => line.split(/[\s"'=:;]+/)),
    users: [],
    directories: [...lines.flatMap(madeByCommand), ...directories],
  };
}

function namesProgram({ closure }: ProgramFacts, text: string): boolean {
  const { path, realPath } = closure.program;
  return text.split(/[\s"'=;]+/).some((word) => word === path || word === realPath);
}

/** Files of a kind that bear the program's name; one of the same name counts where it is first. */
function textsIn(facts: ProgramFacts, directory: string, names: RegExp) {
  const stems = stemsOf(facts.closure.program.realPath);
  const found = new Map<string, { readonly path: string; readonly text: string }>();
  for (const place of PLACES)
    for (const name of facts.namesIn(`${place}/${directory}`)) {
      if (!names.test(name) || name.includes('@') || found.has(name)) continue;
      if (!bears(name, stems)) continue;
      const path = `${place}/${directory}/${name}`;
      const text = facts.readText(path);
      if (text !== undefined) found.set(name, { path, text: text.replaceAll(/\\\n/g, ' ') });
    }
  return [...found.values()];
}

function startsProgram({ closure, files }: ProgramFacts, unit: string): boolean {
  const [, command = ''] = /^ExecStart=[-@:+!]*(\S+)/m.exec(unit) ?? [];
  if (baseName(command) === '') return false;
  const file = files.resolve(command);
  return file.found && file.path === closure.program.realPath;
}

function valuesOf(unit: string, field: string): string[] {
  return [...unit.matchAll(new RegExp(`^${field}=(.*)$`, 'gm'))].flatMap(([, value = '']) =>
    value.split(/\s+/).filter((word) => word !== ''),
  );
}

/** Octal digits; of other words (`u=rwx`) the usual mode. */
function modeOf(word = ''): number {
  return /^[0-7]{1,5}$/.test(word) ? Number.parseInt(word, 8) & 0o7777 : 0o755;
}

/** `chown user:group /run/app`, `install -d -o user /run/app`, `checkpath --directory -o user:group /run/app` */
function madeByCommand(command: string): ServiceDirectory[] {
  const [first = '', ...words] = command.split(/[\s"']+/).filter((word) => word !== '');
  const path = words.at(-1) ?? '';
  const name = baseName(first.replace(/^[-@:+!]*/, ''));
  if (!path.startsWith('/')) return [];
  const has = (...names: readonly string[]) => words.some((word) => names.includes(word));
  const argument = (...names: readonly string[]) =>
    words.find((_, at) => names.includes(words[at - 1] ?? ''));
  const mode = modeOf(argument('-m', '--mode'));
  const made = (owner: string | undefined) => {
    const [user, group] = owner?.split(':') ?? [];
    return [{ path, mode, user, group }];
  };
  if (name === 'chown') return made(words.at(-2));
  if (name === 'checkpath' && has('-d', '--directory')) return made(argument('-o', '--owner'));
  if (name !== 'install' || !has('-d')) return [];
  return [{ path, mode, user: argument('-o'), group: argument('-g') }];
}

/** `d /run/app 0755 user group -` */
function directoriesOf(text: string): ServiceDirectory[] {
  return text.split('\n').flatMap((line) => {
    const [type = '', path = '', mode = '', user, group] = line.trim().split(/\s+/);
    if (!/^[dDvqQ][+!=~^$-]*$/.test(type) || !path.startsWith('/') || path.includes('%')) return [];
    const named = (name: string | undefined) => (name === '-' ? undefined : name);
    return [
      {
        path: path.replace(/^\/var\/run\//, '/run/'),
        mode: modeOf(mode.replace(/^[~:]+/, '')),
        user: named(user),
        group: named(group),
      },
    ];
  });
}
