/**
 * `elfdeps check <file...>`: will it run in the root? Every reason why not.
 */
import type { Command } from 'commander';
import type { CheckOptions } from '../../check/check.js';
import type { CheckedClosure } from '../../check/check-closure.js';
import type { Trace } from '../../closure/trace.js';
import { UsageError } from '../../errors.js';
import type { ImagePlan } from '../../image/image-plan.js';
import type { PlanOptions } from '../../image/plan-image.js';
import { planRoot } from '../../image/plan-root.js';
import { checkTrace, planImage, traceDependencies } from '../../index.js';
import { checkReports } from '../../registry.js';
import type { Action } from '../command.js';
import { COMPLETE, COULD_NOT_RUN, INCOMPLETE, printError } from '../exit-code.js';
import { collect, type ImageConfigOptions, imageConfig } from '../image-options.js';
import { type ImageOptions, joined } from '../options.js';
import {
  addReportOptions,
  chooseFormat,
  type ReportOptions,
  wantsReportColor,
  writeReport,
} from '../report-options.js';
import { type NeedRequest, withNeeds } from '../runtime-needs.js';
import type { Terminal } from '../terminal.js';
import { traceRequest } from '../trace-request.js';
import { readVersion } from '../version.js';

interface CheckCommandOptions
  extends ImageOptions,
    ReportOptions,
    CheckOptions,
    Pick<ImageConfigOptions, 'user' | 'env' | 'workdir'> {
  readonly strict?: boolean;
  readonly image?: boolean;
}

/** Options that say what an image shall have. */
const IMAGE_ONLY = ['with', 'without', 'user', 'env', 'workdir'] as const;

export function addCheck(program: Command, action: Action): void {
  const check = program
    .command('check')
    .description('will it run in --root? every reason why not')
    .argument('<file...>', 'files, directories or glob patterns')
    .option('--platform <name>', 'as linux/arm64; by default that of the root')
    .option('--cpu <level>', 'the CPU to run on: x86-64-v1 to x86-64-v4')
    .option('--kernel <version>', 'the kernel to run on, such as 4.19')
    .option('--image', 'check the image that copy and tar would make, not the root')
    .option('--with <needs>', 'with --image: needs that copy and tar would get', joined(','))
    .option('--without <needs>', 'with --image: needs to leave out', joined(','))
    .option('--user <user>', 'with --image: who runs it')
    .option('--env <NAME=VALUE>', 'with --image: a variable of it; may be repeated', collect)
    .option('--workdir <dir>', 'with --image: the directory it starts in')
    .option('--strict', 'exit code 1 for warnings too')
    .action(action(runCheck));
  addReportOptions(check, checkReports);
}

async function runCheck(
  files: readonly string[],
  options: CheckCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const report = chooseFormat(checkReports, options);
  for (const name of options.image ? [] : IMAGE_ONLY)
    if (options[name] !== undefined)
      throw new UsageError(`check takes --${name} only with --image`, {
        hint: 'without it the root is checked as it is, and nothing is added to it',
      });
  const request = await traceRequest(files, options, terminal, options.image ? 'none' : undefined);
  const { errors } = request;
  const config = imageConfig(options);
  const { trace, names } = options.image
    ? traceInImage(withNeeds(request, options, config), config)
    : { trace: request.trace, names: request.inputs.names };
  const { platform, cpu, kernel } = options;
  const checked = checkTrace(trace, {
    ...(platform === undefined ? {} : { platform }),
    ...(cpu === undefined ? {} : { cpu }),
    ...(kernel === undefined ? {} : { kernel }),
  });
  // Notes are not for those who want few words; warnings and errors are the answer.
  const programs = options.quiet ? checked.map(withoutNotes) : checked;
  const text = report.format({
    root: trace.root.name,
    programs,
    errors,
    names,
    namesOfHost: request.inputs.root.isHost,
    version: readVersion(),
    color: wantsReportColor(options, terminal),
  });
  await writeReport(text, options, terminal);
  for (const error of errors) printError(error, terminal, request.inputs.names);
  if (errors.length > 0) return COULD_NOT_RUN;
  const good = options.strict ? ['runs'] : ['runs', 'warns'];
  return programs.every(({ verdict }) => good.includes(verdict)) ? COMPLETE : INCOMPLETE;
}

/** What is missing shall be found here, so the plan may be incomplete. */
function traceInImage(
  { request, chosen }: NeedRequest,
  config: Partial<PlanOptions>,
): {
  readonly trace: Trace;
  readonly names: ReadonlyMap<string, string>;
} {
  const { trace, inputs, options } = request;
  const { libraryPath, preload } = options;
  const plan = planImage(trace, {
    layout: 'links',
    ...config,
    needs: chosen,
    allowIncomplete: true,
    destinations: inputs.destinations,
    ...(libraryPath === undefined ? {} : { libraryPath }),
    ...(preload === undefined ? {} : { preload }),
  });
  const { LD_LIBRARY_PATH, LD_PRELOAD } = plan.environment;
  const names = trace.closures.flatMap(({ program }, index) => {
    const [path, name] = [plan.programs[index], inputs.names.get(program.path)];
    return path === undefined || name === undefined ? [] : [[path, name] as const];
  });
  return {
    trace: traceDependencies(planRoot(plan, trace.root), plan.programs, {
      hwcaps: 'none',
      cwd: plan.workdir ?? '/',
      ...(LD_LIBRARY_PATH === undefined ? {} : { libraryPath: LD_LIBRARY_PATH }),
      ...(LD_PRELOAD === undefined ? {} : { preload: LD_PRELOAD }),
      opens: requiredOpens(trace, plan),
    }),
    names: new Map(names),
  };
}

/** Calls of dlopen() that must succeed and do not; the others say nothing about the start. */
function requiredOpens({ closures, options }: Trace, { programs }: ImagePlan) {
  return new Map(
    closures.flatMap(({ program, complete }, index) => {
      const opens = options.opens?.get(program.path)?.filter(({ required }) => required) ?? [];
      const place = programs[index];
      return complete || place === undefined ? [] : [[place, opens] as const];
    }),
  );
}

function withoutNotes(checked: CheckedClosure): CheckedClosure {
  return { ...checked, findings: checked.findings.filter(({ severity }) => severity !== 'note') };
}
