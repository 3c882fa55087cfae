import { setTimeout as sleep } from 'node:timers/promises';
import { type Trial, type Values } from '../figure.js';
import { generator, requireGood, secondGenerator } from '../stage/generators.js';
import { HUNG_PROVIDER } from '../stage/servers.js';
import { type Prop, type Stage } from '../stage/stage.js';
import { askHung, askOurs } from './asking.js';
import { ours } from './ours.js';

/** Of the questions at a time (192 and 64 of 256), so many are to the agency that hangs. */
const HUNG_SHARE = 0.25;
/** Until the questions to the hung agency have filled the gateway. */
const LEAD_MS = 500;

/** An agency whose adapter runs, and can be made to hang. */
const mayHang: Prop<{ pid: number }> = {
  name: 'the agency that will hang',
  open: async (stage) => {
    const own = await stage.use(ours);
    const { pid } = await own.start(HUNG_PROVIDER, 'adapter');
    await own.publish(HUNG_PROVIDER);
    return { pid };
  },
  close: () => Promise.resolve(),
};

export const nobodyHangs: Trial = {
  name: 'ours, no agency hangs',
  run: async (stage, seconds) => {
    await stage.use(mayHang);
    return askHealthy(nobodyHangs.name, stage, seconds);
  },
};

/** The other agency's adapter is stopped (SIGSTOP): its questions lie in Kafka until their deadline, one caller after the other waits for it. */
export const oneHangs: Trial = {
  name: 'ours, one agency hangs',
  run: async (stage, seconds) => {
    const { pid } = await stage.use(mayHang);
    const { closed } = await stage.use(secondGenerator);
    const asking = await askHung(stage);
    process.kill(pid, 'SIGSTOP');
    try {
      const waiting = closed({ asking, inFlight: hungOf(stage), seconds: seconds + LEAD_MS / 1000 });
      await sleep(LEAD_MS);
      const values = await askHealthy(oneHangs.name, stage, seconds);
      const { answered } = await waiting;
      if (answered > 0) throw new Error('the agency that hangs has answered');
      return values;
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  },
};

async function askHealthy(name: string, stage: Stage, seconds: number): Promise<Values> {
  const asking = await askOurs(stage);
  const { closed } = await stage.use(generator);
  const result = await closed({ asking, inFlight: stage.options.inFlight - hungOf(stage), seconds });
  requireGood(name, result);
  return { perSecond: result.answered / result.seconds };
}

function hungOf({ options }: Stage): number {
  return Math.floor(options.inFlight * HUNG_SHARE);
}
