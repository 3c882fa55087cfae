import { execFile } from 'node:child_process';
import { chownSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { harmed } from '../support/history.js';
import { Load } from '../support/load.js';
import { eventually, expectSettled, inDatabase, PROVIDER, type Scene } from './scene.js';

const run = promisify(execFile);
/** Codes that say that a node could not do its part; none of them is an answer, and nothing left. */
const CODED = [
  'log-unavailable',
  'database-unavailable',
  'provider-timeout',
  'source-unavailable',
  'source-timeout',
];
const DISK_MIB = 24;

/** The nodes' PostgreSQL ends, or has no room for the log. */
export function describeDatabases({ province }: Scene): void {
  test('PostgreSQL stopped immediately and back: coded refusals meanwhile, then answers by themselves', async () => {
    const load = new Load(province(), { askers: { social: 4, fund: 2 }, deadlineMs: 20_000 });
    await load.answers(8);
    await province().restartPostgres(() => sleep(3_000));
    await load.answers(8, 'social');
    await load.answers(8, 'fund');
    const history = await load.stop();
    const { endings } = await expectSettled(province(), history);
    expect(Object.keys(endings).filter((ending) => !['answered', ...CODED].includes(ending))).toEqual([]);
  });

  describe('a provider whose log has no space left on its disk', () => {
    test('discloses nothing and says so with its code, and answers again once there is space', async () => {
      const disk = join(province().dir, 'small-disk');
      await mountDisk(disk, statSync(join(province().dir, 'postgres')).uid);
      try {
        await moveTo(disk);
        const load = new Load(province(), { askers: { social: 4, fund: 2 }, deadlineMs: 5_000 });
        await load.answers(8);
        const from = Date.now();
        fill(join(disk, 'filler'));
        await eventually(async () => {
          const refused = load.history.filter(({ ending }) => ending === 'log-unavailable');
          return Promise.resolve(refused.length >= 12 || undefined);
        });
        rmSync(join(disk, 'filler'));
        await load.answers(8, 'social');
        const history = await load.stop();
        const { endings } = await expectSettled(province(), history);
        expect(Object.keys(endings).sort()).toEqual(['answered', 'log-unavailable']);
        expect(harmed(history, { except: [PROVIDER], from })).toEqual([]);
      } finally {
        await moveBack();
        await run('umount', ['--lazy', disk]); // PostgreSQL closes its files when it comes to it
      }
    });
  });

  /** The real thing: the provider's tables on a file system of their own, as big as it is. WAL stays where it is. */
  async function moveTo(disk: string): Promise<void> {
    const space = join(disk, 'space');
    const { uid, gid } = statSync(join(province().dir, 'postgres'));
    mkdirSync(space);
    chownSync(space, uid, gid);
    await inDatabase(province(), PROVIDER, `create tablespace small location '${space}'`);
    await inDatabase(province(), PROVIDER, 'alter table all in tablespace pg_default set tablespace small');
    await inDatabase(province(), PROVIDER, 'alter index all in tablespace pg_default set tablespace small');
  }

  async function moveBack(): Promise<void> {
    await inDatabase(province(), PROVIDER, 'alter table all in tablespace small set tablespace pg_default');
    await inDatabase(province(), PROVIDER, 'alter index all in tablespace small set tablespace pg_default');
    await inDatabase(province(), PROVIDER, 'checkpoint');
    await inDatabase(province(), PROVIDER, 'drop tablespace small');
  }
}

async function mountDisk(disk: string, uid: number): Promise<void> {
  mkdirSync(disk);
  await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m,mode=700,uid=${uid}`, 'tmpfs', disk]);
}

/** Writes until there is no room, as a neighbour's dump does. */
function fill(file: string): void {
  const piece = Buffer.alloc(4_096);
  for (;;) {
    try {
      writeFileSync(file, piece, { flag: 'a' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return;
      throw error;
    }
  }
}
