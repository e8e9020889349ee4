/**
 * The platform of an image, as the OCI image specification writes it, from the target of its programs.
 */
import { architectureOf } from '../elf/platform.js';
import type { Target } from '../elf/target.js';
import type { Platform } from './image-plan.js';

/** Without a program that is for a CPU, the platform that most images are for. */
export function platformOf(target: Target | null | undefined): Platform {
  if (target === null || target === undefined) return { os: 'linux', architecture: 'amd64' };
  const architecture = architectureOf(target);
  return { os: 'linux', architecture, variant: variantOf(architecture, target) };
}

/** Only the variants that a file tells: the float ABI of ARM. */
function variantOf(architecture: string, { abi }: Target): string | undefined {
  if (architecture === 'arm64') return 'v8';
  if (architecture !== 'arm') return undefined;
  return abi === 'hard-float' ? 'v7' : 'v5';
}
