/**
 * Which program an image starts where no file is named: its entry point and command, read as a container
 * engine and a shell would.
 */
import { UsageError } from '../errors.js';
import { startPlace } from '../files/path-search.js';
import type { RootFiles } from '../files/root-files.js';
import { readStartCommand, type StartCommand } from '../needs/start-command.js';
import { imageStart } from './image-options.js';
import { commandOf, environmentOf, type SearchOptions, workdirOf } from './image-start.js';

/**
 * What the image starts, where no file is named. Throws {@link UsageError} for a root that is no image,
 * and for a command that cannot be read.
 */
export function startOfImage(files: RootFiles, options: SearchOptions): StartCommand {
  const { root } = files;
  if (root.image === undefined) {
    const why = root.isHost ? '' : `, and ${root.name} is no image, which could name one`;
    throw new UsageError(`no file given${why}`);
  }
  const { entrypoint, command } = commandOf(root, imageStart(options));
  const words = [...entrypoint, ...command];
  if (words.length === 0)
    throw new UsageError(`no file given, and ${root.name} has no entry point and no command`);
  const start = readStartCommand(words, {
    files,
    ...startPlace({
      cwd: workdirOf(root, options),
      searchPath: environmentOf(root, options).PATH,
    }),
  });
  if (start !== undefined) return start;
  throw new UsageError(`what ${root.name} starts cannot be told from '${words.join(' ')}'`, {
    hint: 'name the program as a file argument',
  });
}
