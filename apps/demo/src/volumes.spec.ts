import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { useProvince } from '../../../test/support/use-province.js';
import { countVolumes } from './volumes.js';

const province = useProvince();
let server: Server | undefined;
afterEach(() => void server?.close());

/** A monitor that has mirrored nothing. */
async function emptyMonitor(): Promise<string> {
  server = createServer((_request, response) => response.end(JSON.stringify({ logs: [], rows: [] })));
  await new Promise<void>((ready) => server!.listen(0, '127.0.0.1', ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('volumes are not told while the monitor lacks a part of a log: it says which, and how much it has', async () => {
  await expect(countVolumes({ ...province(), monitorUrl: await emptyMonitor() }, 200)).rejects.toThrow(
    /^监测尚未镜像完：.*hrss-990000\/gateway\/0 只有 0 条（共 [1-9]\d* 条）/,
  );
});

test('volumes are told once the monitor has mirrored every log', async () => {
  expect(await countVolumes(province())).toMatchObject({ volumes: [], reconciliation: { difference: 0 } });
});
