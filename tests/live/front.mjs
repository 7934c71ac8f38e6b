// One origin, first the gateway, then the service: what a router makes of the two.
import { createServer } from "node:http";

const { GATEWAY_URL } = process.env;

/** Until `front.open` the gateway answers; `front.heard` lists the requests as METHOD PATH. */
export async function withFront(use) {
  const front = { open: false, heard: [] };
  const server = createServer(async (request, response) => {
    if (request.url === "/favicon.ico") return response.writeHead(204).end();
    front.heard.push(`${request.method} ${request.url}`);
    if (request.url === "/form") {
      return response.writeHead(200, { "Content-Type": "text/html" })
        .end("<title>form</title><form method=post action=/order><input name=item><button>Send</button></form>");
    }
    if (front.open) return response.writeHead(200, { "Content-Type": "text/html" }).end("<h1>Welcome back</h1>");
    const { connection: _, "content-length": __, "transfer-encoding": ___, ...headers } = request.headers;
    const answer = await fetch(GATEWAY_URL + request.url, {
      method: request.method, headers: { ...headers, "x-request-id": "7f3a-42" }, body: request.method === "POST" ? "item=7" : undefined,
    });
    const { "content-encoding": ____, "content-length": _____, ...kept } = Object.fromEntries(answer.headers);
    response.writeHead(answer.status, { ...kept, "Retry-After": "60", "Server-Timing": `wait;dur=60, ${kept["server-timing"]}` })
      .end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  try {
    await use(`http://127.0.0.1:${server.address().port}`, front);
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}
