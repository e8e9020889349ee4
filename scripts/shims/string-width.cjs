/** For cli-progress, which brings all emoji to measure the margins of aligned bars; these are not aligned. */
module.exports = (/** @type {string} */ text) => text.length;
