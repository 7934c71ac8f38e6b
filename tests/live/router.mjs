// A router whose service is down for the first requests and then back: those go to the gateway,
// all others to `service`.
//
//   const route = await router({ held: 1, service: (request, response) => response.end("back") });
//   await fetch(route.url);
//   route.gaps()     // milliseconds between the requests
//   route.close();
import http from "node:http";

const { GATEWAY_URL } = process.env;

function forward(request, response) {
  const { hostname, port } = new URL(GATEWAY_URL);
  const { method, url: path, headers } = request;
  const onward = http.request({ hostname, port, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.statusMessage, answer.rawHeaders);
    answer.pipe(response);
  });
  request.pipe(onward);
}

export async function router({ held, service }) {
  const times = [];
  const server = http.createServer((request, response) => {
    times.push(performance.now());
    if (times.length <= held) forward(request, response);
    else service(request, response);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    gaps: () => times.slice(1).map((time, i) => time - times[i]),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
