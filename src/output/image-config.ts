/**
 * The configuration of an image: how it is started, and on which platform.
 * Source: OCI image specification 1.1, config.md.
 */
import type { ImagePlan } from '../image/image-plan.js';

/**
 * The object to write as JSON, which leaves out undefined fields. `diffId` is the digest of the
 * uncompressed layer, `created` is in seconds since 1970. With an `origin`, the configuration of another
 * image, all that it says stays but its history, its layers and what the plan decides.
 */
export function formatImageConfig(
  plan: ImagePlan,
  diffId: string,
  created: number,
  origin?: Readonly<Record<string, unknown>>,
): object {
  if (origin !== undefined) return continuedConfig(plan, diffId, created, origin);
  const { platform, entrypoint, command, user, workdir, labels, environment } = plan;
  const time = new Date(created * 1000).toISOString();
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return {
    created: time,
    architecture: platform.architecture,
    variant: platform.variant,
    os: platform.os,
    config: {
      User: user,
      Env: variables.length === 0 ? undefined : variables,
      Entrypoint: entrypoint.length === 0 ? undefined : entrypoint,
      Cmd: command.length === 0 ? undefined : command,
      WorkingDir: workdir,
      Labels: Object.keys(labels).length === 0 ? undefined : labels,
    },
    rootfs: { type: 'layers', diff_ids: [diffId] },
    history: [{ created: time, created_by: 'elfdeps image' }],
  };
}

/** Fields that older engines filled with how the image was built. */
const OF_THE_BUILD = ['container', 'container_config', 'docker_version', 'parent', 'id'];

function continuedConfig(
  plan: ImagePlan,
  diffId: string,
  created: number,
  origin: Readonly<Record<string, unknown>>,
): object {
  const time = new Date(created * 1000).toISOString();
  const kept = Object.entries(origin).filter(([name]) => !OF_THE_BUILD.includes(name));
  const config = (origin.config ?? {}) as Readonly<Record<string, unknown>>;
  const { labels } = plan;
  return {
    ...Object.fromEntries(kept),
    config: {
      ...config,
      // Also of the build: the image that the last instruction started from.
      Image: undefined,
      Env: continuedVariables(plan.environment, config.Env),
      Labels: Object.keys(labels).length === 0 ? undefined : labels,
    },
    rootfs: { type: 'layers', diff_ids: [diffId] },
    history: [{ created: origin.created ?? time, created_by: 'elfdeps slim' }],
  };
}

/** The variables in the order of the original; undefined for none. */
function continuedVariables(
  environment: ImagePlan['environment'],
  original: unknown,
): string[] | undefined {
  const lines = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const known: unknown[] = Array.isArray(original) ? original : [];
  const place = (line: string) => {
    const at = known.indexOf(line);
    return at < 0 ? known.length : at;
  };
  const sorted = [...lines].sort((a, b) => place(a) - place(b));
  return sorted.length === 0 ? undefined : sorted;
}
