/**
 * The configuration of an image: how it is started, and on which platform.
 * Source: OCI image specification 1.1, config.md.
 */
import type { ImagePlan } from '../image/image-plan.js';

/**
 * The object to write as JSON, which leaves out undefined fields. `diffId` is the digest of the
 * uncompressed layer, `created` is in seconds since 1970.
 */
export function formatImageConfig(plan: ImagePlan, diffId: string, created: number): object {
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
