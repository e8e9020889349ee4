/**
 * Makes elements of HTML and SVG. Text from files becomes text nodes and attribute values, never markup,
 * so that no name can become a tag.
 */

type Value = string | number | boolean | undefined | ((event: Event) => void);
/** What stands in an element; undefined for nothing. */
export type Child = Node | string | undefined | readonly Child[];

const SVG = 'http://www.w3.org/2000/svg';
const SVG_TAGS = new Set(['svg', 'g', 'path', 'rect', 'text', 'title', 'defs', 'marker', 'tspan']);

/** Attributes of undefined or false are left out; one that starts with `on` is a listener. */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes?: Readonly<Record<string, Value>>,
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  return fill(document.createElement(name), attributes, children);
}

/** The same for SVG. */
export function s<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes?: Readonly<Record<string, Value>>,
  ...children: readonly Child[]
): SVGElementTagNameMap[Name] {
  if (!SVG_TAGS.has(name) && name !== 'a') throw new Error(name);
  return fill(
    document.createElementNS(SVG, name) as SVGElementTagNameMap[Name],
    attributes,
    children,
  );
}

function fill<Each extends Element>(
  element: Each,
  attributes: Readonly<Record<string, Value>> = {},
  children: readonly Child[],
): Each {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  append(element, children);
  return element;
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined) continue;
    if (typeof child === 'string' || child instanceof Node) element.append(child);
    else append(element, child);
  }
}

/** A path that may be broken after each of its slashes. */
export function breakable(text: string): Child[] {
  return text
    .split(/(?<=\/)(?=.)/)
    .flatMap((part, index) => (index === 0 ? [part] : [document.createElement('wbr'), part]));
}
