// The inventory: an ordinary Express 5 app (CommonJS). No tracing code here either.
const express = require("express");

const stock = new Map(Array.from({ length: 40 }, (_, i) => [i + 1, 20 + ((i * 53) % 200)]));
let reservations = 0;

const app = express();
app.use(express.json());

app.use(function warehouseLatency(_req, _res, next) {
  setTimeout(next, 1 + Math.random() * 6);
});

app.get("/stock", (_req, res) => {
  res.json([...stock].filter(([, left]) => left > 0).map(([product, left]) => ({ product, available: left })));
});

app.get("/stock/:product", (req, res) => {
  const available = stock.get(Number(req.params.product));
  if (available === undefined) return res.status(404).json({ error: "unknown product" });
  res.json({ product: Number(req.params.product), available });
});

app.post("/reservations", (req, res) => {
  const { product, quantity } = req.body;
  const left = stock.get(product) ?? 0;
  if (left < quantity) {
    console.warn(`cannot reserve ${quantity} of product ${product}: ${left} left`);
    return res.status(409).json({ error: "out of stock", available: left });
  }
  stock.set(product, left - quantity);
  if (left - quantity < 5) console.log(`product ${product} runs low: ${left - quantity} left`);
  res.status(201).json({ reservation: ++reservations });
});

const server = app.listen(Number(process.env.PORT ?? 4001), "127.0.0.1", () => {
  process.send?.({ port: server.address().port });
  console.log(`inventory on http://127.0.0.1:${server.address().port}`);
});
process.on("SIGTERM", () => server.close(() => process.exit(0)));
process.on("disconnect", () => process.exit(0));
