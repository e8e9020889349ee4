/**
 * `--format html` in Chromium: each interactive element does something, the keyboard alone is enough, axe
 * finds nothing, nothing is loaded, no name becomes markup, and no drawn need runs through a drawn box.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { traceDependencies } from '../../src/index.js';
import { directoryRoot } from '../../src/root/directory-root.js';
import { crossings, type DrawnBox, type DrawnNeed } from '../support/drawn-graph.js';
import { pageDirectory, pageText } from '../support/html-pages.js';
import { Random } from '../support/random.js';
import { command, describeWith, findCommand } from '../support/requirement.js';
import { glibcSystem, program, TRIPLET, traceWorld, type World } from '../support/world.js';

const LIB = `/usr/lib/${TRIPLET}`;

const LEAVES = Array.from({ length: 10 }, (_, index) => `libleaf-${index}.so`);

/** Two programs with all that a page can show: findings, notes, needs at run time, packages, many needs. */
const world: World = {
  ...glibcSystem(36),
  [`${LIB}/libc.so.6`]: {},
  ...Object.fromEntries(LEAVES.map((name) => [`${LIB}/${name}`, { needed: ['libc.so.6'] }])),
  [`${LIB}/liba.so.1`]: { needed: ['libb.so.2', 'libc.so.6', ...LEAVES] },
  [`${LIB}/libb.so.2`]: { needed: ['libz.so.1', 'libc.so.6'] },
  [`${LIB}/libz.so.1`]: { needed: ['libc.so.6'] },
  '/app/lib/libown.so': { needed: ['libc.so.6'] },
  '/app/fails': program({ needed: ['liba.so.1', 'libgone.so.1', 'libc.so.6'] }),
  '/app/runs': program({ needed: ['liba.so.1', 'libown.so', 'libc.so.6'], runpath: '/app/lib' }),
};

/** As many libraries and needs as ffmpeg of Debian 12 has. */
function manyLibraries(): World {
  const random = new Random(215);
  const names = Array.from({ length: 213 }, (_, i) => `libexample-${i}.so.${i % 9}`);
  const libraries = names.map((name, index) => {
    const behind = names.slice(index + 1, index + 80);
    const some = behind.length === 0 ? [] : random.some(behind, 6);
    return [`${LIB}/${name}`, { needed: [...new Set([...behind.slice(0, 1), ...some])] }] as const;
  });
  const needed = [...names.slice(0, 20), ...random.some(names, 20)];
  return {
    ...glibcSystem(36),
    ...Object.fromEntries(libraries),
    '/app/main': program({ needed }),
  };
}

const PACKAGES: Readonly<Record<string, string>> = {
  [`${LIB}/libc.so.6`]: 'libc6',
  [`${LIB}/liba.so.1`]: 'example',
  [`${LIB}/libb.so.2`]: 'example',
};
const packageOf = (path: string) => PACKAGES[path];

/** What a reader can use: what takes the focus, and what a mouse can click. */
const INTERACTIVE =
  'a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex="-1"]), [onclick], [contenteditable]';

const LINKS = 'a[href*="#lib="], a[href*="#program="]';

type Handle = Awaited<ReturnType<Page['$$']>>[number];
type Use = (page: Page, element: Handle) => Promise<void>;

