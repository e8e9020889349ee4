/**
 * The frame of the HTML report: styles for light and dark, and the script that sorts tables. The page
 * loads nothing from the network, and its content security policy forbids it.
 */
import { escapeHtml } from './html-text.js';

const STYLE = `:root{color-scheme:light dark;--ink:#1a1d21;--soft:#555d68;--page:#fff;--line:#d5dae1;--head:#f3f5f8;--link:#1d4ed8;--bad:#b42318;--good:#14713d;--program:#cfe3ff;--interpreter:#e6dcff;--preload:#fff0c2;--library:#eef1f4;--missing:#ffd5d2}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a9b1bc;--page:#15181c;--line:#3a414b;--head:#1f242b;--link:#8ab4ff;--bad:#ff9a90;--good:#6fdc9a;--program:#1e3a66;--interpreter:#3b2d66;--preload:#54450f;--library:#2a3038;--missing:#6b211b}}
*{box-sizing:border-box}
body{margin:0;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--page)}
header,main{max-width:72rem;margin:auto;padding:0 1rem}
h1{font-size:1.5rem;margin:.5rem 0}
h2{font-size:1.2rem;margin:2rem 0 .5rem;overflow-wrap:anywhere}
h3{font-size:1rem;margin:1.2rem 0 .3rem}
code,td.path,.tree,summary{font-family:ui-monospace,monospace;font-size:.9em;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.5rem 0}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
a{color:var(--link)}
.bad{color:var(--bad)}.good{color:var(--good)}.soft{color:var(--soft)}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:6px}
table{border-collapse:collapse;width:100%}
th,td{padding:.35rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
td.name{min-width:9rem}
td.path{min-width:14rem}
td.size{text-align:right;white-space:nowrap}
th[data-number]{text-align:right}
th{background:var(--head)}
th button{font:inherit;font-weight:600;color:inherit;background:none;border:0;padding:0;cursor:pointer}
th[aria-sort=ascending] button::after{content:" \\2191"}
th[aria-sort=descending] button::after{content:" \\2193"}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
details{margin:.2rem 0}
summary{cursor:pointer}
.tree ul{margin:0;padding-left:1.2rem}
svg text{fill:var(--ink);font:13px system-ui,sans-serif;text-anchor:middle}
svg text.size{fill:var(--ink);font-size:11px}
svg .edge{fill:none;stroke:var(--soft);opacity:.6}
svg .edge:hover{opacity:1;stroke-width:2.5}
svg .edge.missing{stroke:var(--bad);stroke-dasharray:5 4}
svg marker path{fill:var(--soft)}
svg rect{stroke:var(--line)}
svg .program rect{fill:var(--program)}svg .interpreter rect{fill:var(--interpreter)}svg .preload rect{fill:var(--preload)}svg .library rect{fill:var(--library)}svg .missing rect{fill:var(--missing)}`;

const SCRIPT = `for(const button of document.querySelectorAll('th button'))button.addEventListener('click',()=>{
const th=button.closest('th'),body=th.closest('table').tBodies[0],column=th.cellIndex;
const up=th.getAttribute('aria-sort')==='descending'||(!th.hasAttribute('aria-sort')&&!th.hasAttribute('data-number'));
for(const other of th.parentNode.cells)other.removeAttribute('aria-sort');
th.setAttribute('aria-sort',up?'ascending':'descending');
const key=row=>row.cells[column].dataset.value??row.cells[column].textContent;
const number=th.hasAttribute('data-number');
const compare=(a,b)=>number?key(a)-key(b):key(a)<key(b)?-1:key(a)>key(b)?1:0;
body.append(...[...body.rows].sort((a,b)=>up?compare(a,b):compare(b,a)))});`;

/** A whole document. `body` is HTML; `title` is text and is escaped here. */
export function htmlPage(title: string, body: readonly string[]): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">`,
    `<title>${escapeHtml(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    ...body,
    `<script>${SCRIPT}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
