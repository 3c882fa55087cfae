export { DtoBodyPipe } from './dto-body.pipe.js';
export { startHttp, type HttpOptions, type RunningHttp } from './http-app.js';
export { METRICS, MetricsController, type MetricsAccess } from './metrics.controller.js';
export { ProblemFilter, sendProblem } from './problem.filter.js';
export { parseStrictJson } from './strict-json.js';
