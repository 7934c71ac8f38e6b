// One gRPC call with @grpc/grpc-js to the address in its argument; prints what its caller is given.
import grpc from "@grpc/grpc-js";

import { versionOf } from "./museum.mjs";

const client = new grpc.Client(process.argv[2], grpc.credentials.createInsecure());
const raw = (bytes) => bytes;
client.makeUnaryRequest("/orders.Orders/Get", raw, raw, Buffer.alloc(0), (error) => {
  const { code, details, metadata } = error;
  const pushback = metadata.get("grpc-retry-pushback-ms");
  console.log(JSON.stringify({ version: versionOf("@grpc/grpc-js"), code: grpc.status[code], details, pushback }));
  client.close();
});
