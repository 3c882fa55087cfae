import { createHmac } from 'node:crypto';
import { type Database } from '#database';
import { Problem } from '#problem';
import { SECRET_USES, type KeyStore, type SecretUse } from '#registry';

/**
 * Makes the secrets of a node whose database has never known any, and lets no other node start with a secret that is missing
 * or not the one its database was written with: nobody would be found in its log any more, and pseudonyms would change.
 * @throws Problem `key-store` naming the secret
 */
export async function checkSecrets({ pool }: Pick<Database, 'pool'>, keys: KeyStore): Promise<void> {
  for (const use of SECRET_USES) {
    const create = (await known(pool, use)) === undefined;
    const value = checkValue(use, keys.secret(use, { create }));
    await pool.query('insert into secret_check (use, value) values ($1, $2) on conflict do nothing', [
      ...[use, value],
    ]);
    // Read again: another process of the node may have been first, with a key store of its own.
    if (!(await known(pool, use))?.equals(value))
      throw new Problem('key-store', { detail: `the secret ${use} is not the one of this database` });
  }
}

async function known(pool: Database['pool'], use: SecretUse): Promise<Buffer | undefined> {
  const { rows } = await pool.query<{ value: Buffer }>('select value from secret_check where use = $1', [
    use,
  ]);
  return rows[0]?.value;
}

function checkValue(use: SecretUse, secret: Buffer): Buffer {
  return createHmac('sha256', secret).update(`secret-check/v1\0${use}`).digest();
}
