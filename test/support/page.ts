import { type DevTools } from './devtools.js';

/** A page of a browser as a test drives it; what went wrong or went out is kept from the first moment. */
export class Page {
  /** Addresses of all that the page asked for; `data:` and `blob:` stay within. */
  readonly requested: string[] = [];
  /** Errors of the console: exceptions, refused policies, failed loads. */
  readonly errors: string[] = [];
  readonly #devTools: DevTools;
  readonly #session: string;

  private constructor(devTools: DevTools, session: string) {
    this.#devTools = devTools;
    this.#session = session;
    devTools.listen(session, (method, params) => this.#note(method, params));
  }

  static async open(devTools: DevTools, size: { width: number; height: number }): Promise<Page> {
    const { browserContextId } = await devTools.send('Target.createBrowserContext');
    const { targetId } = await devTools.send('Target.createTarget', { url: 'about:blank', browserContextId });
    const { sessionId } = await devTools.send('Target.attachToTarget', { targetId, flatten: true });
    const page = new Page(devTools, sessionId as string);
    for (const domain of ['Page', 'Network', 'Runtime', 'Log', 'DOM']) await page.send(`${domain}.enable`);
    await page.send('Emulation.setDeviceMetricsOverride', { ...size, deviceScaleFactor: 1, mobile: false });
    return page;
  }

  send(method: string, params: object = {}): Promise<Record<string, unknown>> {
    return this.#devTools.send(method, params, this.#session);
  }

  /** Opens an address and waits until the document is complete. */
  async goto(url: string): Promise<void> {
    const { errorText } = (await this.send('Page.navigate', { url })) as { errorText?: string };
    if (errorText !== undefined) throw new Error(`${url}: ${errorText}`);
    await this.until(`location.href === ${JSON.stringify(url)} && document.readyState === 'complete'`);
  }

  /** Value of an expression in the page, promises awaited. @throws Error with what the page threw */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = (await this.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    })) as { result: { value: T }; exceptionDetails?: { exception?: { description?: string } } };
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? 'the page threw');
    return result.value;
  }

  /** Waits until an expression is true. @throws Error after 20 s, with the page's text */
  async until(expression: string): Promise<void> {
    const end = Date.now() + 20_000;
    while (Date.now() < end) {
      if (await this.evaluate<boolean>(`Boolean(${expression})`)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const text = await this.evaluate<string>('document.body.innerText');
    throw new Error(`never came true: ${expression}\n${text.slice(0, 2000)}`);
  }

  /** What an element shows, once it shows something. */
  async text(selector: string): Promise<string> {
    const shown = `document.querySelector(${JSON.stringify(selector)})?.innerText.trim()`;
    await this.until(shown);
    return this.evaluate<string>(shown);
  }

  /** A click as of a mouse, on the first element of the selector once it is there, stands still and is covered by nothing. */
  async click(selector: string): Promise<void> {
    const found = `document.querySelector(${JSON.stringify(selector)})`;
    await this.until(found);
    const at = await this.#placeOf(found);
    for (const type of ['mousePressed', 'mouseReleased'])
      await this.send('Input.dispatchMouseEvent', { type, ...at, button: 'left', clickCount: 1 });
  }

  /** A page that still builds itself up moves what it shows: a click where something was hits something else. */
  async #placeOf(found: string): Promise<{ x: number; y: number }> {
    const place = `(({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 }))(${found}.getBoundingClientRect())`;
    const hits = `(({ x, y }) => ${found}.contains(document.elementFromPoint(x, y)))(${place})`;
    const end = Date.now() + 20_000;
    for (let before = ''; Date.now() < end;) {
      await this.evaluate(`${found}.scrollIntoView({ block: 'center', behavior: 'instant' })`);
      await new Promise((resolve) => setTimeout(resolve, 100));
      const at = await this.evaluate<{ x: number; y: number }>(place);
      if (JSON.stringify(at) === before && (await this.evaluate<boolean>(hits))) return at;
      before = JSON.stringify(at);
    }
    throw new Error(`never stood still, or is covered: ${found}`);
  }

  /** Gives a file of this machine to a file input, as its dialogue would. */
  async pickFile(selector: string, path: string): Promise<void> {
    const { root } = (await this.send('DOM.getDocument')) as { root: { nodeId: number } };
    const { nodeId } = await this.send('DOM.querySelector', { nodeId: root.nodeId, selector });
    await this.send('DOM.setFileInputFiles', { nodeId, files: [path] });
  }

  #note(method: string, params: Record<string, unknown>): void {
    const note = NOTES[method]?.(params);
    if (note?.requested !== undefined) this.requested.push(note.requested);
    if (note?.error !== undefined) this.errors.push(note.error);
  }
}

type Note = { requested?: string; error?: string };

const NOTES: Readonly<Record<string, (params: Record<string, unknown>) => Note>> = {
  'Network.requestWillBeSent': ({ request }) => {
    const { url } = request as { url: string };
    return /^(data|blob):/.test(url) ? {} : { requested: url };
  },
  'Network.webSocketCreated': ({ url }) => ({ requested: String(url) }),
  'Runtime.exceptionThrown': ({ exceptionDetails }) => ({ error: JSON.stringify(exceptionDetails) }),
  'Runtime.consoleAPICalled': ({ type, args }) => (type === 'error' ? { error: JSON.stringify(args) } : {}),
  'Log.entryAdded': ({ entry }) => {
    const { level, text, url } = entry as { level: string; text: string; url?: string };
    return level === 'error' ? { error: `${text} ${url ?? ''}`.trim() } : {};
  },
};
