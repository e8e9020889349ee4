/**
 * The names that files of a program or library bear: `vim` of vim.basic, `rsyslog` of rsyslogd, `dbus`
 * of dbus-daemon, `sasl` of libsasl2.so.2.
 */
import { baseName } from '../root/path-text.js';

/** The stems of a program, in lower case; a name of one or two letters as it is. */
export function stemsOf(path: string): string[] {
  const whole = baseName(path)
    .replace(/\.[a-z]+$/, '')
    .replace(/[-.\d]+$/, '');
  const [word = ''] = whole.split(/[-_.]/);
  return /^[a-z]{1,2}$/i.test(whole) ? [whole] : longOnes([whole, word, word.replace(/d$/, '')]);
}

/** The stems of a program, or that of a library. */
export function stemsOfEither(object: {
  readonly isProgram: boolean;
  readonly realPath: string;
}): string[] {
  return (object.isProgram ? stemsOf : libraryStems)(object.realPath);
}

/** The stem of a library, by the letters behind `lib`; none where these are less than three. */
export function libraryStems(path: string): string[] {
  return longOnes([/^lib([a-z]+)/i.exec(baseName(path))?.[1] ?? '']);
}

function longOnes(stems: readonly string[]): string[] {
  return [...new Set(stems.filter((stem) => stem.length > 2).map((stem) => stem.toLowerCase()))];
}

/**
 * Whether a name begins with one of the stems; a stem of two letters must be the whole word, and one of one
 * letter the whole name, in its case: `/usr/lib/R` of R.
 */
export function bears(name: string, stems: readonly string[]): boolean {
  return stems.some((stem) => {
    if (stem.length === 1) return name === stem;
    const isWhole = stem.length > 2 || !/^[a-z]/i.test(name.slice(stem.length));
    return isWhole && name.toLowerCase().startsWith(stem.toLowerCase());
  });
}

/** Whether a component of a path does. */
export function pathBears(path: string, stems: readonly string[]): boolean {
  return path.split('/').some((part) => bears(part, stems));
}
