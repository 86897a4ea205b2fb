// As its documentation says for a start of its own: in front of the app, with tracing on. The address is one where nobody answers.
const { createRequire } = require("node:module");
const Sentry = createRequire(process.env.INSTALL)("@sentry/node");
Sentry.init({ dsn: "http://key@127.0.0.1:9/1", tracesSampleRate: 1 });
