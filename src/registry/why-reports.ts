/**
 * The formats of the answer to why: the only list of them.
 */
import { whyJson } from '../report/why/json.js';
import { whyText } from '../report/why/text.js';
import type { WhyReport } from '../report/why/why-report.js';

/** Every format of the answer to why, the default first. */
export const whyReports: readonly WhyReport[] = [whyText, whyJson];
