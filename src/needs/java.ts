/**
 * Java: the launcher loads libjli.so, which goes from the program's own path to the home of Java and
 * opens the virtual machine there. Without these files no program of Java starts.
 * Source: OpenJDK src/java.base/share/native/libjli/java.c, unix/native/libjli/java_md.c (GetJREPath).
 */
import type { LoadedObject } from '../loader/loader.js';
import { directoryOf } from '../root/path-text.js';
import { loadableFiles } from './loadable-files.js';
import type { NeedDetector } from './need.js';
import type { ProgramFacts } from './program-facts.js';

/** The library that every program of Java starts the virtual machine with. */
export const LAUNCHER = /^libjli\.so/;

/** Sources and signatures for compilers of other releases: nobody asks for these to run something. */
const DEVELOPMENT = ['src.zip', 'ct.sym'];

export const java: NeedDetector = {
  kind: 'java',
  summary: 'the virtual machine and the modules of Java',
  detect(context) {
    const { program, files } = context;
    if (program === undefined || context.loaded(LAUNCHER) === undefined) return undefined;
    const found = javaLandmarks(context, program).find(
      ({ landmark }) => files.resolve(landmark).found,
    );
    if (found === undefined) return undefined;
    const { home, landmark } = found;
    const kept = ['lib', 'conf', 'release'].flatMap((name) => context.existing(`${home}/${name}`));
    const { libraries, programs } = loadableFiles(files, kept);
    return {
      because: `${program.path} loads libjli.so, which opens ${landmark}`,
      files: kept,
      except: program.realPath.endsWith('/javac') ? ['src.zip'] : DEVELOPMENT,
      opens: libraries.map((name) => ({ name, from: program.path })),
      starts: programs,
      isBesideProgram: true,
    };
  },
};

/**
 * Where the launcher looks for libjava.so, and the home of Java that each place means: above the
 * directory of the programs (a JDK up to 8 has another home in itself), then above libjli.so.
 */
export function javaLandmarks(
  context: ProgramFacts,
  program: LoadedObject,
): readonly { readonly home: string; readonly landmark: string }[] {
  const above = directoryOf(directoryOf(program.realPath));
  const [, launcher] = /^(.+)\/lib\/.*$/.exec(context.loaded(LAUNCHER)?.realPath ?? '') ?? [];
  return [above, `${above}/jre`, ...(launcher === undefined ? [] : [launcher])].flatMap((home) =>
    ['lib', ...context.namesIn(`${home}/lib`).map((name) => `lib/${name}`)].map((library) => ({
      home,
      landmark: `${home}/${library}/libjava.so`,
    })),
  );
}
