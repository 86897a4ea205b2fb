// The application. Everything it records carries the number of its request, by which the test knows whose it is.
const api = require("@opentelemetry/api");
const rr = require("otel-rerun");
const setup = require(process.env.SETUP ?? "./setup.cjs");

// from API 1.10 on logs are part of it, before they have a package of their own
const { logs } = api.logs === undefined ? require("@opentelemetry/api-logs") : api;

const wait = (n) =>
  new Promise((resolve) => {
    if (n % 3 === 0) setTimeout(resolve, n % 7);
    else if (n % 3 === 1) setImmediate(resolve);
    else process.nextTick(resolve);
  });

exports.serve = (express) => {
  const app = express();
  const tracer = api.trace.getTracer("shop");
  const logger = logs.getLogger("shop");
  const row = (where, n) => rr.log(where, new rr.Scalars(n));

  app.use((req, res, next) => {
    const n = Number(req.get("x-number"));
    req.on("end", () => row("listeners/end", n));
    res.on("finish", () => row("listeners/finish", n));
    res.on("close", () => row("listeners/close", n));
    next();
  });
  app.use(express.json());
  app.post("/orders/:n", async (req, res) => {
    const n = Number(req.params.n);
    await wait(n);
    await tracer.startActiveSpan(`work ${n}`, async (span) => {
      row("rows", req.body.n);
      await wait(n + 1);
      logger.emit({ body: `log ${n}`, severityNumber: 9 });
      tracer.startSpan(`inner ${n}`).end();
      span.end();
    });
    row("rows", n);
    res.json({ n });
  });
  app.get("/fail/:n", (req, _res, next) => {
    wait(Number(req.params.n)).then(() => next(new Error(`failed ${req.params.n}`)));
  });
  app.get("/slow/:n", (req, res) => {
    res.write("begun");
    wait(Number(req.params.n)).then(() => row("rows", Number(req.params.n)));
  });
  app.get("/end", (_req, res) => {
    res.end();
    server.close();
    server.closeAllConnections();
    setTimeout(setup.end, 100);
  });
  app.use((error, req, res, _next) => {
    const n = Number(req.get("x-number"));
    row("rows", n);
    logger.emit({ body: `log ${n}`, severityNumber: 17 });
    res.status(500).json({ error: error.message });
  });
  const server = app.listen(0, "127.0.0.1", () => console.log(JSON.stringify(server.address())));
};
