/**
 * The text of a Dockerfile stage, read back by dockerfile-ast: one COPY for each directory, the
 * programs last, and names that no shell, no pattern and no variable gets hold of.
 */
import { Copy, DockerfileParser, Entrypoint, Env, From, JSONInstruction } from 'dockerfile-ast';
import { describe, expect, it } from 'vitest';
import { type DockerfileOptions, formatDockerfile } from '../../src/output/dockerfile.js';
import { file, planOf } from './plans.js';

const usual: DockerfileOptions = { from: 'build', base: 'scratch', copyOnly: false };

/** The instructions that a parser finds, with their arguments as it takes them apart. */
function instructions(text: string) {
  const parsed = DockerfileParser.parse(text);
  return parsed.getInstructions().map((instruction) => {
    const keyword = instruction.getKeyword();
    if (instruction instanceof Env)
      return {
        keyword,
        variables: instruction.getProperties().map((p) => [p.getName(), p.getValue()]),
      };
    const flags =
      instruction instanceof Copy ? instruction.getFlags().map((flag) => flag.toString()) : [];
    const json = instruction instanceof JSONInstruction ? jsonOf(instruction, text) : undefined;
    const words = json ?? instruction.getArguments().map((argument) => argument.getValue());
    const plain = words.filter((word) => !flags.includes(word));
    return { keyword, flags, words: keyword === 'COPY' ? plain.map(asBuilt) : plain };
  });
}

/** What BuildKit's shell/lex.go makes of a word without variables: a backslash goes. */
function asBuilt(word: string): string {
  return word.replaceAll(/\\(.)/g, '$1');
}

/** From the bracket that the parser sees to the other one; builders take this text as JSON. */
function jsonOf(instruction: JSONInstruction, text: string): string[] | undefined {
  const opening = instruction.getOpeningBracket()?.getRange().start;
  const closing = instruction.getClosingBracket()?.getRange().end;
  if (opening === undefined || closing === undefined) return undefined;
  const line = text.split('\n')[opening.line] ?? '';
  return JSON.parse(line.slice(opening.character, closing.character));
}

const copies = (text: string) => instructions(text).filter(({ keyword }) => keyword === 'COPY');

describe('the stage', () => {
  const text = formatDockerfile(
    planOf(
      [
        file('/app/main'),
        file('/lib/liba.so'),
        file('/lib/libb.so'),
        file('/lib64/ld.so'),
        file('/srv/second'),
      ],
      { programs: ['/app/main', '/srv/second'] },
    ),
    usual,
  );

  it('is this text', () => {
    expect(text).toBe(
      [
        'FROM scratch',
        'COPY --from=build /lib/liba.so /lib/libb.so /lib/',
        'COPY --from=build /lib64/ld.so /lib64/',
        'COPY --from=build /app/main /app/',
        'COPY --from=build /srv/second /srv/',
        'ENTRYPOINT ["/app/main"]',
        '',
      ].join('\n'),
    );
  });

  it('is what a parser understands: a file of every directory in one COPY, programs last', () => {
    expect(instructions(text)).toEqual([
      { keyword: 'FROM', flags: [], words: ['scratch'] },
      {
        keyword: 'COPY',
        flags: ['--from=build'],
        words: ['/lib/liba.so', '/lib/libb.so', '/lib/'],
      },
      { keyword: 'COPY', flags: ['--from=build'], words: ['/lib64/ld.so', '/lib64/'] },
      { keyword: 'COPY', flags: ['--from=build'], words: ['/app/main', '/app/'] },
      { keyword: 'COPY', flags: ['--from=build'], words: ['/srv/second', '/srv/'] },
      { keyword: 'ENTRYPOINT', flags: [], words: ['/app/main'] },
    ]);
    const parsed = DockerfileParser.parse(text).getInstructions();
    expect(parsed[0]).toBeInstanceOf(From);
    expect(parsed.at(-1)).toBeInstanceOf(Entrypoint);
  });

  it('is the same every time', () => {
    const plan = planOf([file('/lib/liba.so'), file('/app/main')]);
    expect(formatDockerfile(plan, usual)).toBe(formatDockerfile(plan, usual));
  });
});

