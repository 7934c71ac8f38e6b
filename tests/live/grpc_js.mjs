// One gRPC call with @grpc/grpc-js to the address in its argument; prints what its caller is given. With a second
// argument over TLS, trusting the authority in that file.
import { readFileSync } from "node:fs";

import grpc from "@grpc/grpc-js";

import { versionOf } from "./museum.mjs";
import { parseStatus } from "./rpc_status.mjs";

const [address, authority] = process.argv.slice(2);
const credentials = authority ? grpc.credentials.createSsl(readFileSync(authority)) : grpc.credentials.createInsecure();
const client = new grpc.Client(address, credentials);
const raw = (bytes) => bytes;
client.makeUnaryRequest("/orders.Orders/Get", raw, raw, Buffer.alloc(0), (error) => {
  const { code, details, metadata } = error;
  const pushback = metadata.get("grpc-retry-pushback-ms");
  const [status] = metadata.get("grpc-status-details-bin");
  console.log(JSON.stringify({ version: versionOf("@grpc/grpc-js"), code: grpc.status[code], details, pushback, status: parseStatus(status) }));
  client.close();
});
