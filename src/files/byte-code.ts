/**
 * Byte code of Python, which is beside its source: `__pycache__/os.cpython-311.pyc` of `os.py`. Python reads it
 * only where the source is. Source: PEP 3147.
 */
const BYTE_CODE = /^(.*)\/__pycache__\/([^/]+?)\.[^./]+(?:\.opt-\d)?\.pyc$/;

/** The path of the source that byte code was made from; undefined for all other files. */
export function byteCodeSource(path: string): string | undefined {
  const [, directory, name] = BYTE_CODE.exec(path) ?? [];
  return name && `${directory}/${name}.py`;
}
