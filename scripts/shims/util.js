/** The part of node:util that elfy calls. */
export function inherits(child, base) {
  Object.setPrototypeOf(child.prototype, base.prototype);
}
