/**
 * Which programs an image needs: those that its entry point and its health check start, and those that
 * the application brings itself.
 * Source: OCI image specification, config.md; moby image/spec/v1.2.md (Healthcheck, Shell).
 */
import { startPlace } from '../files/path-search.js';
import type { RootFiles } from '../files/root-files.js';
import { loadableFiles } from '../needs/loadable-files.js';
import type { RuntimeNeed } from '../needs/need.js';
import { scriptsAndCommands } from '../needs/scripts-and-commands.js';
import { readStartCommand, type StartCommand } from '../needs/start-command.js';
import type { ImageConfiguration } from '../root/root.js';

/** The command of a health check. */
export interface HealthCheck {
  readonly words: readonly string[];
  /** What it starts; undefined where that cannot be told. */
  readonly start?: StartCommand;
}

/** The health check of an image; undefined where it has none, or turns that of its base off. */
export function readHealthCheck(
  image: ImageConfiguration,
  files: RootFiles,
): HealthCheck | undefined {
  const config = (image.fields.config ?? {}) as Record<string, unknown>;
  const { Test: test } = (config.Healthcheck ?? {}) as { Test?: unknown };
  const [kind, ...rest] = textsOf(test);
  if (rest.length === 0 || (kind !== 'CMD' && kind !== 'CMD-SHELL')) return undefined;
  const shell = textsOf(config.Shell);
  const words =
    kind === 'CMD' ? rest : [...(shell.length > 0 ? shell : ['/bin/sh', '-c']), ...rest];
  const place = { files, ...placeOf(image) };
  // The shell is there even where its text cannot be told.
  const start = readStartCommand(words, place) ?? readStartCommand(words.slice(0, 1), place);
  return { words, start };
}

/** What the application starts and opens, as a need of the image's first program. */
export function applicationNeed(
  files: RootFiles,
  image: ImageConfiguration,
  program: string,
  kept: Iterable<string>,
  started: readonly string[],
): RuntimeNeed {
  const paths = [...kept].filter((path) => files.root.lstat(path)?.kind === 'file');
  const { libraries, programs } = loadableFiles(files, paths);
  const own = scriptsAndCommands(files, [...started, ...paths], placeOf(image));
  const starts = [...own.scripts, ...own.programs, ...programs];
  return {
    kind: 'application',
    program,
    because: 'files of the application',
    confidence: 'sure',
    files: [],
    except: [],
    opens: libraries.map((name) => ({ name })),
    starts: [...new Set(starts)].filter((path) => !started.includes(path)),
    directories: [],
    generated: {},
  };
}

function placeOf({ workdir, environment }: ImageConfiguration) {
  return startPlace({ cwd: workdir, searchPath: environment.PATH });
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
