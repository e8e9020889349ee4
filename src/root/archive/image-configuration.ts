/**
 * The configuration of an image as facts: how a container engine starts it. Fields of a wrong type are
 * taken for absent, as engines do.
 * Source: OCI image specification 1.1, config.md; moby image/spec/v1.2.md (Healthcheck, Shell).
 */
import type { ImageConfiguration } from '../root.js';
import { type Json, object, objects, text, textFields, texts } from './container-json.js';

/** Reads what `fields`, the JSON of an image's configuration, says. */
export function parseImageConfiguration(fields: Json): ImageConfiguration {
  const config = object(fields.config);
  return {
    environment: variables(texts(config.Env)),
    user: text(config.User) || undefined,
    workdir: text(config.WorkingDir) || undefined,
    entrypoint: texts(config.Entrypoint),
    command: texts(config.Cmd),
    labels: textFields(config.Labels),
    history: objects(fields.history).map((entry) => ({
      createdBy: text(entry.created_by) ?? '',
      isEmpty: entry.empty_layer === true,
    })),
    fields,
  };
}

/** `NAME=VALUE` lines; of two with one name the last counts. */
function variables(lines: readonly string[]): Record<string, string> {
  const pairs = lines.map((line) => {
    const cut = line.indexOf('=');
    return cut < 0 ? [line, ''] : [line.slice(0, cut), line.slice(cut + 1)];
  });
  return Object.fromEntries(pairs.filter(([name]) => name !== ''));
}