describe('options', () => {
  const plan = planOf([file('/lib/liba.so'), file('/app/main')], {
    environment: { LD_LIBRARY_PATH: '/opt/lib' },
  });

  it('--from takes a number or an image, --base an image', () => {
    const number = formatDockerfile(plan, { ...usual, from: '0', base: 'alpine:3.20' });
    expect(number).toMatch(/^FROM alpine:3\.20\nCOPY --from=0 /);
    const image = formatDockerfile(plan, { ...usual, from: 'ghcr.io/a/b@sha256:0f' });
    expect(copies(image)[0]?.flags).toEqual(['--from=ghcr.io/a/b@sha256:0f']);
  });

  it('--copy-only leaves all but the COPY lines out', () => {
    const text = formatDockerfile(plan, { ...usual, copyOnly: true });
    expect(text).toBe('COPY --from=build /lib/liba.so /lib/\nCOPY --from=build /app/main /app/\n');
  });

  it('files of the build context have no --from', () => {
    const text = formatDockerfile(
      planOf([file('/lib/liba.so'), file('/app/main'), file('/app/two')], {
        programs: ['/app/main', '/app/two'],
      }),
      {
        ...usual,
        contextFiles: new Map([
          ['/app/main', 'out/main'],
          ['/app/two', './build/zwei'],
        ]),
      },
    );
    expect(copies(text)).toEqual([
      { keyword: 'COPY', flags: ['--from=build'], words: ['/lib/liba.so', '/lib/'] },
      { keyword: 'COPY', flags: [], words: ['out/main', '/app/'] },
      { keyword: 'COPY', flags: [], words: ['./build/zwei', '/app/two'] },
    ]);
  });
});

describe('long lines', () => {
  const names = Array.from({ length: 12 }, (_, index) => `/usr/lib/liblibrary-${index + 10}.so.1`);
  const text = formatDockerfile(planOf(names.map((name) => file(name))), {
    ...usual,
    copyOnly: true,
  });

  it('are continued, a name on each', () => {
    expect(text.split('\n')).toHaveLength(15);
    expect(text).toMatch(/^COPY --from=build \\\n {2}\/usr\/lib\/liblibrary-10\.so\.1 \\\n/);
  });

  it('are one instruction to a parser', () => {
    expect(copies(text)).toEqual([
      { keyword: 'COPY', flags: ['--from=build'], words: [...names, '/usr/lib/'] },
    ]);
  });
});

