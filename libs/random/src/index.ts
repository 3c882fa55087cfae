export { unpredictable } from './unpredictable.js';
