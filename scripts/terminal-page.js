/**
 * What a command writes to a terminal, as an HTML page in the colours of a dark or a light terminal. The
 * command runs on a pseudo terminal made by script(1), so that it writes what it writes for people.
 */
import { execFileSync } from 'node:child_process';

/** SGR codes that reports use, as names of classes; any other code ends the last one. */
const CODES = { 1: 'bold', 2: 'dim', 31: 'red', 32: 'green', 33: 'yellow' };

/** Contrast of at least 4.5 to 1 on both grounds, dim text included. */
const STYLE = `body{margin:0;padding:14px 16px;width:max-content}
pre{margin:0;font:14px/1.35 'DejaVu Sans Mono',monospace;white-space:pre-wrap;word-break:break-all}
.bold{font-weight:bold}.dim{opacity:.7}.prompt{opacity:.7;user-select:none}
.light{background:#fff;color:#24292e}.light .red{color:#a61b12}.light .green{color:#0f5f30}.light .yellow{color:#7a4a00}
.dark{background:#15181c;color:#e8eaed}.dark .red{color:#ff9a90}.dark .green{color:#7ee2a6}.dark .yellow{color:#ffc76b}`;

const ESCAPE = String.fromCharCode(27);

/**
 * Runs `command` in `directory` on a terminal of so many columns. What a progress bar wrote and took away is
 * left out.
 * @param {string} command For sh.
 * @param {string} directory
 * @param {number} columns
 */
export function terminalOutput(command, directory, columns) {
  const line = `stty cols ${columns} rows 50; ${command} || true`;
  const output = execFileSync('script', ['-qec', line, '/dev/null'], {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return output
    .replaceAll('\r\n', '\n')
    .replaceAll(new RegExp(`[^\\n]*${ESCAPE}\\[K`, 'g'), '')
    .trimEnd();
}

/**
 * The page: a prompt with the command as a user types it, and at most `most` lines of what it wrote.
 * @param {{ shown: string, output: string, columns: number, scheme: 'light' | 'dark', most: number }} options
 */
export function terminalPage({ shown, output, columns, scheme, most }) {
  const lines = output.split('\n');
  const rest = lines.length - most;
  const kept = lines.slice(0, most).join('\n');
  const note = rest > 0 ? `\n<span class="dim">[${rest} more lines]</span>` : '';
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}pre{width:${columns}ch}</style>
<body class="${scheme}"><pre><span class="prompt">$ </span>${escaped(shown)}\n${spans(kept)}${note}</pre>`;
}

/** @param {string} output With escape sequences. */
function spans(output) {
  let open = 0;
  const [first = '', ...others] = output.split(`${ESCAPE}[`);
  const parts = others.map((part) => {
    const [, code = '', text = ''] = /^([\d;?]*)[A-Za-z]([\s\S]*)$/.exec(part) ?? [];
    const name = CODES[/** @type {keyof typeof CODES} */ (code)];
    if (name !== undefined) {
      open++;
      return `<span class="${name}">${escaped(text)}`;
    }
    if (open === 0) return escaped(text);
    open--;
    return `</span>${escaped(text)}`;
  });
  return `${escaped(first)}${parts.join('')}${'</span>'.repeat(open)}`;
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
