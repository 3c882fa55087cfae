import pg from 'pg';
import { PROVIDER, servers } from './servers.js';
import { type Prop } from './stage.js';

/** A person as a question names one. */
export interface Person {
  idType: 'citizen-id';
  idNumber: string;
}

const MOST = 10_000;

/** Persons whom the provider knows, each once, and may tell the requester about: every question about one is answered `found`. */
export const people: Prop<Person[]> = {
  name: 'people',
  open: async (stage) => {
    const { databases } = await stage.use(servers);
    const client = new pg.Client({ connectionString: databases.sourceUrl(PROVIDER) });
    await client.connect();
    try {
      const { rows } = await client.query<{ number: string }>(
        `select p.aae135 as number from ac01 p left join ryda f on f.aac001 = p.aac001
          where p.aaa029 = '01' and length(p.aae135) = 18
          group by p.aae135
         having count(*) = 1 and bool_and(f.aab301 is null or f.aab301 like '9901%')
          order by md5(p.aae135) limit $1`,
        [MOST],
      );
      return rows.map(({ number }) => ({ idType: 'citizen-id', idNumber: number }));
    } finally {
      await client.end();
    }
  },
  close: () => Promise.resolve(),
};
