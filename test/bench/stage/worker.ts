import { once } from 'node:events';

/** What a worker can be asked to do, by name. */
export type Calls = Record<string, (argument: never) => Promise<unknown>>;

export interface Work {
  /** Where it is served, if it is. */
  url?: string;
  calls?: Calls;
  close: () => Promise<void>;
}

/** One call as it travels between the two processes, and its end. */
export type CallMessage = { id: number; call: string; argument: unknown };
export type EndMessage = { id: number; result?: unknown; fault?: string };

/**
 * The program of a process of the benchmark that is none of the product's: it is told its settings in the first message, says
 * when it is ready, does what it is asked, and ends when it is told to or when who started it has ended.
 */
export async function work<Settings>(start: (settings: Settings) => Promise<Work>): Promise<void> {
  process.once('disconnect', () => process.exit(0));
  const [settings] = (await once(process, 'message')) as [Settings];
  const { url, calls = {}, close } = await start(settings);
  process.on('message', (message: CallMessage) => void answer(calls, message));
  process.send!({ ready: { url } });
  await once(process, 'SIGTERM');
  await close();
  process.exit(0);
}

async function answer(calls: Calls, { id, call, argument }: CallMessage): Promise<void> {
  let end: EndMessage;
  try {
    end = { id, result: await calls[call]!(argument as never) };
  } catch (error) {
    end = { id, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  process.send!(end);
}
