import { describe, expect, test } from '@jest/globals';
import { call, question, type Answer, type Asking } from '../support/http.js';
import { useProvince } from '../support/use-province.js';
import { codesNoted } from '../support/wire.js';

const province = useProvince();
const [housing, hrss] = ['housing-990100', 'hrss-990000'];
const path = '/v1/queries/HR-SI-01';
const ID = '990101198503120010';
const node = () => province().gateways.get(housing)!.node;

/** What came back, which codes were noted more often, and whom the newest event names. */
async function refusal(
  asking: Partial<Asking>,
): Promise<{ answer: Answer; noted: string[]; claimed: unknown }> {
  let answer: Answer | undefined;
  const noted = await codesNoted(node(), async () => {
    answer = await call(province(), { agency: housing, at: housing, path, body: question(), ...asking });
  });
  const [event] = await node().security.newest(1);
  return { answer: answer!, noted, claimed: event?.claimed };
}

describe('a request that was refused is noted with whom it names', () => {
  test.each<[string, Partial<Asking>, number, string, string]>([
    ['signed by another agency, which is proved', { agency: hrss }, 4037, 'not-entitled', hrss],
    ['signed long ago', { now: Date.now() - 120_000 }, 4011, 'clock-skew', housing],
    ['changed on its way', { sentBody: '{}' }, 4013, 'digest-mismatch', housing],
    ['sent elsewhere', { agency: hrss, headers: { 'content-type': 'application/json;charset=utf-8' } }, 4010, 'signature-invalid', hrss], // prettier-ignore
  ])('%s', async (_what, asking, code, name, whom) => {
    const { answer, noted, claimed } = await refusal(asking);
    expect([answer.body['code'], noted, claimed]).toEqual([code, [name], whom]);
  });
});

describe('nothing that a sender wrote is told back', () => {
  test.each<[string, Partial<Asking>, number, object]>([
    ['a member of the body', { body: question({ [`李四${ID}`]: 1 }) }, 422, { code: 4003, field: '/', detail: 'unknown member' }], // prettier-ignore
    ['a name as a member', { body: question({ zhangsan: 1 }) }, 422, { code: 4003, field: '/', detail: 'unknown member' }], // prettier-ignore
    ['a member that is nearly known', { body: question({ operatorID: ID }) }, 422, { detail: 'unknown member, operatorId may be meant' }], // prettier-ignore
    ['a member of a bundle’s wrapping', { path: '/v1/admin/bundles', body: { [ID]: 1 } }, 422, { field: '/', detail: 'unknown member' }], // prettier-ignore
    ['a parameter of a question', { path: `${path}?zhangsan=${ID}` }, 422, { code: 4003, field: '(unknown)', instance: path }], // prettier-ignore
    ['a parameter of a bundle', { path: `/v1/admin/bundles?${ID}`, body: { note: 'x' } }, 422, { field: '(unknown)' }], // prettier-ignore
  ])('%s', async (_what, asking, status, body) => {
    const answer = await call(province(), { agency: housing, path, body: question(), ...asking });
    expect([answer.status, answer.body]).toEqual([status, expect.objectContaining(body)]);
    expect(JSON.stringify(answer.body)).not.toMatch(/zhangsan|李四|9901011985|operatorID/);
  });

  test.each<[string, number, string | undefined]>([
    [`/v1/exchanges/${ID}%zz`, 400, undefined],
    ['/v1/exchanges/E12345678', 404, '/v1/exchanges/:id'],
    ['/v1/exchanges/990101-19850312-0010', 404, '/v1/exchanges/:id'],
    ['/v1/zhangsan', 404, undefined],
    [`/v1/quotas?${ID}=1`, 422, '/v1/quotas'],
    [`/v1/admin/bundle?${ID}=1`, 422, '/v1/admin/bundle'],
  ])('the path %s', async (asked, status, instance) => {
    const answer = await call(province(), { agency: housing, path: asked });
    expect([answer.status, answer.body['instance']]).toEqual([status, instance]);
    expect(JSON.stringify(answer.body)).not.toMatch(/9901011985|990101-|E12345678|zhangsan/);
  });
});
