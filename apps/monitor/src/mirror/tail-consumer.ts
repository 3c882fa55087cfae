import { setTimeout as sleep } from 'node:timers/promises';
import { isConnectionLost } from '#database';
import { type Opener } from '#envelope';
import { topics, type Broker, type BrokerSubscription, type Delivery } from '#messaging';
import { decodeTail, type TailMessage } from '#node';
import { type Logger } from '#observability';
import { Problem, type ProblemName } from '#problem';
import { type Checkpoints } from './checkpoints.js';
import { type Mirror } from './mirror.js';
import { type Puller } from './puller.js';

export interface TailConsumerOptions {
  broker: Pick<Broker, 'subscribe'>;
  /** Opens tails sealed to the monitor's agency. */
  opener: Pick<Opener, 'openTail'>;
  mirror: Mirror;
  checkpoints: Checkpoints;
  puller: Puller;
  logger: Logger;
  /** Told what became of each tail. */
  onTail: (result: 'known' | 'grew' | 'unproven' | 'ended' | ProblemName) => void;
}

/** Every monitor process is a member: a log's tails go to one of them. */
const GROUP = 'monitor';
/** Notes of peers that agree with the mirror: they are repeated with every tail until there is a newer one. */
const REMEMBERED = 10_000;
/** How often a tail is tried that others at the same rows keep from being taken, and milliseconds in between. */
const [TRIES, AGAIN_MS] = [5, 200];

/**
 * Takes the tails of all logs. A tail counts as taken when what it brought is committed; when the database is away it
 * comes again. One that cannot be believed, or that fails for whatever other reason, is told and dropped, so that none holds
 * up those behind it: what it may have held is pulled.
 */
export class TailConsumer {
  private subscription: BrokerSubscription | undefined;
  private readonly agreed = new Set<string>();

  constructor(private readonly options: TailConsumerOptions) {}

  async start(): Promise<void> {
    const source = { topic: topics.tail(), group: GROUP };
    this.subscription = await this.options.broker.subscribe(source, (delivery) => this.deliver(delivery));
  }

  async close(): Promise<void> {
    await this.subscription?.close();
  }

  private async deliver(delivery: Delivery): Promise<void> {
    for (let left = TRIES; ; left -= 1) {
      try {
        return await this.take(await this.open(delivery));
      } catch (error) {
        if (left > 1 && isMomentary(error)) await sleep(AGAIN_MS);
        else return this.drop(error);
      }
    }
  }

  /** @throws the error when the database is away: then the tail comes again */
  private drop(error: unknown): void {
    if (isDatabaseAway(error)) throw error;
    const { problem, code } = Problem.from(error);
    this.options.onTail(problem);
    const fault = error instanceof Problem ? undefined : error; // ours: its stack is wanted
    this.options.logger.warn('tail refused', { topic: topics.tail(), problem, code }, fault);
  }

  private async open(delivery: Delivery): Promise<TailMessage> {
    const { origin, body } = await this.options.opener.openTail(delivery.topic, delivery);
    const tail = decodeTail(body);
    if (tail.origin !== origin) throw new Problem('envelope-spliced', { field: 'origin' });
    return tail;
  }

  private async take({ origin, from, lines, checkpoint: { note }, seen }: TailMessage): Promise<void> {
    const { checkpoints, mirror, puller, onTail } = this.options;
    const checkpoint = checkpoints.open(origin, note);
    const taken = await mirror.take({ origin, from, lines, checkpoint });
    onTail(taken);
    if (taken === 'unproven') void puller.pull(origin);
    for (const { origin: peer, note: peerNote } of seen) {
      await this.takeSeen(origin, peer, peerNote).catch((error: unknown) => this.drop(error));
    }
  }

  /** What a node saw of its peers: a log that shows others another history than us is found out here. */
  private async takeSeen(reporter: string, origin: string, note: string): Promise<void> {
    if (this.agreed.has(note)) return;
    const checkpoint = this.tryOpen(origin, note);
    if (!checkpoint) return;
    const taken = await this.options.mirror.hold({ checkpoint, reporter });
    if (taken === 'unproven') void this.options.puller.pull(origin);
    else this.remember(note);
  }

  private tryOpen(origin: string, note: string) {
    try {
      return this.options.checkpoints.open(origin, note);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.options.onTail(error.problem);
      return undefined;
    }
  }

  private remember(note: string): void {
    this.agreed.add(note);
    if (this.agreed.size > REMEMBERED) this.agreed.delete(this.agreed.values().next().value!);
  }
}

/** SQLSTATE of a wait for a lock or a statement that took too long, and of a deadlock: others were at the same rows. */
function isMomentary(error: unknown): boolean {
  return ['55P03', '57014', '40P01'].includes(String((error as { code?: unknown }).code));
}

function isDatabaseAway(error: unknown): boolean {
  return isConnectionLost(error) || (error instanceof Problem && error.problem === 'database-unavailable');
}
