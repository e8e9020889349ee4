/** Programs that draw text: a picture must be the same, byte by byte. */
import { job } from '../job.js';

const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><text x="5" y="30" font-family="sans-serif" font-size="24">Hello</text></svg>';

export const fontJobs = [
  job(
    'rsvg',
    'fonts',
    'librsvg',
    'librsvg2-bin fonts-dejavu-core',
    '/usr/bin/rsvg-convert',
    `
    echo '${SVG}' | run /usr/bin/rsvg-convert -o /tmp/a.png; file=$T/tmp/a.png; stat -c %s $file; cksum < $file`,
  ),
  job(
    'graphviz',
    'fonts',
    'Graphviz',
    'graphviz fonts-dejavu-core',
    '/usr/bin/dot',
    `
    echo 'digraph { hello -> world }' | run /usr/bin/dot -Tpng -o /tmp/a.png; stat -c %s $T/tmp/a.png; cksum < $T/tmp/a.png`,
  ),
  job(
    'gnuplot',
    'fonts',
    'gnuplot',
    'gnuplot-nox fonts-dejavu-core',
    '/usr/bin/gnuplot',
    `
    run /usr/bin/gnuplot -e 'set terminal pngcairo size 200,150; set output "/tmp/a.png"; plot sin(x) title "a curve"'; stat -c %s $T/tmp/a.png; cksum < $T/tmp/a.png`,
  ),
] as const;
