/**
 * The formats of reports, apart from those of `check`, which know its rules.
 */
import { html } from '../report/html/html.js';
import { slimJson } from '../report/slim/json.js';
import type { SlimReport } from '../report/slim/slim-report.js';
import { slimText } from '../report/slim/text.js';
import { dot } from '../report/trace/dot.js';
import { json, ndjson } from '../report/trace/json.js';
import { ldd } from '../report/trace/ldd.js';
import { list } from '../report/trace/list.js';
import { mermaid } from '../report/trace/mermaid.js';
import type { Report } from '../report/trace/report.js';
import { text } from '../report/trace/text.js';
import { tree } from '../report/trace/tree.js';
import { whyJson } from '../report/why/json.js';
import { type WhyReport, whyText } from '../report/why/why.js';

/** Every report format, the default first. */
export const reports: readonly Report[] = [text, ldd, list, tree, json, ndjson, dot, mermaid, html];

/** Every format of the answer to why, the default first. */
export const whyReports: readonly WhyReport[] = [whyText, whyJson];

/** Every format of what slim kept and dropped, the default first. */
export const slimReports: readonly SlimReport[] = [slimText, slimJson];
