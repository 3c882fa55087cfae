import { type Pool } from 'pg';

/** Whether the database answers now; for readiness, never for a decision. */
export function answers(pool: Pool): Promise<boolean> {
  return pool.query('select 1').then(
    () => true,
    () => false,
  );
}
