/**
 * Names of files and packages in patterns. Node has RegExp.escape() only from version 24 on.
 */

/** A text as a part of a regular expression that matches it alone. */
export function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
