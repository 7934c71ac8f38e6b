// For clients whose service has a fixed address: sends what they ask of a host to another place instead, in
// clear text. Imported before the clients, because some of them keep what they find in these modules.
import http from "node:http";
import https from "node:https";
import { syncBuiltinESMExports } from "node:module";

const places = new Map(); // by host

/** What is asked of `host` by HTTPS goes to `url` from now on. */
export function sendElsewhere(host, url) {
  places.set(host, new URL(url));
}

const requestOverTls = https.request;
https.request = (...given) => {
  const callback = given.find((one) => typeof one === "function");
  const [first, second] = given;
  const isAddress = typeof first === "string" || first instanceof URL;
  const address = isAddress ? new URL(first) : null;
  const options = { ...(isAddress ? (typeof second === "object" ? second : {}) : first) };
  const place = places.get(address?.hostname ?? options.hostname ?? options.host);
  if (!place) return requestOverTls(...given);
  if (address) options.path ??= address.pathname + address.search;
  for (const name of ["agent", "agents", "servername", "createConnection"]) delete options[name];
  return http.request({ ...options, protocol: "http:", host: place.hostname, hostname: place.hostname, port: place.port }, callback);
};
https.get = (...given) => {
  const asked = https.request(...given);
  asked.end();
  return asked;
};
syncBuiltinESMExports();

const fetched = globalThis.fetch;
globalThis.fetch = (asked, options) => {
  const address = new URL(asked instanceof Request ? asked.url : asked);
  const place = places.get(address.hostname);
  if (!place) return fetched(asked, options);
  const there = new URL(address.pathname + address.search, place);
  return fetched(asked instanceof Request ? new Request(there, asked) : there, options);
};