const text = (page: Page, selector: string) => page.locator(selector).first().textContent();
const evaluate = <Value>(page: Page, code: string) => page.evaluate(code) as Promise<Value>;
/** The page draws what has a new width in the next frame, with new elements. */
const settled = (page: Page) =>
  evaluate(page, 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
/** `code` is a function of an element, as text, since only the page knows elements. */
const call = <Value>(element: Handle, code: string) =>
  element.evaluate(new Function('e', `return (${code})(e)`) as (e: unknown) => Value);

/** Every kind of element of the page, and what it must do. The first that matches counts. */
const USES: readonly (readonly [selector: string, use: Use])[] = [
  [
    'nav a',
    async (page, element) => {
      const href = await call<string>(element, '(e) => e.getAttribute("href")');
      await element.click();
      expect(await evaluate(page, 'location.hash')).toBe(href);
      await expect
        .poll(() =>
          evaluate(
            page,
            `(() => {
        const { top } = document.querySelector('${href}').getBoundingClientRect();
        return top < innerHeight;
      })()`,
          ),
        )
        .toBe(true);
    },
  ],
  [
    '#panel .close',
    async (page, element) => {
      await element.click();
      expect(await page.locator('#panel').isVisible()).toBe(false);
      expect(await evaluate(page, 'location.hash')).toBe('');
    },
  ],
  [
    '.copy',
    async (page, element) => {
      await element.click();
      await expect.poll(() => call(element, '(e) => e.textContent')).toBe('Copied');
      const remedy = await call<string>(element, '(e) => e.parentElement.firstChild.textContent');
      expect(await evaluate(page, 'navigator.clipboard.readText()')).toBe(remedy);
    },
  ],
  [
    'summary',
    async (_page, element) => {
      const isOpen = () => call<boolean>(element, '(e) => e.parentElement.open');
      const before = await isOpen();
      await element.click();
      expect(await isOpen()).toBe(!before);
    },
  ],
  [
    'thead button',
    async (_page, element) => {
      const order = () => call<string>(element, '(e) => e.parentElement.ariaSort');
      const column = () =>
        call<string[]>(
          element,
          `(e) => [...e.closest('table').tBodies[0].rows]
            .map((row) => row.cells[e.parentElement.cellIndex].textContent)`,
        );
      await element.click();
      const [first, once] = [await order(), await column()];
      await element.click();
      const [second, twice] = [await order(), await column()];
      expect([first, second].sort()).toEqual(['ascending', 'descending']);
      expect(twice[0]).toBe(once.length > 1 && new Set(once).size > 1 ? twice[0] : once[0]);
      if (new Set(once).size > 1) expect(twice).not.toEqual(once);
    },
  ],
  [
    'input[name=grouping]',
    async (page, element) => {
      const groups = () =>
        evaluate<string>(
          page,
          '[...document.querySelectorAll(".tile title")].map((e) => e.textContent).join()',
        );
      const [before, was] = [await groups(), await call<boolean>(element, '(e) => e.checked')];
      await element.click();
      expect(await call(element, '(e) => e.checked')).toBe(true);
      expect((await groups()) === before).toBe(was);
    },
  ],
  [
    'input[name=usual]',
    async (page, element) => {
      const before = await nodeCount(page);
      await element.click();
      expect(await nodeCount(page)).toBeGreaterThan(before);
    },
  ],
  [
    'select[name=steps]',
    async (page, element) => {
      const before = await nodeCount(page);
      await element.selectOption('1');
      expect(await nodeCount(page)).toBeLessThan(before);
    },
  ],
  [
    '#files select',
    async (page, element) => {
      const all = await shownRows(page);
      await element.selectOption({ index: 1 });
      expect(await shownRows(page)).toBeLessThan(all);
      await page.getByRole('button', { name: 'Show all', exact: true }).click();
      expect(await shownRows(page)).toBe(all);
    },
  ],
  [
    '.buttons button',
    async (page, element) => {
      const place = () =>
        evaluate<string>(page, 'document.querySelector(".graph > g").getAttribute("transform")');
      const before = await place();
      if ((await element.textContent()) === 'Fit') {
        await page.getByRole('button', { name: 'Zoom in' }).click();
        const zoomed = await place();
        await element.click();
        expect(await place()).not.toBe(zoomed);
      } else {
        await element.click();
        expect(await place()).not.toBe(before);
      }
    },
  ],
  [
    '#search',
    async (page, element) => {
      await element.fill('libz');
      expect(await text(page, '#results a')).toBe('libz.so.1');
      expect(await shownRows(page)).toBe(1);
    },
  ],
  [
    LINKS,
    async (page, element) => {
      const target = await call<string>(element, '(e) => e.getAttribute("href")');
      const href = target.slice(target.indexOf('#'));
      await element.click();
      expect(await evaluate(page, 'location.hash')).toBe(href);
      const name = decodeURIComponent(href.slice(href.indexOf('=') + 1));
      await expect.poll(() => text(page, '#panel-title')).toBe(name);
      expect(await evaluate(page, 'document.activeElement.id')).toBe('panel-title');
    },
  ],
  [
    '#panel > button',
    async (page, element) => {
      await element.click();
      const title = await text(page, '#panel-title');
      const label = await evaluate<string>(page, 'document.activeElement.textContent');
      expect(label.startsWith(`${title},`)).toBe(true);
      await expect
        .poll(() =>
          evaluate(
            page,
            '(() => { const { top, bottom } = document.activeElement.getBoundingClientRect(); return top < innerHeight && bottom > 0; })()',
          ),
        )
        .toBe(true);
    },
  ],
  [
    '.scroll, pre',
    async (_page, element) => {
      await element.focus();
      expect(await call(element, '(e) => e === document.activeElement')).toBe(true);
      expect(await call<string>(element, '(e) => e.ariaLabel')).toMatch(/\w/);
    },
  ],
];

const nodeCount = (page: Page) => page.locator('.graph .node').count();
const shownRows = (page: Page) =>
  evaluate<number>(
    page,
    '[...document.querySelectorAll("#files tbody tr")].filter((e) => !e.hidden).length',
  );

/** The boxes and needs that are in the page, in the units of the picture. */
async function drawnGraph(page: Page): Promise<{ boxes: DrawnBox[]; needs: DrawnNeed[] }> {
  const [boxes, needs] = await evaluate<[DrawnBox[], DrawnNeed[]]>(
    page,
    `[
      [...document.querySelectorAll('.graph .node')].map((node) => {
        const { x, y, width, height } = node.querySelector('rect').getBBox();
        return { file: Number(node.dataset.file), x, y, width, height };
      }),
      [...document.querySelectorAll('.graph .edge')].map((edge) => ({
        from: Number(edge.dataset.from), to: Number(edge.dataset.to), path: edge.getAttribute('d'),
      })),
    ]`,
  );
  return { boxes, needs };
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The rules that axe finds broken, each with the first element. */
async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return evaluate<string[]>(
    page,
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`,
  );
}

describeWith('a page in Chromium', [command('chromium')], () => {
  const pages = pageDirectory();
  const url = pages.write(
    'two',
    pageText(traceWorld(world, ['/app/fails', '/app/runs']), packageOf),
  );
  const one = pages.write('one', pageText(traceWorld(world, ['/app/runs']), packageOf));
  let browser: Browser;
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: findCommand('chromium'),
      args: ['--no-sandbox'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    pages.remove();
  });

  async function open(address: string, options: Parameters<Browser['newContext']>[0] = {}) {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('dialog', async (dialog) => {
      complaints.push(`dialog ${dialog.message()}`);
      await dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) complaints.push(`loads ${request.url()}`);
    });
    await show(page, address);
    return page;
  }

  /** A fresh page, with its graph, which is laid out when it comes near. */
  async function show(page: Page, address: string) {
    await page.goto('about:blank');
    await page.goto(address);
    if ((await page.locator('#graph').count()) === 0) return;
    await page.locator('#graph').scrollIntoViewIfNeeded();
    await page.locator('.graph .node').first().waitFor();
    await page.evaluate('scrollTo(0, 0)');
  }

  describe.each([
    ['several programs', url],
    ['one program', one],
    ['a library that is not found', `${url}#lib=libgone.so.1`],
    ['a library with many needs', `${one}#lib=liba.so.1`],
    ['a program that fails', `${url}#program=/app/fails`],
  ])('%s', (_, address) => {
    it('each interactive element does what it is for', async () => {
      const page = await open(address);
      const number = await page.locator(INTERACTIVE).count();
      expect(number).toBeGreaterThan(20);
      const used = new Set<string>();
      const hash = new URL(address).hash;
      for (let index = 0; index < number; index++) {
        await settled(page);
        const element = (await page.$$(INTERACTIVE))[index] as Handle;
        if (!(await element.isVisible())) continue;
        // The rest of the page is used without an address.
        if (hash !== '' && !(await call(element, `(e) => e.closest('#panel') !== null`))) continue;
        const found: (readonly [string, Use])[] = [];
        for (const each of USES)
          if (await call(element, `(e) => e.matches('${each[0]}')`)) found.push(each);
        const [first] = found;
        const markup = await call<string>(element, '(e) => e.outerHTML.slice(0, 120)');
        if (first === undefined) throw new Error(`no use is known for ${markup}`);
        const [selector, use] = first;
        used.add(selector);
        await use(page, element).catch((error) => {
          throw new Error(`${markup}: ${error.message}`);
        });
        if (selector === LINKS) await evaluate(page, `location.hash = ${JSON.stringify(hash)}`);
        else await show(page, address);
      }
      expect(used.size).toBeGreaterThan(hash === '' ? 7 : 2);
      await page.context().close();
    });

    it.each([
      [400, 'light'],
      [1600, 'dark'],
      [1600, 'light'],
      [900, 'dark'],
    ] as const)(
      'at %i pixels, %s: axe finds nothing, and nothing sticks out',
      async (width, colorScheme) => {
        const page = await open(address, { viewport: { width, height: 900 }, colorScheme });
        expect(await axeFindings(page)).toEqual([]);
        const wide = await evaluate<number>(page, 'document.documentElement.scrollWidth');
        expect(wide).toBeLessThanOrEqual(width);
        await page.context().close();
      },
    );
  });

  it('the keyboard alone is enough', async () => {
    const page = await open(one);
    const keys = page.keyboard;
    const focused = () => evaluate<string>(page, 'document.activeElement.textContent');
    await keys.press('/');
    await keys.type('libz');
    await keys.press('ArrowDown');
    expect(await focused()).toBe('libz.so.1');
    await keys.press('Enter');
    await expect.poll(() => evaluate(page, 'document.activeElement.id')).toBe('panel-title');
    expect(await evaluate(page, 'location.hash')).toBe('#lib=libz.so.1');
    await keys.press('Escape');
    expect(await page.locator('#panel').isVisible()).toBe(false);
    // Every tab stop comes, and shows that it has the focus.
    await show(page, one);
    const stops = await evaluate<number>(
      page,
      `[...document.querySelectorAll('${INTERACTIVE}')].filter((e) =>
        e.tabIndex >= 0 && e.checkVisibility() && !(e.type === 'radio' && !e.checked)).length`,
    );
    const reached: string[] = [];
    let different = 0;
    for (let index = 0; index < stops; index++) {
      await keys.press('Tab');
      reached.push(await evaluate<string>(page, 'document.activeElement.outerHTML.slice(0, 200)'));
      if (
        await evaluate<boolean>(
          page,
          '!document.activeElement.seen && (document.activeElement.seen = true)',
        )
      )
        different++;
      const isShown = await evaluate<boolean>(
        page,
        `(() => {
          const active = document.activeElement;
          const style = getComputedStyle(active);
          const rect = active.querySelector('rect');
          return style.outlineStyle !== 'none' || (rect && parseFloat(getComputedStyle(rect).strokeWidth) > 2);
        })()`,
      );
      expect(isShown, reached.at(-1)).toBe(true);
    }
    expect(reached).not.toContain('<body>');
    expect(different).toBe(stops);
    // Arrows go from box to box, Enter opens.
    await page.locator('.graph .node[tabindex="0"]').focus();
    const start = await focused();
    await keys.press('ArrowRight');
    expect(await focused()).not.toBe(start);
    const scale = () =>
      evaluate<string>(page, 'document.querySelector(".graph > g").getAttribute("transform")');
    const before = await scale();
    await keys.press('+');
    expect(await scale()).not.toBe(before);
    await keys.press('Enter');
    await expect.poll(() => page.locator('#panel').isVisible()).toBe(true);
    await keys.press('Escape');
    expect(await evaluate(page, 'document.activeElement.classList.contains("node")')).toBe(true);
    await page.locator('thead button').first().focus();
    await keys.press('Enter');
    expect(await page.locator('[aria-sort=ascending]').count()).toBeGreaterThan(0);
    await page.context().close();
  });

  it('the graph is moved by dragging, and scaled by the wheel with Ctrl', async () => {
    const page = await open(one);
    const place = () =>
      evaluate<string>(page, 'document.querySelector(".graph > g").getAttribute("transform")');
    await page.locator('.graph').scrollIntoViewIfNeeded();
    const box = await page.locator('.graph').boundingBox();
    if (box === null) throw new Error('no graph');
    const first = await place();
    await page.mouse.move(box.x + 5, box.y + 5);
    await page.mouse.down();
    await page.mouse.move(box.x + 60, box.y + 30);
    await page.mouse.up();
    const second = await place();
    expect(second).not.toBe(first);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -100);
    await page.keyboard.up('Control');
    await expect.poll(place).not.toBe(second);
    await page.context().close();
  });

  it('failures come first, and the search filters programs too', async () => {
    const page = await open(url);
    const names = page.locator('#programs tbody th');
    expect(await names.allTextContents()).toEqual(['/app/fails', '/app/runs']);
    await page.locator('#search').fill('runs');
    expect(await page.locator('#programs tbody tr:visible').count()).toBe(1);
    await page.context().close();
  });

  it('every cell of the programs is in sight, however narrow the page is', async () => {
    const long = `/opt/vendor/a-suite-of-many-programs/bin/${'program-'.repeat(8)}`;
    const traced = traceWorld({ ...world, [long]: program({ needed: ['libc.so.6'] }) }, [
      '/app/fails',
      long,
    ]);
    const address = pages.write('long', pageText(traced));
    const page = await open(address, { viewport: { width: 400, height: 800 } });
    const hidden = await evaluate<number>(
      page,
      `(() => {
        const box = document.querySelector('#programs .scroll').getBoundingClientRect();
        return [...document.querySelectorAll('#programs th, #programs td')]
          .filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > box.right + 1).length;
      })()`,
    );
    expect(hidden).toBe(0);
    await page.context().close();
  });

  it.each([400, 1600])('at %i pixels no label of the treemap leaves its tile', async (width) => {
    const written = pageText(traceWorld(manyLibraries(), ['/app/main']), (path) =>
      path.replace(/.*example-(\d+).*/, (_, number) => `package-${Number(number) % 9}`),
    );
    const page = await open(pages.write('labels', written), {
      viewport: { width, height: 900 },
    });
    const [labels, outside] = await evaluate<[number, string[]]>(
      page,
      `(() => {
        const right = (e) => e.getBoundingClientRect().right;
        const texts = [...document.querySelectorAll('.treemap text')].filter((e) => e.textContent);
        const room = (e) => {
          if (e.matches('.tile text')) return right(e.parentElement.querySelector('rect'));
          let most = 0;
          const colour = e.nextElementSibling.getAttribute('class');
          for (let at = e.nextElementSibling; at?.getAttribute('class') === colour; at = at.nextElementSibling)
            most = Math.max(most, right(at.querySelector('rect')));
          return most;
        };
        return [texts.length, texts.filter((e) => right(e) > room(e)).map((e) => e.textContent)];
      })()`,
    );
    expect(labels).toBeGreaterThan(9);
    expect(outside).toEqual([]);
    await page.context().close();
  });

  it('a file that is shown in the graph is in sight on a narrow page too', async () => {
    const page = await open(`${one}#lib=liba.so.1`, { viewport: { width: 400, height: 800 } });
    await page.getByRole('button', { name: 'Show in the graph' }).click();
    const isOnTop = () =>
      evaluate<boolean>(
        page,
        `(() => {
          const active = document.activeElement;
          const { left, top, width, height } = active.getBoundingClientRect();
          const found = document.elementFromPoint(left + width / 2, top + height / 2);
          return active.matches('.node') && found !== null && active.contains(found);
        })()`,
      );
    await expect.poll(isOnTop).toBe(true);
    await page.context().close();
  });

  it('an address leads to its section, just below the head', async () => {
    const page = await open(url, { viewport: { width: 900, height: 600 } });
    await page.goto('about:blank');
    await page.goto(`${url}#files`);
    const gap = () =>
      evaluate<number>(
        page,
        `document.querySelector('#files-title').getBoundingClientRect().top -
          document.querySelector('#head').getBoundingClientRect().bottom`,
      );
    await expect.poll(async () => Math.abs((await gap()) - 8)).toBeLessThan(3);
    await page.context().close();
  });

  it('print has every row, and nothing to click', async () => {
    const page = await open(`${url}#lib=liba.so.1`, { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    await evaluate(page, "dispatchEvent(new Event('beforeprint'))");
    expect(await page.locator('details:not([open])').count()).toBe(0);
    expect(await evaluate(page, 'getComputedStyle(document.body).color')).toBe('rgb(26, 29, 33)');
    expect(
      await page.locator('.search, nav, .tools, button').filter({ visible: true }).count(),
    ).toBe(await page.locator('thead button').count());
    expect(await page.locator('.search, nav, .tools').filter({ visible: true }).count()).toBe(0);
    const cut = await evaluate<number>(
      page,
      '[...document.querySelectorAll(".scroll")].filter((e) => e.scrollHeight > e.clientHeight + 1).length',
    );
    expect(cut).toBe(0);
    await page.context().close();
  });

  it('without scripts it has a table of all files', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(one);
    for (const name of ['liba.so.1', 'libown.so', 'libc.so.6'])
      expect(await page.getByRole('cell', { name, exact: true }).isVisible()).toBe(true);
    await context.close();
  });

  it('no name becomes markup, and no name hides another', async () => {
    const hostile = [
      '</script><script>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      '"onfocus=alert(1) autofocus x="',
      "'-alert(1)-'",
      '<!--<script>',
      'lib\u202eos.x',
      '__proto__',
      'a%2Fb#c?d&e',
    ];
    const traced = traceWorld(
      {
        ...glibcSystem(36),
        '/app/<b>main': program({ needed: hostile }),
        [`${LIB}/${hostile[1]}`]: { soname: '"><svg onload=alert(1)>' },
      },
      ['/app/<b>main'],
    );
    const address = pages.write(
      'hostile',
      pageText(traced, () => '<i>package</i>'),
    );
    const page = await open(address);
    const names = await page.locator('#files tbody .name').allTextContents();
    const expected = hostile.map((name) => name.replace('\u202e', '\\u202e'));
    expect(names).toEqual(expect.arrayContaining([...expected, '/app/<b>main']));
    expect(await page.locator('img, b, i, [onerror], [onload], [onfocus]').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(2);
    for (const name of expected) {
      const link = page.locator('#files tbody .name').filter({ hasText: name }).first();
      await link.click();
      await expect.poll(() => text(page, '#panel-title')).toBe(name);
    }
    await page.context().close();
  });

  const large = [
    ['a program of the size of ffmpeg', () => traceWorld(manyLibraries(), ['/app/main'])],
    [
      'ffmpeg of this machine',
      () => traceDependencies(directoryRoot('/'), [findCommand('ffmpeg') ?? '']),
    ],
  ] as const;
  describe.each(large)('%s', (name, trace) => {
    it.skipIf(name.startsWith('ffmpeg') && findCommand('ffmpeg') === undefined)(
      'is at most 400 kB, and no need runs through a box',
      async () => {
        const written = pageText(trace());
        expect(written.length).toBeLessThan(400_000);
        const page = await open(pages.write('large', written));
        expect(await page.locator('select[name=steps]').inputValue()).toBe('2');
        for (const steps of ['2', '3', '']) {
          await page.locator('select[name=steps]').selectOption(steps);
          const { boxes, needs } = await drawnGraph(page);
          expect(boxes.length).toBeGreaterThan(steps === '' ? 180 : 2);
          expect(crossings(boxes, needs)).toEqual([]);
        }
        await page.context().close();
      },
    );
  });

  it('nothing complained, and nothing was loaded', () => {
    expect(complaints).toEqual([]);
  });
});
