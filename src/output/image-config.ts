/**
 * The configuration of an image: how it is started, and on which platform.
 * Source: OCI image specification 1.1, config.md.
 */
import type { ImagePlan } from '../image/image-plan.js';

/** The object to write as JSON. `diffId` is the digest of the uncompressed layer, `created` seconds. */
export function formatImageConfig(plan: ImagePlan, diffId: string, created: number): object {
  const { platform, entrypoint, command, user, workdir, labels, environment } = plan;
  const time = new Date(created * 1000).toISOString();
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return {
    created: time,
    architecture: platform.architecture,
    ...(platform.variant === undefined ? {} : { variant: platform.variant }),
    os: platform.os,
    config: {
      ...(user === undefined ? {} : { User: user }),
      ...(variables.length === 0 ? {} : { Env: variables }),
      ...(entrypoint.length === 0 ? {} : { Entrypoint: entrypoint }),
      ...(command.length === 0 ? {} : { Cmd: command }),
      ...(workdir === undefined ? {} : { WorkingDir: workdir }),
      ...(Object.keys(labels).length === 0 ? {} : { Labels: labels }),
    },
    rootfs: { type: 'layers', diff_ids: [diffId] },
    history: [{ created: time, created_by: 'elfdeps image' }],
  };
}
