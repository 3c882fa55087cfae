import { messageHeaders, topics, type Broker } from '#messaging';
import { type RegistryCopy } from '#node';
import { type RegistryHolder } from '#registry';
import { type LogKeyClosings } from './log-key-closings.js';

export interface RegistryPublisherOptions {
  /** The agency that publishes: the monitor's own. */
  agency: string;
  registry: RegistryHolder;
  registryCopy: Pick<RegistryCopy, 'keep'>;
  closings: Pick<LogKeyClosings, 'hold'>;
  broker: Pick<Broker, 'publish'>;
}

/** Puts signed registries in force here, and on the topic from which every node takes them. */
export class RegistryPublisher {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: RegistryPublisherOptions) {}

  /**
   * Kept before it is published: this side never knows less than it told. One at a time, so that the topic's newest
   * document has the highest number; the registry in force is kept and published again, which mends what failed midway.
   * @returns whether it was not in force before
   * @throws Problem as `RegistryHolder.offer` and `LogKeyClosings.hold`; the database's or the broker's
   */
  publish(note: string): Promise<boolean> {
    const done = this.last.then(() => this.publishNow(note));
    this.last = done.catch(() => undefined); // told to its own caller
    return done;
  }

  private async publishNow(note: string): Promise<boolean> {
    const { agency, registry, registryCopy, closings, broker } = this.options;
    await closings.hold(registry.check(note), registry.current);
    const changed = registry.offer(note);
    await registryCopy.keep(note, registry.current.number);
    const headers = messageHeaders({ source: agency, type: 'registry', subject: 'registry' });
    await broker.publish(topics.registry(), [{ key: 'registry', headers, value: Buffer.from(note) }]);
    return changed;
  }
}
