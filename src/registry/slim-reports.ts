/**
 * The formats of what slim did: the only list of them.
 */
import { slimJson } from '../report/slim/json.js';
import type { SlimReport } from '../report/slim/slim-report.js';
import { slimText } from '../report/slim/text.js';

/** Every format of what slim kept and dropped, the default first. */
export const slimReports: readonly SlimReport[] = [slimText, slimJson];
