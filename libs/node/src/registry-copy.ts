import { type Database, type Migration } from '#database';
import { RegistryHolder } from '#registry';
import { type NoteVerifier } from '#tlog';

export const nodeMigrations: Migration[] = [
  {
    name: 'node-0001-registry',
    up: 'create table registry_copy (slot boolean primary key default true check (slot), note text not null);',
  },
];

/** A node's own copy of the signed registry, so that it starts and keeps refusing older ones without the province. */
export class RegistryCopy {
  constructor(private readonly database: Database) {}

  /**
   * Opens the newer of the note given and the one kept.
   * @throws Problem `registry-signature`, `registry-invalid`
   */
  async open(given: string, pinned: NoteVerifier): Promise<RegistryHolder> {
    const { rows } = await this.database.pool.query<{ note: string }>('select note from registry_copy');
    const candidates = [given, ...rows.map(({ note }) => note)].map((note) => ({
      note,
      holder: new RegistryHolder(note, pinned),
    }));
    candidates.sort((a, b) => b.holder.current.number - a.holder.current.number);
    const [newest] = candidates as [(typeof candidates)[number]];
    await this.keep(newest.note);
    return newest.holder;
  }

  /** Keeps the note that is in force. The caller has verified it. */
  async keep(note: string): Promise<void> {
    await this.database.pool.query(
      'insert into registry_copy (note) values ($1) on conflict (slot) do update set note = excluded.note',
      [note],
    );
  }
}