describe('names', () => {
  const copyOf = (path: string, openedAs = path) =>
    formatDockerfile(planOf([file(path, { openedAs })]), { ...usual, copyOnly: true });

  it('that change on the way are copied one by one', () => {
    const text = formatDockerfile(
      planOf([
        file('/lib/liba.so.1', { openedAs: '/usr/lib/liba.so.1.2' }),
        file('/lib/libb.so', { openedAs: '/opt/libb.so' }),
        file('/lib/libc.so', { openedAs: '/usr/libc.so' }),
      ]),
      { ...usual, copyOnly: true },
    );
    expect(copies(text).map(({ words }) => words)).toEqual([
      ['/usr/lib/liba.so.1.2', '/lib/liba.so.1'],
      ['/opt/libb.so', '/usr/libc.so', '/lib/'],
    ]);
  });

  it('two files of one name from different directories do not share a COPY', () => {
    const text = formatDockerfile(
      planOf([
        file('/a/lib.so', { openedAs: '/x/lib.so' }),
        file('/b/lib.so', { openedAs: '/y/lib.so' }),
      ]),
      { ...usual, copyOnly: true },
    );
    expect(copies(text).map(({ words }) => words)).toEqual([
      ['/x/lib.so', '/a/'],
      ['/y/lib.so', '/b/'],
    ]);
  });

  it('a file at the top goes into /', () => {
    expect(copyOf('/main')).toBe('COPY --from=build /main /\n');
  });

  it.each([
    ['a space', '/my app/lib a.so'],
    ['a tab', '/a\tb/x'],
    ['a double quote', '/a"b/x'],
    ['a single quote', "/it's/x"],
    ['a hash', '/#x/y'],
    ['a space and quotes', '/it\'s "a" b/x'],
    ['a dollar', '/$pkg/x'],
    ['a line break', '/a\nRUN evil/x'],
    ['umlauts', '/bücher/größe'],
  ])('with %s survive a parser', (_what, path) => {
    const [copy] = copies(copyOf(path));
    expect(copy?.words).toEqual([path, path.slice(0, path.lastIndexOf('/') + 1)]);
  });

  it('with a space have the JSON form', () => {
    expect(copyOf('/my app/liba.so')).toBe(
      'COPY --from=build ["/my app/liba.so", "/my app/"]\n'.replace(', ', ','),
    );
  });

  it.each([
    ['a flag', '--chown=1'],
    ['a here-document', '<<EOF'],
  ])('of this machine that look like %s have the JSON form', (_what, name) => {
    const contextFiles = new Map([['/x/it', name]]);
    const text = formatDockerfile(planOf([file('/x/it')]), {
      ...usual,
      copyOnly: true,
      contextFiles,
    });
    expect(text).toBe(`COPY ["${name}","/x/it"]\n`);
  });

  // Backslashes would be taken away before the pattern is read: the reference says `arr[[]0].txt`.
  it.each([
    ['/opt/c++/[x]', 'COPY --from=build /opt/c++/[[]x] /opt/c++/'],
    ['/a*b/x', 'COPY --from=build /a[*]b/x /a*b/'],
    ['/a?b/x', 'COPY --from=build /a[?]b/x /a?b/'],
    ['/a\\b/x', 'COPY --from=build /a\\\\\\\\b/x /a\\\\b/'],
    ["/it's/x", "COPY --from=build /it\\'s/x /it\\'s/"],
    ['/a [b]/x', 'COPY --from=build ["/a [[]b]/x","/a [b]/"]'],
  ])('with pattern characters of Go or quotes: %s', (path, line) => {
    expect(copyOf(path)).toBe(`${line}\n`);
  });

  it('a dollar is no variable, in both forms', () => {
    expect(copyOf('/opt/$pkg/liba.so')).toBe(
      'COPY --from=build /opt/\\$pkg/liba.so /opt/\\$pkg/\n',
    );
    expect(copyOf('/opt/$pkg/a b')).toBe(
      'COPY --from=build ["/opt/\\\\$pkg/a b","/opt/\\\\$pkg/"]\n',
    );
  });
});

describe('ENV and ENTRYPOINT', () => {
  it.each([
    ['/opt/lib:/opt/b', 'ENV LD_LIBRARY_PATH=/opt/lib:/opt/b'],
    ['/opt/my lib', 'ENV LD_LIBRARY_PATH="/opt/my lib"'],
    ['$ORIGIN/x', 'ENV LD_LIBRARY_PATH="\\$ORIGIN/x"'],
    ['a"b\\c', 'ENV LD_LIBRARY_PATH="a\\"b\\\\c"'],
    ['', 'ENV LD_LIBRARY_PATH='],
  ])('ENV for %j', (value, line) => {
    const text = formatDockerfile(planOf([], { environment: { LD_LIBRARY_PATH: value } }), usual);
    expect(text.split('\n')).toContain(line);
  });

  it('ENV cannot have a line break, which would be an instruction', () => {
    const plan = planOf([], { environment: { LD_LIBRARY_PATH: '/a\nRUN evil' } });
    expect(() => formatDockerfile(plan, usual)).toThrow(
      'a Dockerfile cannot give LD_LIBRARY_PATH a line break',
    );
  });

  it('a parser reads the value back', () => {
    const text = formatDockerfile(
      planOf([], { environment: { A: '/opt/my lib', B: '/x:/y' } }),
      usual,
    );
    expect(instructions(text).filter(({ keyword }) => keyword === 'ENV')).toEqual([
      { keyword: 'ENV', variables: [['A', '/opt/my lib']] },
      { keyword: 'ENV', variables: [['B', '/x:/y']] },
    ]);
  });

  it('ENTRYPOINT has the exec form, whatever the name', () => {
    const text = formatDockerfile(planOf([], { entrypoint: ['/my app/"x"', '--flag'] }), usual);
    expect(instructions(text).at(-1)).toEqual({
      keyword: 'ENTRYPOINT',
      flags: [],
      words: ['/my app/"x"', '--flag'],
    });
  });
});
