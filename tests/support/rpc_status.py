"""google.rpc.Status as Python clients of gRPC read it from grpc-status-details-bin.

Debian has neither grpcio-status nor the generated classes of google.rpc, so the messages are described here, with the
names and numbers of google/rpc/status.proto and google/rpc/error_details.proto; protobuf decodes them."""

import dataclasses

from google.protobuf import any_pb2, descriptor_pb2, descriptor_pool, duration_pb2, message_factory

Field = descriptor_pb2.FieldDescriptorProto

POOL = descriptor_pool.Default()
MESSAGES = {
    "Status": (("code", 1, Field.TYPE_INT32, None), ("message", 2, Field.TYPE_STRING, None),
               ("details", 3, Field.TYPE_MESSAGE, ".google.protobuf.Any")),
    "RetryInfo": (("retry_delay", 1, Field.TYPE_MESSAGE, ".google.protobuf.Duration"),),
    "ErrorInfo": (("reason", 1, Field.TYPE_STRING, None), ("domain", 2, Field.TYPE_STRING, None),
                  ("metadata", 3, Field.TYPE_MESSAGE, ".google.rpc.ErrorInfo.MetadataEntry")),
    "LocalizedMessage": (("locale", 1, Field.TYPE_STRING, None), ("message", 2, Field.TYPE_STRING, None)),
}


def describe():
    file = descriptor_pb2.FileDescriptorProto(name="rpc_status.proto", package="google.rpc", syntax="proto3")
    file.dependency.extend((any_pb2.DESCRIPTOR.name, duration_pb2.DESCRIPTOR.name))
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, number, kind, of in fields:
            label = Field.LABEL_REPEATED if field in ("details", "metadata") else Field.LABEL_OPTIONAL
            message.field.add(name=field, number=number, type=kind, type_name=of, label=label)
        if name == "ErrorInfo":
            entry = message.nested_type.add(name="MetadataEntry")
            entry.options.map_entry = True
            for number, field in enumerate(("key", "value"), 1):
                entry.field.add(name=field, number=number, type=Field.TYPE_STRING, label=Field.LABEL_OPTIONAL)
    POOL.Add(file)
    return {name: message_factory.MessageFactory(POOL).GetPrototype(
        POOL.FindMessageTypeByName(f"google.rpc.{name}")) for name in MESSAGES}


CLASSES = describe()


@dataclasses.dataclass
class Details:
    delay: float
    reason: str
    domain: str
    facts: dict
    locale: str = ""
    words: str = ""


def parse(status):
    """The code and message of a Status in protobuf, and its details."""
    read = CLASSES["Status"].FromString(status)
    found = {}
    for detail in read.details:
        name = detail.type_url.removeprefix("type.googleapis.com/google.rpc.")
        found[name] = CLASSES[name]()
        if not detail.Unpack(found[name]):
            raise ValueError(detail.type_url)
    info, said = found["ErrorInfo"], found.get("LocalizedMessage")
    details = Details(found["RetryInfo"].retry_delay.ToTimedelta().total_seconds(), info.reason, info.domain,
                      dict(info.metadata))
    if said is not None:
        details.locale, details.words = said.locale, said.message
    return read.code, read.message, details


def details_of(error):
    """As grpc_status.rpc_status.from_call(): a Status that is not about this error is an error itself."""
    values = [value for name, value in error.trailing_metadata() if name == "grpc-status-details-bin"]
    if len(values) != 1:
        raise ValueError(f"{len(values)} times grpc-status-details-bin")
    code, message, details = parse(values[0])
    if (code, message) != (error.code().value[0], error.details()):
        raise ValueError(f"a status of {code}: {message}")
    return details
