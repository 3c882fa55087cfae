import { Problem } from '#problem';
import {
  recordBytes,
  topicProblem,
  type BrokerSubscription,
  type DeliveryHandler,
  type Earlier,
  type OutgoingMessage,
  type TopicSpec,
} from '../broker.js';
import { Cursor } from './cursor.js';
import { Member } from './member.js';
import { PartitionLog } from './partition-log.js';

interface Group {
  members: Member[];
  cursors: Cursor[];
}

/** One topic of the bus: its partitions, and who reads them how. */
export class BusTopic {
  readonly partitions: PartitionLog[];
  readonly #groups = new Map<string, Group>();
  readonly #taken = new Set<number>();

  constructor(
    readonly spec: TopicSpec,
    limit: number,
    private readonly busUp: () => boolean,
  ) {
    this.partitions = Array.from(
      { length: spec.partitions },
      (_, index) => new PartitionLog(index, spec, limit),
    );
  }

  /** The partition that a message goes to. Errors: over the size limit, or no such partition. */
  partitionFor(message: OutgoingMessage): PartitionLog {
    if (recordBytes(message) > this.spec.maxMessageBytes) {
      const detail = `topic ${this.spec.name} takes at most ${this.spec.maxMessageBytes} bytes`;
      throw new Problem('body-too-large', { field: 'value', detail });
    }
    return this.#partition(message.partition ?? hash(message.key) % this.partitions.length);
  }

  /** Takes a fixed partition for one reader, from its end, when `ready` resolves; what came before goes to `earlier`. */
  async joinPartition(
    index: number,
    handler: DeliveryHandler,
    ready: () => Promise<void>,
    earlier?: Earlier,
  ): Promise<BrokerSubscription> {
    const log = this.#partition(index);
    if (this.#taken.has(index)) {
      throw new Problem('partition-taken', { field: `${this.spec.name}/${index}` });
    }
    this.#taken.add(index);
    await ready();
    const before = earlier && this.#lone(earlier.handler, log.since(earlier.since), [log], log.end);
    const reader = this.#lone(handler, log.end, [log]);
    const caughtUp = before ? before.until(({ done }) => done) : Promise.resolve();
    void caughtUp.then(before?.close).catch(() => undefined); // else it would keep what is read from being forgotten
    const leave = () => void this.#taken.delete(index);
    const close = () => Promise.all([before?.close(), reader.close()]).then(leave);
    return { caughtUp: () => caughtUp, close };
  }

  /** Shares the partitions with the group's other members, by position in order of joining. */
  joinGroup(name: string, handler: DeliveryHandler): BrokerSubscription {
    const group = this.#groups.get(name) ?? this.#newGroup(name);
    const member = new Member(handler);
    group.members.push(member);
    this.wake();
    const close = () => {
      group.members = group.members.filter((other) => other !== member);
      for (const log of this.partitions) log.progressed();
      this.wake();
      return member.idle();
    };
    return { caughtUp: () => Promise.resolve(), close };
  }

  /** Reads a compacted topic whole, for itself. */
  replay(handler: DeliveryHandler): BrokerSubscription {
    if (this.spec.cleanup !== 'compact')
      throw topicProblem(this.spec.name, 'only a compacted topic can be replayed');
    const goal = this.partitions.map(({ end }) => end);
    const reader = this.#lone(handler, 0, this.partitions);
    const reached = (cursor: Cursor, at: number) =>
      !cursor.log.from(cursor.position) || cursor.position >= (goal[at] ?? 0);
    return { ...reader, caughtUp: () => reader.until(reached) };
  }

  wake(): void {
    for (const log of this.partitions) for (const reader of log.readers) reader.wake();
  }

  #lone(handler: DeliveryHandler, position: number, logs: PartitionLog[], end?: number) {
    const member = new Member(handler);
    let open = true;
    const owner = () => (open ? member : undefined);
    const cursors = logs.map((log) => new Cursor(this.spec.name, log, position, owner, this.busUp, end));
    for (const cursor of cursors) cursor.wake();
    const close = async () => {
      open = false;
      for (const cursor of cursors) cursor.leave();
      await member.idle();
    };
    const until = async (reached: (cursor: Cursor, at: number) => boolean) => {
      for (const [at, cursor] of cursors.entries()) {
        while (open && !reached(cursor, at)) await cursor.log.progress();
      }
      if (!open) throw new Problem('shutting-down');
    };
    return { close, until };
  }

  #newGroup(name: string): Group {
    const group: Group = { members: [], cursors: [] };
    const owner = (index: number) => () => group.members[index % (group.members.length || 1)];
    group.cursors = this.partitions.map(
      (log) => new Cursor(this.spec.name, log, log.start, owner(log.index), this.busUp),
    );
    this.#groups.set(name, group);
    return group;
  }

  #partition(index: number): PartitionLog {
    const log = this.partitions[index];
    if (!log) throw topicProblem(this.spec.name, `no partition ${index} among ${this.partitions.length}`);
    return log;
  }
}

/** FNV-1a, 32 bit: spreads keys evenly; one key has one partition. */
function hash(key: string): number {
  return Buffer.from(key).reduce((state, byte) => Math.imul(state ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
}
