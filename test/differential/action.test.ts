/**
 * The GitHub Action: its steps as the runner would run them, from action.yml and from the workflow of its
 * page. The upload is GitHub's own action, so here it is only looked at.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import { packPackage } from '../support/packed-package.js';
import { command, describeWith } from '../support/requirement.js';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

interface Step {
  readonly id?: string;
  readonly name: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}

const action = parse(readFileSync(join(PROJECT, 'action.yml'), 'utf8')) as {
  readonly inputs: Readonly<
    Record<string, { readonly default?: string; readonly required?: boolean }>
  >;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
};
const page = readFileSync(join(PROJECT, 'docs/github-action.md'), 'utf8');
const workflow = parse(/^```yaml\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? '');
const use = (workflow.jobs.check.steps as readonly Step[]).find(({ uses }) => uses === './elfdeps');

type Inputs = Readonly<Record<string, string>>;

/** The value of `${{ ... }}`, for the forms that action.yml has. */
function evaluate(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{\{ (.*?) \}\}/g, (_whole, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for ${name}`);
    return value;
  });
}

describeWith('the GitHub Action', ['bash', 'npm'].map(command), () => {
  let top = '';
  let directory = '';
  let tarball = '';

  beforeAll(() => {
    top = realpathSync(mkdtempSync(join(tmpdir(), 'elfdeps-action-')));
    tarball = packPackage(top);
  });
  beforeEach(() => {
    directory = mkdtempSync(join(top, 'work '));
    cpSync(tarball, join(directory, basename(tarball)));
    cpSync(join(PROJECT, 'samples/sysroot'), join(directory, 'rootfs'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    cpSync(join(directory, 'rootfs/usr/bin/greet'), join(directory, 'rootfs/usr/bin/other'));
  });
  afterAll(() => rmSync(top, { recursive: true, force: true }));

  /** Runs the steps one after the other until one fails, as a runner does. */
  function run(given: Inputs) {
    const unknown = Object.keys(given).filter((name) => !(name in action.inputs));
    expect(unknown, 'inputs that the action does not have').toEqual([]);
    const values: Record<string, string> = {};
    for (const [name, { default: usual = '' }] of Object.entries(action.inputs))
      values[`inputs.${name}`] = given[name] ?? usual;
    const ran: string[] = [];
    let log = '';
    let status = 0;
    for (const step of action.runs.steps) {
      if (step.if !== undefined) {
        expect(step.if).toBe("inputs.upload == 'true' && steps.check.outputs.sarif != ''");
        if (values['inputs.upload'] !== 'true' || values['steps.check.outputs.sarif'] === '')
          continue;
      }
      ran.push(step.name);
      if (step.run === undefined) {
        expect(step.uses).toMatch(/^github\/codeql-action\/upload-sarif@v\d+$/);
        const file = evaluate(step.with?.sarif_file ?? '', values);
        expect(existsSync(join(directory, file))).toBe(true);
        continue;
      }
      const output = join(directory, 'output');
      rmSync(output, { force: true });
      const env = Object.entries(step.env ?? {}).map(([name, text]) => [
        name,
        evaluate(text, values),
      ]);
      const result = spawnSync(
        'bash',
        ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run],
        {
          cwd: directory,
          encoding: 'utf8',
          env: {
            // npm's own settings may be among them.
            ...process.env,
            GITHUB_ACTION_PATH: PROJECT,
            GITHUB_OUTPUT: output,
            RUNNER_TEMP: directory,
            ...Object.fromEntries(env),
          },
        },
      );
      log += result.stdout + result.stderr;
      status = result.status ?? -1;
      if (existsSync(output))
        for (const [, name, value = ''] of readFileSync(output, 'utf8').matchAll(/^(.*?)=(.*)$/gm))
          values[`steps.${step.id}.outputs.${name}`] = value;
      if (status !== 0) break;
    }
    const outputs = Object.fromEntries(
      Object.entries(action.outputs).map(([name, { value }]) => [name, evaluate(value, values)]),
    );
    return { status, ran, log, outputs };
  }

  function findings(file: string): readonly string[] {
    const sarif = JSON.parse(readFileSync(join(directory, file), 'utf8'));
    return sarif.runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId);
  }

  it('is composite, and its workflow gives what it requires', () => {
    expect(action.runs.using).toBe('composite');
    const required = Object.entries(action.inputs).filter(([, { required }]) => required);
    expect(required.map(([name]) => name)).toEqual(['package']);
    expect(Object.keys(use?.with ?? {})).toContain('package');
    const rows = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(rows).toEqual(Object.keys(action.inputs));
  });

  it('runs the workflow of its page', () => {
    const { status, ran, log, outputs } = run(use?.with ?? {});
    expect({ status, log }).toMatchObject({ status: 0 });
    expect(ran).toEqual(['Check', 'Upload the findings', 'Verdict']);
    expect(outputs).toEqual({ sarif: 'elfdeps.sarif', 'exit-code': '0' });
    expect(log).toContain('/usr/bin/greet');
    expect(log).toContain('/usr/bin/other');
    expect(findings('elfdeps.sarif')).toEqual([]);
  });

  it('uploads first and fails then', () => {
    rmSync(join(directory, 'rootfs/usr/lib/libgreet.so.1'));
    const { status, ran, log, outputs } = run({ ...use?.with, sarif: 'with a space.sarif' });
    expect(status).toBe(1);
    expect(ran).toEqual(['Check', 'Upload the findings', 'Verdict']);
    expect(outputs).toEqual({ sarif: 'with a space.sarif', 'exit-code': '1' });
    expect(log).toContain('libgreet.so.1');
    expect(findings('with a space.sarif')).toContain('LIBRARY_NOT_FOUND');
  });

  it('uploads nothing if that is not wanted, or if nothing could be checked', () => {
    expect(run({ ...use?.with, upload: 'false' }).ran).toEqual(['Check', 'Verdict']);
    const { status, ran, outputs } = run({ ...use?.with, options: '--no-such-option' });
    expect({ status, ran, outputs }).toEqual({
      status: 2,
      ran: ['Check', 'Verdict'],
      outputs: { sarif: '', 'exit-code': '2' },
    });
  });

  it('takes files for files, whatever they are called', () => {
    cpSync(join(PROJECT, 'samples/hello/hello-static'), join(directory, '-a $(b) c'));
    const { status, log } = run({
      package: basename(tarball),
      files: '-a $(b) c',
      upload: 'false',
    });
    expect({ status, log }).toMatchObject({ status: 0 });
    expect(log).toContain('-a $(b) c');
  });
});
