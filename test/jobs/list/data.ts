/** Programs that read data which they, or their libraries, know by a path. */
import { job } from '../job.js';

export const dataJobs = [
  job(
    'proj',
    'data',
    'PROJ',
    'proj-bin',
    '/usr/bin/cs2cs',
    'echo 55 12 | run /usr/bin/cs2cs -f %.2f EPSG:4326 EPSG:25832',
  ),
  job(
    'file',
    'data',
    'file',
    'file',
    '/usr/bin/file',
    `
    printf '\\211PNG\\r\\n\\032\\n\\0\\0\\0\\rIHDR\\0\\0\\0\\020\\0\\0\\0\\010\\010\\002\\0\\0\\0' > $T/tmp/a
    printf '#!/bin/sh\\nexit 0\\n' > $T/tmp/b
    run /usr/bin/file --mime-type /tmp/a /tmp/b; run /usr/bin/file -b /tmp/a`,
  ),
  job(
    'ghostscript',
    'data',
    'Ghostscript',
    'ghostscript',
    '/usr/bin/gs',
    `
    printf '%%!PS\\n/Helvetica findfont 24 scalefont setfont 10 10 moveto (Hello) show showpage\\n' > $T/tmp/in.ps
    run /usr/bin/gs -q -dSAFER -dBATCH -dNOPAUSE -sDEVICE=pbmraw -r36 -g60x30 -sOutputFile=/tmp/out.pbm /tmp/in.ps
    head -c 9 $T/tmp/out.pbm; cksum < $T/tmp/out.pbm`,
  ),
  job(
    'poppler',
    'data',
    'Poppler',
    'poppler-utils poppler-data',
    '/usr/bin/pdftotext',
    `
    cat > $T/tmp/in.pdf <<'PDF'
%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>> endobj
4 0 obj <</Length 43>> stream
BT /F 20 Tf 10 50 Td <C4E3BAC3CAC0BDE7> Tj ET 
endstream endobj
5 0 obj <</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/GBK-EUC-H/DescendantFonts[6 0 R]>> endobj
6 0 obj <</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor 7 0 R>> endobj
7 0 obj <</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800/Descent 0/CapHeight 700/StemV 80>> endobj
trailer <</Root 1 0 R>>
PDF
    run /usr/bin/pdftotext -enc UTF-8 /tmp/in.pdf - 2> /dev/null`,
  ),
  job(
    'espeak',
    'data',
    'eSpeak NG',
    'espeak-ng',
    '/usr/bin/espeak-ng',
    'run /usr/bin/espeak-ng -q -x -v en "hello world" 2> /dev/null; run /usr/bin/espeak-ng -q --ipa -v fr bonjour 2> /dev/null',
  ),
  job(
    'aspell',
    'data',
    'GNU Aspell',
    'aspell aspell-en',
    '/usr/bin/aspell',
    'echo "a wrod and a word" | run /usr/bin/aspell -l en_US list',
  ),
  job(
    'hunspell',
    'data',
    'Hunspell',
    'hunspell hunspell-en-us',
    '/usr/bin/hunspell',
    'echo "a wrod and a word" | run /usr/bin/hunspell -d en_US -l',
  ),
  job(
    'tesseract',
    'data',
    'Tesseract',
    'tesseract-ocr imagemagick fonts-dejavu-core',
    '/usr/bin/tesseract',
    `
    aside /usr/bin/convert -font DejaVu-Sans -pointsize 40 label:Hello /tmp/hello.png
    cp $W/tmp/hello.png $T/tmp; run /usr/bin/tesseract /tmp/hello.png - 2> /dev/null`,
  ),
  job(
    'nmap',
    'data',
    'Nmap',
    'nmap',
    '/usr/bin/nmap',
    `
    run /usr/bin/nmap -n -sT -p 22,443 127.0.0.1 | grep /tcp`,
  ),
  job('units', 'data', 'GNU Units', 'units', '/usr/bin/units', "run /usr/bin/units -t '1 mile' km"),
  job(
    'vim',
    'data',
    'Vim',
    'vim',
    '/usr/bin/vim.basic',
    `
    printf 'int main(void) { return 0; }\\n' > $T/tmp/a.c
    run /usr/bin/vim.basic -n -es -u DEFAULTS -c 'syntax on' -c 'edit /tmp/a.c' -c 'redir! > /tmp/out' -c 'echo &filetype synIDattr(synID(1,1,1),"name")' -c 'redir END' -c 'qa!' < /dev/null
    cat $T/tmp/out`,
  ),
  job(
    'pandoc',
    'data',
    'Pandoc',
    'pandoc',
    '/usr/bin/pandoc',
    "printf '%% Title\\n\\n# A *b*\\n' | run /usr/bin/pandoc -s -f markdown -t man",
  ),
] as const;
