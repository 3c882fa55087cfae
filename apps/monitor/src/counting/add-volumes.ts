import { type Queryable } from '../mirror/log-row.js';
import { type Volume } from './volumes.js';

/** Adds volumes to what is counted, in the order of their keys: two processes that add the same ones wait in one direction. */
export async function addVolumes(client: Queryable, volumes: readonly Volume[]): Promise<void> {
  if (volumes.length === 0) return;
  await client.query({
    name: 'volumes-add',
    text: `insert into volume as v (unit, at, requester, provider, query, region, outcome, reason,
        exchanges, subjects, disclosures, rows, held_back, replays, replayed_subjects)
      select * from unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
        $8::text[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[])
      on conflict (unit, at, requester, provider, query, region, outcome, reason) do update set
        exchanges = v.exchanges + excluded.exchanges, subjects = v.subjects + excluded.subjects,
        disclosures = v.disclosures + excluded.disclosures, rows = v.rows + excluded.rows,
        held_back = v.held_back + excluded.held_back, replays = v.replays + excluded.replays,
        replayed_subjects = v.replayed_subjects + excluded.replayed_subjects`,
    values: COLUMNS.map((name) => volumes.map((volume) => volume[name])),
  });
}

const COLUMNS = [
  'unit',
  'at',
  'requester',
  'provider',
  'query',
  'region',
  'outcome',
  'reason',
  'exchanges',
  'subjects',
  'disclosures',
  'rows',
  'heldBack',
  'replays',
  'replayedSubjects',
] as const satisfies readonly (keyof Volume)[];
