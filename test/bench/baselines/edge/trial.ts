import { oursEdge, edgeTrial, type Edge } from '../../ours/edge-trial.js';
import { startWorker } from '../../stage/start-worker.js';
import { type Prop } from '../../stage/stage.js';
import { publicKeyOf } from '../http-signature.js';

const bareEdge: Prop<Edge> = {
  name: 'bare Fastify with schema and one verification',
  open: async (stage) => {
    const { sign } = await stage.use(oursEdge);
    const settings = { clientKey: publicKeyOf(sign), query: 'HR-AR-01' };
    return { worker: await startWorker('baselines/edge/server', settings), sign };
  },
  close: ({ worker }) => worker.stop(),
};

export const edgeBaseline = edgeTrial('bare Fastify, schema, one verification', bareEdge);
