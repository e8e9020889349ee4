/**
 * `elfdeps check <file...>`: will it run in the root? Every reason why not.
 */
import type { Command } from 'commander';
import { checkTrace } from '../../api/check-trace.js';
import { minimumVersions } from '../../api/symbols.js';
import type { CheckOptions } from '../../check/check.js';
import type { CheckedClosure } from '../../check/check-closure.js';
import type { DlopenCall } from '../../closure/dlopen-call.js';
import type { Trace } from '../../closure/trace.js';
import { UsageError } from '../../errors.js';
import { checkReports } from '../../registry/checks.js';
import type { Action } from '../command.js';
import { COMPLETE, COULD_NOT_RUN, INCOMPLETE } from '../exit-code.js';
import { addCheckedOptions, CHECKED_OPTIONS, type ImageOptions } from '../image-options.js';
import { withImageProblems } from '../image-problems.js';
import { withImageRemedies } from '../image-remedies.js';
import { requireFiles, startOf } from '../image-start.js';
import { planTraced } from '../plan-request.js';
import {
  addReportOptions,
  chooseFormat,
  type ReportOptions,
  reportColumns,
  requireFormatOptions,
  wantsReportColor,
  writeReport,
} from '../report-options.js';
import { traceIncluded } from '../runtime-needs.js';
import type { Terminal } from '../terminal.js';
import { FOR_IMAGE, printFileErrors, type TraceRequest, traceRequest } from '../trace-request.js';
import { readVersion } from '../version.js';

interface CheckCommandOptions extends ImageOptions, ReportOptions, CheckOptions {
  readonly strict?: boolean;
  readonly image?: boolean;
  readonly all?: boolean;
}

/** Declares the command. */
export function addCheck(program: Command, action: Action): void {
  const check = program
    .command('check')
    .description('say whether a program will run in --root, and every reason why not')
    .usage('[options] <file...>')
    .argument('[file...]', 'files, directories or glob patterns; without one, what an image starts')
    .option('--platform <name>', 'such as linux/arm64 (default: that of the root)')
    .option('--cpu <level>', 'the CPU to run on: x86-64-v1 to x86-64-v4')
    .option('--kernel <version>', 'the kernel to run on, such as 4.19')
    .option('--image', 'check the image that copy and tar would make, not the root')
    .option('--strict', 'exit code 1 for warnings too; notes never count')
    .option('--all', 'on a terminal: all lines of long lists')
    .action(action(runCheck));
  addReportOptions(addCheckedOptions(check), checkReports);
}

async function runCheck(
  files: readonly string[],
  options: CheckCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const report = await chooseFormat(checkReports, options);
  requireFiles(files, options);
  requireFormatOptions(report, checkReports, options);
  requireImage(options);
  const defaults = options.image ? FOR_IMAGE : { takesTexts: true };
  const request = await traceRequest(files, options, terminal, defaults);
  const { inputs } = request;
  const { trace, names, start, complete } = options.image
    ? traceImage(request, options)
    : {
        trace: traceIncluded(request, options).trace,
        names: inputs.names,
        start: startOf(request.trace.root, options),
        complete: (each: CheckedClosure) => each,
      };
  if (!options.image) trace.exclusions.requireMet(trace.closures, trace.programs);
  // The trace in an image has errors of its own; those of the root are in the request already.
  const errors = options.image ? [...request.errors, ...trace.errors] : request.errors;
  const { platform, cpu, kernel, quiet } = options;
  const checked = checkTrace(trace, { platform, cpu, kernel, ...start }).map(complete);
  // Warnings and errors are the answer, so --quiet leaves only notes out.
  const programs = quiet ? checked.map(withoutNotes) : checked;
  const text = report.format({
    root: trace.root.name,
    programs,
    errors,
    names,
    namesOfHost: inputs.root.isHost,
    version: readVersion(),
    color: wantsReportColor(options, terminal),
    columns: reportColumns(options, terminal),
    all: options.all ?? false,
    verbose: options.verbose ?? false,
    minimumOf: (closure) => minimumVersions(trace, closure),
  });
  await writeReport(text, options, terminal);
  await printFileErrors(errors, request, terminal);
  if (errors.length > 0) return COULD_NOT_RUN;
  const good = options.strict ? ['runs'] : ['runs', 'warns'];
  return programs.every(({ verdict }) => good.includes(verdict)) ? COMPLETE : INCOMPLETE;
}

/** Throws {@link UsageError} for options about an image that is not checked. */
function requireImage(options: CheckCommandOptions): void {
  if (options.image) return;
  for (const name of CHECKED_OPTIONS)
    if (name !== 'workdir' && options[name] !== undefined)
      throw new UsageError(`check takes --${name} only with --image`, {
        hint: 'without it the root is checked as it is, and nothing is added to it',
      });
}

/** The check reports what is missing, so the plan may be incomplete. */
function traceImage(
  request: TraceRequest,
  options: CheckCommandOptions,
): {
  readonly trace: Trace;
  readonly names: ReadonlyMap<string, string>;
  readonly start: Pick<CheckOptions, 'environment' | 'user'>;
  /** Adds what only the plan knows. */
  readonly complete: (checked: CheckedClosure) => CheckedClosure;
} {
  const about = { layout: 'links', allowIncomplete: true } as const;
  const { plan, image, trace, suggested } = planTraced(request, options, about);
  const places = new Map<string, string>();
  const names = trace.closures.flatMap(({ program }, index) => {
    const [path, name] = [plan.programs[index], request.inputs.names.get(program.path)];
    if (path !== undefined) places.set(program.path, path);
    return path === undefined || name === undefined ? [] : [[path, name] as const];
  });
  // Calls of dlopen() that may fail say nothing about the start.
  const calls = ({ required }: DlopenCall) => required === true;
  return {
    trace: image.atStart(calls),
    names: new Map(names),
    start: { environment: plan.environment, user: plan.user },
    complete: (checked) =>
      withImageProblems(withImageRemedies(checked, suggested, options), plan, places),
  };
}

function withoutNotes(checked: CheckedClosure): CheckedClosure {
  return { ...checked, findings: checked.findings.filter(({ severity }) => severity !== 'note') };
}
