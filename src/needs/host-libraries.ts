/**
 * Drivers that come from the machine: libraries that belong to it, and those that open such drivers.
 * Sources: libglvnd; Vulkan loader, "Driver discovery"; OpenCL ICD loader.
 */
import { baseName } from '../root/path-text.js';
import { dlopenNames } from './dlopen-texts.js';
import { hostProvider, isHostProvided } from './host-provided.js';
import { defineNeed } from './need.js';
import type { ProgramFacts } from './program-facts.js';

/** Libraries that open drivers by what stands there, and no DT_NEEDED or note tells. */
const OPENERS: readonly (readonly [library: RegExp, what: string])[] = [
  [/^lib(?:GL|GLX|EGL|OpenGL|GLESv\d)\.so/, 'drivers of OpenGL (libGLX_*.so.0, libEGL_*.so.0)'],
  [/^libvulkan\.so/, 'drivers that /etc/vulkan/icd.d and /usr/share/vulkan/icd.d name'],
  [/^libOpenCL\.so/, 'drivers that /etc/OpenCL/vendors names'],
  [/^libcu(?:dart|blas|fft|rand|solver|sparse)\.so/, "NVIDIA's libcuda.so.1"],
];

export const hostLibraries = defineNeed({
  isOnlyTold: true,
  kind: 'host',
  summary: 'drivers that come from the machine (told, adds nothing)',
  documentation: {
    evidence:
      "a library of the machine's driver (`libcuda.so.1`, `libGLX_nvidia.so.0`) is needed, noted or named; possible for libGL, libvulkan, libOpenCL and libcudart, which open drivers",
    added:
      'nothing, never for a note or a guess; a needed one is in the image like any library, and the image commands say that it should not',
    confidence: ['sure', 'possible'],
  },
  detect(facts) {
    const names = [...new Set(hostLibraryNames(facts))];
    const why = names[0] === undefined ? undefined : hostProvider(names[0]);
    if (why !== undefined)
      return { because: `${facts.closure.program.path} needs ${names.join(', ')}: ${why.cause}` };
    for (const [library, what] of OPENERS) {
      const object = facts.loaded(library);
      if (object === undefined) continue;
      return {
        because: `${object.path} opens ${what}: they come from the host`,
        confidence: 'possible',
      };
    }
    return undefined;
  },
});

/** Names of such libraries that a program needs, has a note of, or names where it calls dlopen. */
function hostLibraryNames(facts: ProgramFacts): string[] {
  const { closure } = facts;
  const needed = closure.libraries.map(({ name }) => name);
  const noted = closure.objects.flatMap(({ elf }) =>
    elf.dlopenNotes.flatMap(({ sonames }) => sonames),
  );
  return [...needed, ...noted, ...dlopenNames(facts)].map(baseName).filter(isHostProvided);
}
