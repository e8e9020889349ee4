/**
 * Plans for the writers, written down as short literals: what a planner could have made.
 */
import type { ImagePlan, PlanEntry } from '../../src/image/image-plan.js';
import type { RealPath } from '../../src/root/root.js';

/** A file of a plan; it has the name in the stage that it has in the image, unless said. */
export interface FileOptions {
  readonly source?: string;
  readonly openedAs?: string;
  readonly mode?: number;
  readonly size?: number;
}

export function file(path: string, options: FileOptions = {}): PlanEntry {
  return {
    kind: 'file',
    path,
    source: (options.source ?? path) as RealPath,
    openedAs: options.openedAs ?? path,
    mode: options.mode ?? 0o755,
    size: options.size ?? 0,
    because: 'library',
  };
}

export function directory(path: string, mode = 0o755): PlanEntry {
  return { kind: 'directory', path, mode };
}

export function symlink(path: string, target: string): PlanEntry {
  return { kind: 'symlink', path, target };
}

export function planOf(entries: readonly PlanEntry[], rest: Partial<ImagePlan> = {}): ImagePlan {
  return {
    entries,
    platform: { os: 'linux', architecture: 'amd64' },
    programs: ['/app/main'],
    entrypoint: ['/app/main'],
    command: [],
    environment: {},
    labels: {},
    notes: [],
    complete: true,
    ...rest,
  };
}
