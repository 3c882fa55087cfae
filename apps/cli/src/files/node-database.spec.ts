import { expect, test } from '@jest/globals';
import { openDatabase } from '#database';
import { checkLog, evidenceMigrations } from '#evidence';
import { useDatabaseUrl } from '#testing';
import { inDatabase } from './node-database.js';

const url = useDatabaseUrl();

test('a database restored from before an upgrade is named as such', async () => {
  const migrations = evidenceMigrations.filter(({ name }) => name < 'evidence-009');
  const { pool, close } = await openDatabase({ url: url(), name: 'spec', migrations });
  await pool.query("insert into log_checkpoint (origin, size, root, note) values ('a/adapter/0', 1, '', '')");
  await close();
  const checked = inDatabase(url(), (database) => checkLog(database, 'a/adapter/0', []));
  await expect(checked).rejects.toMatchObject({
    problem: 'input-unreadable',
    field: '--database',
    detail: expect.stringContaining('of an earlier version') as unknown,
  });
});
