/**
 * Libraries that belong to the machine's kernel driver and are put into a container when it starts:
 * copying them into an image binds it to one driver version. And the libraries that open such drivers.
 * Sources: NVIDIA container toolkit (libnvidia-container nvc_info.c); libglvnd; Vulkan loader,
 * "Driver discovery"; OpenCL ICD loader.
 */
import { baseName } from '../root/path-text.js';
import { dlopenNames } from './dlopen-texts.js';
import type { NeedContext } from './need-context.js';
import type { NeedDetector } from './runtime-need.js';

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

/** Libraries that open drivers by what stands there, and no DT_NEEDED or note tells. */
const OPENERS: readonly (readonly [library: RegExp, what: string])[] = [
  [/^lib(?:GL|GLX|EGL|OpenGL|GLESv\d)\.so/, 'drivers of OpenGL (libGLX_*.so.0, libEGL_*.so.0)'],
  [/^libvulkan\.so/, 'drivers that /etc/vulkan/icd.d and /usr/share/vulkan/icd.d name'],
  [/^libOpenCL\.so/, 'drivers that /etc/OpenCL/vendors names'],
  [/^libcu(?:dart|blas|fft|rand|solver|sparse)\.so/, "NVIDIA's libcuda.so.1"],
];

export const hostLibraries: NeedDetector = {
  kind: 'host',
  summary: 'drivers that come from the machine (told, adds nothing)',
  detect(context) {
    const names = [...new Set(hostLibraryNames(context))];
    const why = names[0] === undefined ? undefined : hostProvider(names[0]);
    if (why !== undefined)
      return { because: `${context.closure.program.path} needs ${names.join(', ')}: ${why.cause}` };
    for (const [library, what] of OPENERS) {
      const object = context.loaded(library);
      if (object === undefined) continue;
      return {
        because: `${object.path} opens ${what}: they come from the host`,
        confidence: 'possible',
      };
    }
    return undefined;
  },
};

/** Names of such libraries that a program needs, has a note of, or names where it calls dlopen. */
function hostLibraryNames(context: NeedContext): string[] {
  const { closure } = context;
  const names = closure.libraries.map(({ name }) => name);
  for (const { elf } of closure.objects)
    for (const { sonames } of elf.dlopenNotes) names.push(...sonames);
  return [...names, ...dlopenNames(context)].map(baseName).filter(isHostProvided);
}

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
