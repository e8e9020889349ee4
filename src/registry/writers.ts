/**
 * The forms that a plan can be written in.
 */
import { writeDirectory } from '../output/directory.js';
import { formatDockerfile, formatPlatformStages } from '../output/dockerfile.js';
import { writeImage, writeImageTo } from '../output/image-archive.js';
import { writeTar } from '../output/tar.js';

/** Every form a plan can be written in. */
export const writers = {
  dockerfile: formatDockerfile,
  dockerfileForPlatforms: formatPlatformStages,
  directory: writeDirectory,
  tar: writeTar,
  image: writeImage,
  imageTo: writeImageTo,
} as const;
