/**
 * Libraries that belong to the machine's kernel driver and are put into a container when it starts:
 * copying them into an image binds it to one driver version.
 * Sources: NVIDIA container toolkit (libnvidia-container nvc_info.c); Mesa.
 */
import { baseName } from '../root/path-text.js';

const PROVIDERS: readonly (readonly [names: RegExp, who: string, remedy: string])[] = [
  [
    /^lib(?:cuda|nvidia-[\w-]+|nvcuvid|nvoptix|cudadebugger|GLX_nvidia|EGL_nvidia|vdpau_nvidia)\.so/,
    "NVIDIA's kernel driver",
    'run it with the NVIDIA container runtime (docker run --gpus all), and do not copy the file',
  ],
  [
    /^lib(?:GLX_mesa|EGL_mesa|gallium[\w.-]*|vulkan_[\w-]+)\.so/,
    "the machine's graphics driver",
    "install the image's own Mesa drivers and pass the device in (docker run --device /dev/dri)",
  ],
  [
    /^lib(?:amdhip64|hsa-runtime64|ze_intel_gpu)\.so/,
    "the GPU's driver stack",
    'take an image of the GPU vendor as the base, and pass the devices in',
  ],
];

/** Whether a library by that name or path belongs to the machine. */
export function isHostProvided(name: string): boolean {
  return hostProvider(baseName(name)) !== undefined;
}

/** Why such a library is not to be copied, and what to do; undefined for every other name. */
export function hostProvider(name: string): { cause: string; remedy: string } | undefined {
  const found = PROVIDERS.find(([names]) => names.test(name));
  if (found === undefined) return undefined;
  return { cause: `the library belongs to ${found[1]} and comes from the host`, remedy: found[2] };
}
