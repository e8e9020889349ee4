/**
 * Java: the launcher loads libjli.so, which goes from the program's own path to the home of Java and
 * opens the virtual machine there. Without these files no program of Java starts.
 * Source: OpenJDK src/java.base/share/native/libjli/java.c, unix/native/libjli/java_md.c (GetJREPath).
 */
import { directoryOf } from '../root/path-text.js';
import { loadableFiles } from './files-below.js';
import type { NeedContext } from './need-context.js';
import type { NeedDetector } from './runtime-need.js';

/** Sources and signatures for compilers of other releases: nobody asks for these to run something. */
const DEVELOPMENT = ['src.zip', 'ct.sym'];

export const java: NeedDetector = {
  kind: 'java',
  summary: 'the virtual machine and the modules of Java',
  detect(context) {
    const { program, files } = context;
    if (program === undefined || context.loaded(/^libjli\.so/) === undefined) return undefined;
    const found = findHome(context, directoryOf(directoryOf(program.realPath)));
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
    };
  },
};

/** The home of Java above the directory of its programs; a JDK up to 8 has another in itself. */
function findHome(context: NeedContext, above: string) {
  for (const home of [above, `${above}/jre`])
    for (const library of ['lib', ...context.namesIn(`${home}/lib`).map((name) => `lib/${name}`)]) {
      const landmark = `${home}/${library}/libjava.so`;
      if (context.files.resolve(landmark).found) return { home, landmark };
    }
  return undefined;
}
