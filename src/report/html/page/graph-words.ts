/**
 * The sentence below the graph: what it shows, and what it leaves out.
 */
import { count } from '../../style.js';
import type { GraphChoice, SelectedGraph } from './graph-selection.js';
import type { Model } from './model.js';

/** `16 of 215 files around /usr/bin/ffmpeg. Not drawn: the C library and the loader.` */
export function drawnWords(
  model: Model,
  { files, leftOut, implied }: SelectedGraph,
  { centre, steps, hasUsual }: GraphChoice,
): string {
  const all = count(model.data.files.length, 'file');
  const around = steps === undefined ? '' : ` around ${model.file(centre).name}`;
  const left = [
    ...(leftOut > 0 ? [`${leftOut} more that are near`] : []),
    ...(hasUsual ? [] : ['the C library and the loader']),
    ...(implied > 0 ? [`${count(implied, 'need')} that others imply`] : []),
  ];
  const rest = left.length === 0 ? '' : ` Not drawn: ${left.join('; ')}.`;
  return `${files.length} of ${all}${around}.${rest}`;
}
