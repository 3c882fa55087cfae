export { DtoBodyPipe } from './dto-body.pipe.js';
export { startHttp, type HttpOptions, type RunningHttp } from './http-app.js';
export { OPERATIONS, operationsControllers, type Operations, type Readiness } from './operations.js';
export { ProblemFilter, sendProblem } from './problem.filter.js';
export { refuseParameters } from './refuse-parameters.js';
export { parseStrictJson } from './strict-json.js';
export { isUuid } from './uuid.js';
