import { afterAll, beforeAll, describe } from '@jest/globals';
import { answerCases } from './adapter-answers.js';
import { batchCases } from './adapter-batches.js';
import { faultCases } from './adapter-faults.js';
import { AdapterRoom, type AdapterHarness } from './adapter-room.js';

export { type AdapterHarness } from './adapter-room.js';

/**
 * What every adapter's handlers have to do, whatever system of an agency is behind them: they run on a real source,
 * loaded with people. A new agency's adapter is connected when this is green.
 */
export function adapterConformance(name: string, makeHarness: () => Promise<AdapterHarness>): void {
  describe(`adapter of ${name}`, () => {
    let room: AdapterRoom;
    beforeAll(async () => {
      room = await AdapterRoom.open(await makeHarness());
    });
    afterAll(() => room.close());

    for (const define of [answerCases, batchCases, faultCases]) define(() => room);
  });
}
