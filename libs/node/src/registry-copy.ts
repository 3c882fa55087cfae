import { type Database } from '#database';
import { RegistryHolder } from '#registry';
import { type NoteVerifier } from '#tlog';

/** A node's own copy of the signed registry, so that it starts and keeps refusing older ones without the province. */
export class RegistryCopy {
  constructor(private readonly database: Pick<Database, 'pool'>) {}

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
    await this.keep(newest.note, newest.holder.current.number);
    return newest.holder;
  }

  /** Keeps the note that is in force, unless a newer one is kept already. The caller has verified it and its number. */
  async keep(note: string, number: number): Promise<void> {
    await this.database.pool.query(
      `insert into registry_copy (number, note) values ($1, $2)
       on conflict (slot) do update set number = excluded.number, note = excluded.note
       where registry_copy.number < excluded.number`,
      [number, note],
    );
  }
}
