// The shop: an ordinary Express 5 app (ESM). No tracing code: `node --import otel-rerun/register` does it all.
import { setTimeout as sleep } from "node:timers/promises";
import express from "express";

const inventory = process.env.INVENTORY_URL ?? "http://127.0.0.1:4001";
const products = Array.from({ length: 40 }, (_, i) => ({
  id: i + 1,
  name: `product ${i + 1}`,
  price: 5 + ((i * 37) % 95),
}));

const app = express();
app.use(express.json());

app.get("/products", (_req, res) => {
  res.json(products.map(({ id, name }) => ({ id, name })));
});

app.param("id", (req, res, next, id) => {
  req.product = products.find((product) => product.id === Number(id));
  if (req.product) return next();
  res.status(404).json({ error: `no product ${id}` });
});

app.get("/products/:id", async (req, res) => {
  const stock = await fetch(`${inventory}/stock/${req.product.id}`).then((response) => response.json());
  res.json({ ...req.product, available: stock.available });
});

const orders = express.Router();
orders.use(function validate(req, res, next) {
  if (Number.isInteger(req.body?.product) && req.body.quantity > 0) return next();
  console.warn("order refused: product and quantity are needed, got %j", req.body);
  res.status(400).json({ error: "product and quantity are needed" });
});
orders.post("/", async (req, res) => {
  const { product, quantity } = req.body;
  const response = await fetch(`${inventory}/reservations`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ product, quantity }),
  });
  if (response.status === 409) {
    console.warn(`product ${product} is sold out`);
    return res.status(409).json(await response.json());
  }
  const { reservation } = await response.json();
  console.info(`order accepted: ${quantity} of product ${product}, reservation ${reservation}`);
  res.status(201).json({ reservation });
});
app.use("/orders", orders);

app.get("/reports/sales", async (_req, res) => {
  await sleep(120 + Math.random() * 180); // the slow route
  const stock = await fetch(`${inventory}/stock`).then((response) => response.json());
  res.json({ products: products.length, inStock: stock.length });
});

app.get("/recommendations", () => {
  throw new Error("the recommendation model is not loaded"); // the route that throws
});

app.use((error, _req, res, _next) => {
  res.status(500).json({ error: error.message });
});

const server = app.listen(Number(process.env.PORT ?? 4000), "127.0.0.1", () => {
  process.send?.({ port: server.address().port });
  console.log(`shop on http://127.0.0.1:${server.address().port}`);
});
process.on("SIGTERM", () => server.close(() => process.exit(0)));
process.on("disconnect", () => process.exit(0));
