// Sends a request with the secret of the environment in every place a secret travels in.
const http = require("node:http");
const express = require("express");
const secret = process.env.SECRET;

const app = express();
app.use(express.json());
app.post("/login", (req, res) => {
  console.log(`login with password=${req.body.password}`);
  console.warn("authorization: Bearer %s", secret);
  console.info({ user: "ada", apiKey: secret, nested: { token: secret } });
  console.error(new Error(`cannot log in with token=${secret}`));
  res.json({ ok: true });
});
app.get("/fail", () => {
  throw new Error(`refused: api_key=${secret}`);
});
const server = app.listen(0, "127.0.0.1", () => {
  const { port } = server.address();
  const headers = {
    authorization: `Bearer ${secret}`,
    cookie: `session=${secret}`,
    "x-api-key": secret,
    "content-type": "application/json",
  };
  const req = http.request(
    { host: "127.0.0.1", port, method: "POST", path: `/login?token=${secret}&user=ada`, headers, agent: false },
    (res) => {
      res.resume();
      res.on("end", () =>
        http.get({ host: "127.0.0.1", port, path: `/fail?access_token=${secret}`, agent: false }, (res) =>
          res.resume().on("end", () => server.close()),
        ),
      );
    },
  );
  req.end(JSON.stringify({ password: secret }));
});
