/**
 * The findings of `check --image` about programs that find other files in the image than in the root, which
 * the image commands refuse. The plan of the image finds them.
 */
import { type FindingRule, wordsOfRule } from '../finding.js';

/** The codes of these findings. */
export type ImageDifferenceCode = 'FOUND_ELSEWHERE' | 'LEFT_BEHIND';

const foundElsewhere: FindingRule<ImageDifferenceCode> = {
  code: 'FOUND_ELSEWHERE',
  levels: ['error'],
  summary: 'A program of the image would load another file than in the root.',
  cause: 'What led to the file in the root is not in the image, or leads elsewhere there.',
  remedy: 'Keep the path that the program has in the root.',
};

const leftBehind: FindingRule<ImageDifferenceCode> = {
  code: 'LEFT_BEHIND',
  levels: ['error'],
  summary: 'A program of the image looks for its files beside itself, and is not beside them.',
  cause: 'The program is put at another path than it has in the root.',
  remedy: 'Keep the path that the program has in the root.',
};

export const imageDifferences = {
  rules: [foundElsewhere, leftBehind] as readonly FindingRule<ImageDifferenceCode>[],

  /** The finding about a program of the image, which `message` words. */
  finding(code: ImageDifferenceCode, program: string, message: string) {
    const isBehind = code === 'LEFT_BEHIND';
    return {
      code: isBehind ? 'LEFT_BEHIND' : 'FOUND_ELSEWHERE',
      severity: 'error',
      program,
      path: program,
      message,
      ...wordsOfRule(isBehind ? leftBehind : foundElsewhere),
    } as const;
  },
};
