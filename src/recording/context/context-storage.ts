/** What carries a scope through the flow of control; a bundle for pages has another one (`context-storage.browser.ts`). */
export { AsyncLocalStorage as ContextStorage } from "node:async_hooks";
