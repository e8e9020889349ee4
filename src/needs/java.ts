/**
 * Java: the launcher loads libjli.so, which goes from the program's own path to the home of Java and
 * opens the virtual machine there. Without these files no program of Java starts.
 * Source: OpenJDK src/java.base/share/native/libjli/java.c, unix/native/libjli/java_md.c (GetJREPath).
 */
import type { LoadedObject } from '../loader/loader.js';
import { directoryOf } from '../root/path-text.js';
import { loadableFiles } from './loadable-files.js';
import { isLoaded, missingFiles } from './missing-files.js';
import { defineNeed } from './need.js';
import type { ProgramFacts } from './program-facts.js';

/** The library that every program of Java starts the virtual machine with. */
const LAUNCHER = /^libjli\.so/;

/** Sources and signatures for compilers of other releases: no program needs these to run. */
const DEVELOPMENT = ['src.zip', 'ct.sym'];

export const java = defineNeed({
  kind: 'java',
  summary: 'the virtual machine and the modules of Java',
  documentation: {
    evidence:
      '`libjli.so` is loaded (java, javac, jar), and `lib/libjava.so` is in the home of Java above the program',
    added:
      '`lib`, `conf` and `release` of that home, the libraries and programs in them with all that these need',
    confidence: ['sure'],
  },
  detect(facts) {
    const { program, files } = facts;
    const found = javaHome(facts);
    if (program === undefined || found === undefined) return undefined;
    const { home, landmark } = found;
    const kept = ['lib', 'conf', 'release'].flatMap((name) => facts.existing(`${home}/${name}`));
    const { libraries, programs } = loadableFiles(files, kept);
    return {
      because: `${program.path} loads libjli.so, which opens ${landmark}`,
      files: kept,
      standard: kept,
      except: program.realPath.endsWith('/javac') ? ['src.zip'] : DEVELOPMENT,
      opens: libraries.map((name) => ({ name, from: program.path })),
      starts: programs,
      isBesideProgram: true,
    };
  },
  absent: missingFiles({
    rule: {
      code: 'JAVA_MISSING',
      levels: ['error'],
      summary: 'The virtual machine of Java is not in the root.',
      cause: 'The launcher opens it in the home of Java around itself.',
      remedy: 'Put the whole home of Java into the root; elfdeps copy does.',
    },
    // A library alone has no home around itself.
    evidence: (facts) =>
      facts.closure.program.kind === 'executable' ? isLoaded(facts.loaded(LAUNCHER)) : undefined,
    paths: (facts) =>
      facts.program && javaLandmarks(facts, facts.program).map(({ landmark }) => landmark),
    what: 'no libjava.so above it',
    seen: 'Error: could not find libjava.so',
    cause: 'the launcher opens the virtual machine in the home of Java around itself',
    remedy: 'put the whole home of Java into the root (elfdeps copy does, as a need java)',
  }),
});

/** The home of Java around a program that starts it, and the library of its virtual machine. */
interface JavaHome {
  readonly home: string;
  /** Path of libjava.so. */
  readonly landmark: string;
}

/** Undefined for other programs, and where the root has no home. */
export function javaHome(facts: ProgramFacts): JavaHome | undefined {
  const { program, files } = facts;
  if (program === undefined || facts.loaded(LAUNCHER) === undefined) return undefined;
  return javaLandmarks(facts, program).find(({ landmark }) => files.resolve(landmark).found);
}

/**
 * Where the launcher looks for libjava.so, and the home of Java that each place means: above the
 * directory of the programs (a JDK up to 8 has another home in itself), then above libjli.so.
 */
function javaLandmarks(facts: ProgramFacts, program: LoadedObject): readonly JavaHome[] {
  const above = directoryOf(directoryOf(program.realPath));
  const [, launcher] = /^(.+)\/lib\/.*$/.exec(facts.loaded(LAUNCHER)?.realPath ?? '') ?? [];
  return [above, `${above}/jre`, ...(launcher === undefined ? [] : [launcher])].flatMap((home) =>
    ['lib', ...facts.namesIn(`${home}/lib`).map((name) => `lib/${name}`)].map((library) => ({
      home,
      landmark: `${home}/${library}/libjava.so`,
    })),
  );
}
