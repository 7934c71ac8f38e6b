// google.rpc.Status and its details, with the names and numbers of google/rpc/status.proto and
// google/rpc/error_details.proto, for clients that are given them as bytes or as a ConnectError.
import { create, createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorSetSchema,
  file_google_protobuf_any,
  file_google_protobuf_duration,
} from "@bufbuild/protobuf/wkt";

function field(name, number, type, typeName, label = Label.OPTIONAL) {
  const jsonName = name.replace(/_(.)/, (_, letter) => letter.toUpperCase());
  return { name, jsonName, number, type, label, typeName };
}

const entry = {
  name: "MetadataEntry",
  field: [field("key", 1, Type.STRING), field("value", 2, Type.STRING)],
  options: { mapEntry: true },
};
const file = {
  name: "rpc_status.proto",
  package: "google.rpc",
  syntax: "proto3",
  dependency: ["google/protobuf/any.proto", "google/protobuf/duration.proto"],
  messageType: [
    {
      name: "Status",
      field: [
        field("code", 1, Type.INT32),
        field("message", 2, Type.STRING),
        field("details", 3, Type.MESSAGE, ".google.protobuf.Any", Label.REPEATED),
      ],
    },
    { name: "RetryInfo", field: [field("retry_delay", 1, Type.MESSAGE, ".google.protobuf.Duration")] },
    {
      name: "ErrorInfo",
      field: [
        field("reason", 1, Type.STRING),
        field("domain", 2, Type.STRING),
        field("metadata", 3, Type.MESSAGE, ".google.rpc.ErrorInfo.MetadataEntry", Label.REPEATED),
      ],
      nestedType: [entry],
    },
    { name: "LocalizedMessage", field: [field("locale", 1, Type.STRING), field("message", 2, Type.STRING)] },
  ],
};
const registry = createFileRegistry(
  create(FileDescriptorSetSchema, { file: [file_google_protobuf_any.proto, file_google_protobuf_duration.proto, file] }),
);

const type = (name) => registry.getMessage(`google.rpc.${name}`);

function details(find) {
  const delay = find("RetryInfo")?.retryDelay?.seconds;
  const { reason, domain } = find("ErrorInfo") ?? {};
  const { locale, message } = find("LocalizedMessage") ?? {};
  return { delay: delay === undefined ? undefined : Number(delay), reason, domain, locale, words: message };
}

// Of the bytes of grpc-status-details-bin.
export function parseStatus(bytes) {
  const status = fromBinary(type("Status"), bytes);
  const found = new Map(status.details.map(({ typeUrl, value }) => {
    const name = typeUrl.replace("type.googleapis.com/google.rpc.", "");
    return [name, fromBinary(type(name), value)];
  }));
  return { code: status.code, message: status.message, ...details((name) => found.get(name)) };
}

// Of a ConnectError, whichever protocol it came by.
export function detailsOf(error) {
  return details((name) => error.findDetails(type(name))[0]);
}
