import { OpenIntents, parsePublicLine, type OpenIntent } from '#evidence';
import { type GatewayParts } from './parts.js';

/** A live exchange closes itself at its deadline; what is still open this much later was orphaned by a crash. */
const GRACE_MS = 5_000;
const EVERY_MS = 5_000;

/**
 * Closes intents that this log holds without an outcome past their deadline, with outcome `unknown`, after a crash or a
 * restart; and drops what idempotency and replay need no more.
 */
export class Sweeper {
  private readonly intents: OpenIntents;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(private readonly gateway: GatewayParts) {
    this.intents = new OpenIntents(gateway.node.database, gateway.node.origin);
  }

  start(): void {
    this.timer = setInterval(() => void this.sweep(), EVERY_MS).unref();
    void this.sweep();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** One round; a second call while one runs waits for it. */
  sweep(): Promise<void> {
    this.running ??= this.round().finally(() => (this.running = undefined));
    return this.running;
  }

  /** Each duty for itself: one that fails is tried again in the next round and holds up no other. */
  private async round(): Promise<void> {
    const { node, calls, replay, quotas } = this.gateway;
    await this.attempt('close-intents', () => this.closeOrphans());
    await this.attempt('calls', () => calls.sweep());
    await this.attempt('quota-reports', () => quotas.flush());
    await this.attempt('signatures', () => replay.sweep(node.clock()));
  }

  private async attempt(step: string, duty: () => Promise<unknown>): Promise<void> {
    try {
      await duty();
    } catch (error) {
      this.gateway.node.logger.warn('sweep failed', { step }, error);
    }
  }

  private async closeOrphans(): Promise<void> {
    const open = await this.intents.find(new Date(this.gateway.node.clock() - GRACE_MS));
    for (const intent of open) await this.attempt('close-intent', () => this.close(intent));
  }

  private async close({ publicLine, leaf }: OpenIntent): Promise<void> {
    const { exchange, deadline, from, to, query, region, bundle, subjects } = parsePublicLine(publicLine);
    await this.gateway.node.log.append({
      kind: 'outcome',
      exchange,
      from,
      to,
      ...(deadline !== undefined && { deadline }),
      ...(query !== undefined && { query }),
      ...(region !== undefined && { region }),
      ...(bundle !== undefined && { bundle }),
      ...(subjects !== undefined && { subjects, outcomes: { unknown: subjects } }),
      parent: leaf.toString('base64url'),
      reason: 'unknown',
    });
  }
}
