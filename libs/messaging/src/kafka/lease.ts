import { randomUUID } from 'node:crypto';
import kafkajs, { type PartitionAssigner } from 'kafkajs';
import { Problem } from '#problem';

const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol;

interface Claim {
  token: string;
  holds: boolean;
}

/**
 * One reader for one partition: the consumer group `<agency>.lease.<topic>.<partition>`, whose assigner gives the
 * partition to one member and nothing to any other. Who holds it keeps it as long as it takes part in the group; a
 * newcomer that gets nothing is refused. A member killed without goodbye is out when the rebalance that the newcomer
 * causes times out.
 */
export class Lease {
  readonly #token = randomUUID();
  #holds = false;

  constructor(
    private readonly topic: string,
    private readonly partition: number,
  ) {}

  readonly assigner: PartitionAssigner = () => ({
    name: 'lease',
    version: 1,
    protocol: ({ topics }) => {
      const userData = Buffer.from(JSON.stringify({ token: this.#token, holds: this.#holds }));
      return { name: 'lease', metadata: MemberMetadata.encode({ version: 1, topics, userData }) };
    },
    assign: ({ members }) => {
      const claims = members.map(({ memberId, memberMetadata }) => ({
        memberId,
        ...claimOf(memberMetadata),
      }));
      const holder = this.#choose(claims);
      const shares = claims.map(({ memberId }) => ({
        memberId,
        memberAssignment: this.#share(memberId === holder),
      }));
      return Promise.resolve(shares);
    },
  });

  /** Called with what a join gave us. Error: `partition-taken`. */
  accept(partitions: readonly number[]): void {
    this.#holds = partitions.includes(this.partition);
    if (this.#holds) return;
    const detail = `partition ${this.partition} is read by another instance`;
    throw new Problem('partition-taken', { field: this.topic, detail });
  }

  /**
   * The group's leader decides. It keeps what it holds: one that lost touch and comes back still believing that it holds
   * the partition finds the one who got it as leader.
   */
  #choose(claims: readonly (Claim & { memberId: string })[]): string | undefined {
    const self = claims.find(({ token }) => token === this.#token);
    if (self?.holds) return self.memberId;
    return (claims.find(({ holds }) => holds) ?? self ?? claims[0])?.memberId;
  }

  #share(whole: boolean): Buffer {
    const assignment = whole ? { [this.topic]: [this.partition] } : {};
    return MemberAssignment.encode({ version: 1, assignment, userData: Buffer.alloc(0) });
  }
}

/** What another member says of itself; one that speaks otherwise is no holder. */
function claimOf(metadata: Buffer): Claim {
  try {
    const { token, holds } = JSON.parse(String(MemberMetadata.decode(metadata)?.userData)) as Partial<Claim>;
    return { token: String(token), holds: holds === true };
  } catch {
    return { token: '', holds: false };
  }
}
