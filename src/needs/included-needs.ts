/**
 * What the user includes by path or pattern, as a need of the first program.
 */
import type { Trace } from '../closure/trace.js';
import { ElfdepsError, UsageError } from '../errors.js';
import { startPlace } from '../files/path-search.js';
import { globRoot, hasWildcard } from '../root/glob.js';
import { resolvePath } from '../root/resolve-path.js';
import type { Root } from '../root/root.js';
import { loadableFiles } from './loadable-files.js';
import type { RuntimeNeed } from './need.js';
import { scriptsAndCommands } from './scripts-and-commands.js';
import { withoutSecrets } from './secrets.js';

/**
 * Included files belong to the first program: its loader resolves what is a library. `started` are those
 * that the command of an image names: no secret is among them. None without patterns. Throws
 * {@link UsageError} for a relative path, and FILE_NOT_FOUND for a pattern that nothing fits.
 */
export function includedNeeds(
  trace: Trace,
  include: readonly string[],
  started: readonly string[] = [],
): RuntimeNeed[] {
  const [first] = trace.closures;
  const patterns = [...include, ...started];
  if (patterns.length === 0 || first === undefined) return [];
  const named = new Set(patterns.filter((pattern) => isFile(trace.root, pattern)));
  const found = patterns
    .filter((pattern) => !named.has(pattern))
    .flatMap((pattern) => expand(trace.root, pattern));
  // A secret is added if its own path is named, not if a pattern or its directory is.
  const asked = new Set(include);
  const { paths, secrets } = withoutSecrets(trace.files, [
    ...[...named].filter((path) => !asked.has(path)),
    ...found,
  ]);
  const files = [...[...named].filter((path) => asked.has(path)), ...paths];
  const { libraries, programs } = loadableFiles(trace.files, files);
  const own = scriptsAndCommands(trace.files, files, startPlace(trace.options), true);
  return [
    {
      kind: 'include',
      program: first.program.path,
      because: `--include ${patterns.join(' ')}`,
      confidence: 'sure',
      files,
      secrets: secrets.length > 0 ? secrets : undefined,
      except: [],
      opens: libraries.map((name) => (named.has(name) ? { name, required: true } : { name })),
      starts: [...new Set([...programs, ...own.scripts, ...own.programs])],
      directories: [],
      generated: {},
    },
  ];
}

function isFile(root: Root, path: string): boolean {
  const file = resolvePath(root, path);
  return file.found && file.entry.kind === 'file';
}

function expand(root: Root, pattern: string): readonly string[] {
  if (!pattern.startsWith('/'))
    throw new UsageError(`--include '${pattern}': not an absolute path in the root`);
  if (resolvePath(root, pattern).found) return [pattern];
  const found = hasWildcard(pattern) ? globRoot(root, pattern, { globstar: true }) : [];
  if (found.length > 0) return found;
  const fact = hasWildcard(pattern)
    ? 'no file of the root fits this pattern of --include'
    : 'no such file or directory to include';
  throw new ElfdepsError('FILE_NOT_FOUND', fact, { path: pattern });
}
