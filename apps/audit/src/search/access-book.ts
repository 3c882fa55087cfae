import { type Pool } from 'pg';

/** One search, as it is remembered: by whom and when, the person as a commitment only. */
export interface Access {
  at: number;
  agency: string;
  keyId: string;
  commitment: Buffer;
  found: number;
}

/**
 * Remembers who searched: the newest `keep` searches, the oldest dropped. A table and no `admin` entry, on purpose: a log has
 * one writer, in the gateway's or adapter's process, and this one appends nothing, so that who may read evidence can write none;
 * and a leaf for each search would tell the monitor, and everybody who sees the log grow, how often persons are looked for.
 */
export class AccessBook {
  constructor(
    private readonly pool: Pick<Pool, 'query'>,
    private readonly keep: number,
  ) {}

  /** Durable when it resolves; nothing is told before that. */
  async record({ at, agency, keyId, commitment, found }: Access): Promise<void> {
    await this.pool.query(
      `with noted as (
        insert into audit_access (at, agency, key_id, commitment, found) values ($1, $2, $3, $4, $5) returning id
      )
      delete from audit_access where id <= (select id from noted) - $6::bigint`,
      [new Date(at), agency, keyId, commitment, found, this.keep],
    );
  }
}
