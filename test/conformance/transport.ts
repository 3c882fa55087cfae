import { afterAll, afterEach, beforeAll, beforeEach, describe } from '@jest/globals';
import { closingCases } from './transport-closing.js';
import { deadlineCases } from './transport-deadlines.js';
import { deliveryCases } from './transport-delivery.js';
import { eventCases } from './transport-events.js';
import { faultCases } from './transport-faults.js';
import { lateCases } from './transport-late.js';
import { loadCases } from './transport-load.js';
import { poisonCases } from './transport-poison.js';
import { refusalCases } from './transport-refusals.js';
import { Room, type TransportHarness } from './transport-room.js';

/**
 * What every transport under `libs/messaging` has to do, whatever broker is behind it. Each defect of Nest's stock Kafka
 * transport (stack.md §1a) is a case that ours passes.
 */
export function transportConformance(name: string, makeHarness: () => Promise<TransportHarness>): void {
  describe(`transport on ${name}`, () => {
    let harness: TransportHarness;
    let room: Room;
    beforeAll(async () => {
      harness = await makeHarness();
    });
    beforeEach(async () => {
      room = await Room.open(harness);
    });
    afterEach(() => room.close());
    afterAll(() => harness.close());

    const cases = [
      deliveryCases,
      deadlineCases,
      lateCases,
      loadCases,
      faultCases,
      poisonCases,
      refusalCases,
      closingCases,
      eventCases,
    ];
    for (const define of cases) define(() => room);
  });
}
